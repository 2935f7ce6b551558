'use client';

import { useCallback } from 'react';
import { flushSync } from 'react-dom';
import type { ConversationRow } from '#lib/webmail/reading/conversation-list.ts';
import { hrefOf, type MailLocation } from '../mail-href.ts';
import { goTo } from '../mail-location.ts';
import { rowKey } from './row-key.ts';

type Rows = readonly (ConversationRow | undefined)[];

export const focusList = (): void => document.querySelector<HTMLElement>('.row.here a.go')?.focus();

/** From message to message of the list that is shown, and out of them again. */
export function useWalk(rows: Rows, openRow: ConversationRow | null, position: number, { folder, query, uid }: MailLocation) {
  const rowHref = useCallback(
    (row: ConversationRow) => hrefOf({ folder, uid: row.uid, messageFolder: row.folder, query }),
    [folder, query],
  );
  // Back leads to the list, not through every message that was paged through.
  const show = useCallback((row: ConversationRow) => goTo(rowHref(row), uid === null ? 'push' : 'replace'), [rowHref, uid]);
  const close = useCallback(() => goTo(hrefOf({ folder, query })), [folder, query]);
  const step = (direction: 1 | -1) => {
    const next = rows[position < 0 ? 0 : position + direction];
    if (!next) return;
    // Who walks through the list with the keyboard takes the focus along.
    const inList = document.activeElement?.matches('.row a.go') ?? false;
    flushSync(() => show(next));
    if (inList) focusList();
  };
  const isOpen = (some: readonly ConversationRow[]) => openRow !== null && some.some((row) => rowKey(row) === rowKey(openRow));
  /** The open conversation is going away with these: its neighbour is next; on the phone the list. */
  const leave = (gone: readonly ConversationRow[]) => {
    if (!isOpen(gone)) return;
    const keys = new Set(gone.map(rowKey));
    const stays = (row: ConversationRow | undefined) => row !== undefined && !keys.has(rowKey(row));
    const isPhone = window.matchMedia('(max-width: 45rem)').matches;
    const next = isPhone ? undefined : (rows.slice(position + 1).find(stays) ?? rows.slice(0, position).findLast(stays));
    goTo(next ? rowHref(next) : hrefOf({ folder, query }), 'replace');
  };
  const closeIfOpen = (some: readonly ConversationRow[]) => {
    if (isOpen(some)) close();
  };
  return { rowHref, show, close, step, leave, closeIfOpen };
}
