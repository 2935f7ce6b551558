'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowUp } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type DragEvent, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { ConversationRow } from '#lib/webmail/reading/conversation-list.ts';
import { isScheduledFolder } from '#lib/webmail/sending/scheduled-name.ts';
import { Icon } from '../../ui/icon.tsx';
import { useMailDates } from '../dates.ts';
import { useMail } from '../mail-context.ts';
import { MessageRow, RowSkeleton } from './message-row.tsx';
import { rowKey } from './row-key.ts';
import { useRowHeight } from './use-row-height.ts';

export interface ListSource {
  rows: readonly (ConversationRow | undefined)[];
  loaded: boolean;
  waiting: number;
}

interface Props {
  source: ListSource;
  label: string;
  hereKey: string | null;
  checked: ReadonlySet<string>;
  onCheck: (row: ConversationRow, range: boolean) => void;
  onDrag: (event: DragEvent, row: ConversationRow, subject: string) => void;
  /** positions in view, for loading */
  onView: (first: number, last: number) => void;
  /** told again when the list goes: where another stands, nobody has scrolled this one */
  onScrolledAway: (away: boolean) => void;
  onShowWaiting: () => void;
  hrefFor: (row: ConversationRow) => string;
  marks: readonly string[];
  /** shown instead of rows */
  empty: ReactNode;
}

const headingHeight = 31;

/** The list of conversations: only what is in view is in the document, ten thousand rows scroll like ten. */
export function MessageList(props: Props) {
  const { source, label, hereKey, checked, onCheck, onDrag, onView, onScrolledAway, onShowWaiting, hrefFor, marks, empty } = props;
  const text = useTranslations('mail');
  const { actions, folderOfUse, firstRowHeight } = useMail();
  const dates = useMailDates();
  const scroller = useRef<HTMLDivElement>(null);
  const height = useRowHeight(firstRowHeight);
  const selecting = checked.size > 0;
  const { rows } = source;

  // A heading stands above the first conversation of each day or month.
  const headings = useMemo(() => {
    const found = new Map<number, string>();
    let last = '';
    rows.forEach((row, at) => {
      if (!row) return;
      const group = dates.group(row.date);
      if (group !== last) found.set(at, group);
      last = group;
    });
    return found;
  }, [rows, dates]);

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (at) => height + (headings.has(at) ? headingHeight : 0),
    overscan: 8,
    // The first page of rows is in the document that the server sends, before any code has run.
    initialRect: { width: 416, height: 860 },
    getItemKey: (at) => {
      const row = rows[at];
      return row ? rowKey(row) : at;
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes follow from these two
  useEffect(() => virtualizer.measure(), [headings, height]);

  const items = virtualizer.getVirtualItems();
  // One row can be reached with Tab: the open one, or the first; from there the arrows lead on.
  const tabStop = items.find(({ key }) => key === hereKey)?.index ?? items[0]?.index;
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => onView(first, last), [first, last, onView]);

  const here = rows.findIndex((row) => row !== undefined && rowKey(row) === hereKey);
  useEffect(() => {
    if (here >= 0) virtualizer.scrollToIndex(here, { align: 'auto' });
  }, [here, virtualizer]);

  useEffect(() => () => onScrolledAway(false), [onScrolledAway]);

  const showSkeleton = useLater(!source.loaded);
  const ownFolders = [folderOfUse('sent'), folderOfUse('drafts')];
  return (
    <div ref={scroller} className="list-scroll" onScroll={(event) => onScrolledAway(event.currentTarget.scrollTop > 40)}>
      {source.waiting > 0 ? (
        <button
          className="newbar"
          type="button"
          onClick={() => {
            onShowWaiting();
            scroller.current?.scrollTo({ top: 0 });
          }}
        >
          <Icon of={ArrowUp} size={15} />
          {text('list.showNew', { count: source.waiting })}
        </button>
      ) : null}
      {source.loaded && rows.length === 0 ? empty : null}
      {showSkeleton ? <Skeletons label={text('list.loading')} /> : null}
      {rows.length > 0 ? (
        <ol className="virtual" style={{ height: virtualizer.getTotalSize() }} aria-label={label}>
          {items.map((item) => {
            const row = rows[item.index];
            const heading = headings.get(item.index);
            return (
              <li
                key={item.key}
                className="virtual-item"
                aria-setsize={rows.length}
                aria-posinset={item.index + 1}
                style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              >
                {heading ? (
                  <h2 className="day" suppressHydrationWarning>
                    {heading}
                  </h2>
                ) : null}
                {row ? (
                  <MessageRow
                    row={row}
                    here={rowKey(row) === hereKey}
                    checked={checked.has(rowKey(row))}
                    selecting={selecting}
                    tabStop={item.index === tabStop}
                    showsRecipients={ownFolders.includes(row.folder) || isScheduledFolder(row.folder)}
                    marks={marks}
                    dates={dates}
                    href={hrefFor(row)}
                    actions={actions}
                    onCheck={onCheck}
                    onDrag={onDrag}
                  />
                ) : (
                  <RowSkeleton seed={item.index} />
                )}
              </li>
            );
          })}
        </ol>
      ) : null}
    </div>
  );
}

function Skeletons({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label}>
      {[0, 1, 2, 3, 4, 5, 6, 7].map((seed) => (
        <RowSkeleton key={seed} seed={seed} />
      ))}
    </div>
  );
}

/** True once `waiting` has lasted 200 ms: what is quick shows no grey bars. */
function useLater(waiting: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!waiting) return setLate(false);
    const timer = setTimeout(() => setLate(true), 200);
    return () => clearTimeout(timer);
  }, [waiting]);
  return late && waiting;
}
