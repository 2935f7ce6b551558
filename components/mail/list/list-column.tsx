'use client';

import { useTranslations } from 'next-intl';
import { useCallback, useMemo } from 'react';
import { parseSearch, wordsToMark } from '#lib/webmail/reading/search-query.ts';
import type { ConversationRow, ListFilter, MailFolder } from '#lib/webmail/reading/conversation-list.ts';
import { Button } from '../../ui/button.tsx';
import { useCount } from '../dates.ts';
import { FailureNote } from '../failure-note.tsx';
import { FilterBar, ListHead, SelectionBar } from './list-pane.tsx';
import type { ListState } from './list-state.ts';
import type { ListStore } from './list-store.ts';
import { MessageList } from './message-list.tsx';
import { rowKey } from './row-key.ts';
import { SearchHead } from './search-head.tsx';
import type { useSearch } from './use-search.ts';
import { useLetterDrag } from './use-letter-drag.ts';
import type { Selection } from './use-selection.ts';

interface Props {
  title: string;
  folder: MailFolder | undefined;
  store: ListStore;
  state: ListState;
  search: ReturnType<typeof useSearch> | null;
  query: string | null;
  rows: readonly (ConversationRow | undefined)[];
  filter: ListFilter;
  onFilter: (filter: ListFilter) => void;
  selection: Selection;
  openRow: ConversationRow | null;
  hrefFor: (row: ConversationRow) => string;
}

/** The middle column: head, filters or what is selected, and the list; or what a search finds. */
export function ListColumn(props: Props) {
  const { title, folder, store, state, search, query, rows, filter, onFilter, selection, openRow, hrefFor } = props;
  const text = useTranslations('mail');
  const number = useCount();
  const onView = useCallback((first: number, last: number) => (search ? undefined : store.ensure(first, last)), [store, search]);
  const searching = search !== null;
  const ticked = selection.rows.length;
  const onScrolledAway = useCallback(
    (away: boolean) => {
      if (!searching) store.away = away;
    },
    [store, searching],
  );
  const showWaiting = useCallback(() => store.showWaiting(), [store]);
  const drag = useLetterDrag(selection);
  const marks = useMemo(() => (query ? wordsToMark(parseSearch(query)) : noMarks), [query]);
  const failure = search ? search.state.failure : state.loaded ? null : state.failure;
  const searchDone = search !== null && search.state.current === '' && search.state.done > 0;
  const count =
    folder?.specialUse === 'sent'
      ? ''
      : folder?.specialUse === 'drafts'
        ? text('list.drafts', { count: folder.total })
        : text('list.unread', { count: folder?.unread ?? state.unread });
  return (
    <section className="list" aria-label={search ? text('search.results') : text('list.label')} id="liste" tabIndex={-1}>
      {search ? (
        <SearchHead state={search.state} onStop={search.stop} />
      ) : (
        <ListHead title={title} note={state.loaded ? count : ''}>
          {selection.rows.length > 0 ? (
            <SelectionBar selection={selection} complete={selection.rows.length === rows.length} />
          ) : (
            <FilterBar filter={filter} onFilter={onFilter} folder={folder} />
          )}
        </ListHead>
      )}
      {search && selection.rows.length > 0 ? <SelectionBar selection={selection} complete={selection.rows.length === rows.length} /> : null}
      {failure ? (
        <FailureNote folder={!search} failure={failure} onRetry={() => (search ? search.again() : void store.refresh(false))} />
      ) : (
        <MessageList
          key={search ? `search ${query}` : `${store.folder} ${store.filter}`}
          source={
            search ? { rows, loaded: rows.length > 0 || searchDone, waiting: 0 } : { rows, loaded: state.loaded, waiting: state.waiting }
          }
          label={search ? text('search.results') : text('list.label')}
          hereKey={openRow ? rowKey(openRow) : null}
          checked={selection.keys}
          onCheck={selection.toggle}
          onDrag={drag}
          onView={onView}
          onScrolledAway={onScrolledAway}
          onShowWaiting={showWaiting}
          hrefFor={hrefFor}
          marks={marks}
          empty={
            search ? (
              <Nothing title={text('search.none')} note={text('search.noneText')} />
            ) : (
              <EmptyFolder folder={folder} filter={filter} onFilter={onFilter} />
            )
          }
        />
      )}
      <span className="vh" role="status">
        {state.waiting > 0 ? text('list.arrived', { count: state.waiting }) : ''}
      </span>
      <span className="vh" role="status">
        {ticked > 0 ? text('list.selected', { count: ticked, number: number(ticked) }) : ''}
      </span>
    </section>
  );
}

const noMarks: readonly string[] = [];

const Nothing = ({ title, note, children }: { title: string; note: string; children?: React.ReactNode }) => (
  <div className="empty">
    <p className="say-s">{title}</p>
    <p className="mid">{note}</p>
    {children}
  </div>
);

function EmptyFolder({
  folder,
  filter,
  onFilter,
}: {
  folder: MailFolder | undefined;
  filter: ListFilter;
  onFilter: (filter: ListFilter) => void;
}) {
  const text = useTranslations('mail.list');
  if (filter !== 'all') {
    const unread = filter === 'unread';
    return (
      <Nothing title={text(unread ? 'emptyUnread' : 'emptyAttachment')} note={text(unread ? 'emptyUnreadText' : 'emptyAttachmentText')}>
        <Button onClick={() => onFilter('all')}>{text('showAll')}</Button>
      </Nothing>
    );
  }
  const use = folder?.specialUse;
  if (use === 'inbox') return <Nothing title={text('emptyInbox')} note={text('emptyInboxText')} />;
  const title = { trash: 'emptyTrash', junk: 'emptyJunk', drafts: 'emptyDrafts', sent: 'emptySent', archive: 'emptyFolder' } as const;
  return (
    <Nothing title={text(use ? title[use] : 'emptyFolder')} note={text(use && use !== 'archive' ? 'emptyQuietText' : 'emptyFolderText')} />
  );
}
