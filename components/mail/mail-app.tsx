'use client';

import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import useSWR from 'swr';
import { isScheduledFolder } from '#lib/webmail/sending/scheduled-name.ts';
import type { Conversation } from '#lib/webmail/reading/mail-message.ts';
import type { ConversationRow, FolderList, ListFilter, ListWindow, MailEvent, SpecialUse } from '#lib/webmail/reading/conversation-list.ts';
import type { MailSettings, WritesAs } from '#lib/webmail/writing/letter.ts';
import type { Account } from '../shell/account-menu.tsx';
import type { ComposeRequest } from './compose/compose-request.ts';
import { useComposeWindow } from './compose/use-compose-window.ts';
import { useTypedEarly } from './compose/typed-early.ts';
import { StorageBar } from './storage-bar.tsx';
import { AbsenceBar, type AbsenceShown } from './absence-bar.tsx';
import { ConfirmDialog, type Confirmation } from './confirm-dialog.tsx';
import { forgetConversations, prefetchAround, prefetchConversation } from './letter/conversation-cache.ts';
import { useFolderName } from './folders/folder-names.ts';
import { ZoneContext } from './dates.ts';
import { refuseDroppedFiles } from './dropped-files.ts';
import { FolderNavigation } from './folders/folder-navigation.tsx';
import { KeysSheet } from './keys-sheet.tsx';
import { keyCommands } from './key-commands.ts';
import { ListColumn } from './list/list-column.tsx';
import { getMail, pageBelongsTo } from './mail-api.ts';
import { MailContext } from './mail-context.ts';
import { hrefOf } from './mail-href.ts';
import { goTo, useMailLocation } from './mail-location.ts';
import { MailShell } from './mail-shell.tsx';
import { ReadingPane } from './letter/reading-pane.tsx';
import { SearchBox } from './list/search-box.tsx';
import { SessionDialog } from './session-dialog.tsx';
import { useList } from './list/use-list.ts';
import { useMailActions } from './use-mail-actions.ts';
import { useMailEvents } from './use-mail-events.ts';
import { useNews } from './use-news.ts';
import { useMailKeys, type MailKey } from './use-mail-keys.ts';
import { useMailWorld } from './use-mail-world.ts';
import { useMailtoLink } from './use-mailto-link.ts';
import { useOpenRow } from './list/use-open-row.ts';
import { useSearch } from './list/use-search.ts';
import { useSelection } from './list/use-selection.ts';
import { StartUp } from './start-up.ts';
import { useWalk } from './list/use-walk.ts';

interface Props {
  account: Account;
  /** path and query that the server rendered */
  href: string;
  folders: FolderList | null;
  list: ListWindow | null;
  attachmentLimitBytes: number;
  firstRowHeight: number;
  identities: readonly WritesAs[];
  settings: MailSettings;
  /** the absence note that answers now; null: none does */
  absence: AbsenceShown | null;
}

const none: readonly number[] = [];

/** The webmail: one page that never reloads. The address bar says what is open; everything else follows from it. */
export function MailApp(props: Props) {
  const {
    account,
    href,
    folders: firstFolders,
    list: firstList,
    attachmentLimitBytes,
    firstRowHeight,
    identities,
    settings,
    absence,
  } = props;
  pageBelongsTo(account.address);
  const text = useTranslations('mail');
  const location = useMailLocation(href);
  const [filter, setFilter] = useState<ListFilter>('all');
  const [composing, setComposing] = useState<ComposeRequest | null>(null);
  const [confirmation, setConfirmation] = useState<Confirmation | null>(null);
  const [sheet, setSheet] = useState(false);
  const [searchOpen, setSearchOpen] = useState(location.query !== null);
  const searchInput = useRef<HTMLInputElement>(null);

  const { data: folderList, mutate: refreshFolders } = useSWR<FolderList>('folders', () => getMail<FolderList>('folders'), {
    ...(firstFolders ? { fallbackData: firstFolders, revalidateOnMount: false } : {}),
    // Folders that nobody listens to: sooner while somebody looks.
    refreshInterval: () => (document.visibilityState === 'hidden' ? 60_000 : 20_000),
    refreshWhenHidden: true,
    dedupingInterval: 300,
  });
  const folders = useMemo(() => folderList?.folders ?? [], [folderList]);
  const folderName = useFolderName(folders);
  const folderOfUse = useCallback((use: SpecialUse) => folders.find((folder) => folder.specialUse === use)?.path ?? null, [folders]);
  const { store, state, storesOf } = useList(location.folder, filter, firstList);
  const search = useSearch(location.query, folders, location.folder);
  // who took the last word away searches for nothing, which would never end
  const searching = (location.query ?? '').trim() !== '';
  const rows: readonly (ConversationRow | undefined)[] = searching ? search.state.rows : state.rows;
  const [conversation, setConversation] = useState<Conversation | null>(null);
  const { openRow, position } = useOpenRow(rows, location, conversation);
  const { uid, messageFolder } = location;
  /** what the address names: the row may be known by a newer letter of the same conversation */
  const open = useMemo(() => (uid === null ? null : { folder: messageFolder, uid }), [uid, messageFolder]);
  const selection = useSelection(rows, `${location.folder} ${filter} ${location.query}`, async (first, last) => {
    if (searching) return search.whole();
    await store.loadRange(first, last);
    return store.state.rows;
  });

  const { rowHref, show, close, step, leave, closeIfOpen } = useWalk(rows, openRow, position, location);
  const openFolder = folders.find((folder) => folder.path === location.folder);
  const trash = folderOfUse('trash');
  const actions = useMailActions({
    folder: location.folder,
    trash,
    trashTotal: folders.find((folder) => folder.path === trash)?.total ?? 0,
    folderName,
    storesOf,
    dropHits: search.drop,
    patchHits: search.patch,
    leave,
    closeIfOpen,
    refreshFolders: () => void refreshFolders(),
    refreshSearch: search.again,
    forgetConversations: () => forgetConversations(open),
    confirm: setConfirmation,
    navigation: {
      open: (row) =>
        row.draft && row.folder === folderOfUse('drafts') ? setComposing({ from: 'message', kind: 'draft', message: row }) : show(row),
      step,
      close,
      compose: setComposing,
      respond: (kind, message) => setComposing({ from: 'message', kind, message }),
      foldersChanged: (open) => void refreshFolders().then(() => open !== undefined && goTo(hrefOf({ folder: open }), 'replace')),
    },
  });

  const tell = useNews(({ folders: changed, isNew }) => {
    if (isNew) forgetConversations(open);
    const lists = [...changed].flatMap(storesOf).map(async (one) => (await one.refresh()).forEach(prefetchConversation));
    return Promise.all([refreshFolders(), ...lists]);
  });
  useMailEvents(location.folder, (event: MailEvent) => {
    // What came between the page and the moment the server began to listen for it.
    if (event.kind === 'ready' || event.kind === 'crowded') void store.refresh();
    else tell(event.folder, event.kind === 'new');
  });
  useEffect(() => {
    void store.refresh();
  }, [store]);

  // Reading marks as read; paging through with a held key does not.
  useEffect(() => {
    if (!openRow?.unread) return;
    const timer = setTimeout(() => actions.markRead([openRow], true), 350);
    return () => clearTimeout(timer);
  }, [openRow, actions]);
  useEffect(
    () => (open && position >= 0 ? prefetchAround(open, [rows[position + 1], rows[position - 1]]) : undefined),
    [open, position, rows],
  );
  useEffect(() => {
    for (const row of state.rows.slice(0, 4)) if (row) prefetchConversation(row);
  }, [state.rows]);

  const setSearch = useCallback(
    (query: string | null) => {
      if (query === null) setSearchOpen(false);
      goTo(hrefOf({ folder: location.folder, query }), location.query === null ? 'push' : 'replace');
    },
    [location.folder, location.query],
  );
  const focusSearch = useCallback(() => {
    // Before the next key is pressed: what is typed right behind "/" belongs to the search, not to the keys of the list.
    flushSync(() => setSearchOpen(true));
    searchInput.current?.focus();
  }, []);
  const world = useMailWorld({
    address: account.address,
    name: account.name,
    identities,
    settings,
    folders,
    folderName,
    folderOfUse,
    folder: location.folder,
    attachmentLimitBytes,
    firstRowHeight,
    actions,
  });
  useMailtoLink(setComposing);
  useEffect(() => refuseDroppedFiles(document), []);
  const ComposeWindow = useComposeWindow(composing !== null);
  useTypedEarly(composing);
  const onSent = useCallback(() => {
    forgetConversations(open);
    void refreshFolders();
    const paths = [
      ...(['sent', 'drafts', 'inbox'] as const).map(folderOfUse),
      ...folders.map(({ path }) => path).filter(isScheduledFolder),
    ];
    for (const path of paths) for (const one of storesOf(path ?? '')) one.reload();
  }, [open, refreshFolders, folderOfUse, folders, storesOf]);

  const onKey = useMailKeys({ enabled: composing === null && confirmation === null, letters: settings.shortcuts }, (key: MailKey) => {
    keyCommands({ openRow, selection, actions, focusSearch, openSheet: () => setSheet(true) })[key]();
    if (key === 'archive' || key === 'delete') selection.clear();
  });

  const title = searching ? text('search.results') : folderName(location.folder);
  const unread = openFolder?.unread ?? state.unread;
  const windowTitle = `${unread > 0 && !searching ? `(${unread}) ` : ''}${title} · Postamt`;
  useLayoutEffect(() => {
    const say = () => {
      if (document.title !== windowTitle) document.title = windowTitle;
    };
    say();
    // Next writes the title that came with the page once more, a moment after the page has come alive.
    const observer = new MutationObserver(say);
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => observer.disconnect();
  }, [windowTitle]);

  return (
    <ZoneContext value={settings.timeZone}>
      <MailContext value={world}>
        <MailShell
          account={account}
          storage={folderList?.storage ?? null}
          navigation={<FolderNavigation current={searching ? null : location.folder} />}
          search={<SearchBox query={location.query} onSearch={setSearch} input={searchInput} />}
          title={location.uid === null ? (location.view === 'folders' ? text('folders.label') : title) : null}
          area={
            location.view === 'folders' ? 'folders' : searching || searchOpen ? 'search' : location.folder === 'INBOX' ? 'inbox' : 'none'
          }
          searching={searching || searchOpen}
          composing={composing !== null}
          onCompose={() => setComposing({ from: 'nothing' })}
          onSearch={focusSearch}
        >
          {absence ? <AbsenceBar absence={absence} /> : null}
          {folderList?.storage ? <StorageBar storage={folderList.storage} /> : null}
          <main className={location.view === 'folders' ? 'panes shows-folders' : location.uid === null ? 'panes' : 'panes shows-message'}>
            {location.view === 'folders' ? (
              <div className="phone-folders only-phone">
                <h1 className="vh">{text('folders.label')}</h1>
                <FolderNavigation current={null} />
              </div>
            ) : null}
            <ListColumn
              title={title}
              folder={openFolder}
              store={store}
              state={state}
              search={searching ? search : null}
              query={location.query}
              rows={rows}
              filter={filter}
              onFilter={setFilter}
              selection={selection}
              openRow={openRow}
              hrefFor={rowHref}
            />
            <ReadingPane
              reference={open}
              row={openRow}
              hits={searching && openRow ? openRow.uids : none}
              position={position}
              total={rows.length}
              conversation={conversation}
              onConversation={setConversation}
              onKey={onKey}
            />
          </main>
        </MailShell>
        {composing && ComposeWindow ? (
          <ComposeWindow
            key={composing.from === 'letter' ? composing.letter.id : JSON.stringify(composing)}
            request={composing}
            onClose={(changed) => {
              setComposing((now) => (now === composing ? null : now));
              if (changed) {
                void refreshFolders();
                for (const one of storesOf(folderOfUse('drafts') ?? '')) one.reload();
              }
            }}
          />
        ) : null}
        <StartUp address={account.address} ready={folders.length > 0} onSent={onSent} />
        <ConfirmDialog confirmation={confirmation} onClose={() => setConfirmation(null)} />
        <KeysSheet open={sheet} onClose={() => setSheet(false)} />
        <SessionDialog
          onBack={() => {
            void refreshFolders();
            store.reload();
          }}
        />
      </MailContext>
    </ZoneContext>
  );
}
