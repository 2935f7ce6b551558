'use client';

import { useCallback } from 'react';
import { flushSync } from 'react-dom';
import type { ConversationRow } from '#lib/webmail/reading/conversation-list.ts';
import { hrefOf, type MailLocation } from '../mail-href.ts';
import { goTo } from '../mail-location.ts';
import { rowKey } from './row-key.ts';

type Rows = readonly (ConversationRow | undefined)[];

const focusEmptyList = (): void => document.getElementById('liste')?.focus();

/** The row of the open conversation, or the first where none is open. */
export const focusList = (): void => {
  const row = document.querySelector<HTMLElement>('.row.here a.go') ?? document.querySelector<HTMLElement>('.virtual .row a.go');
  if (row) row.focus();
  else focusEmptyList();
};

export const focusLetter = (): void => document.getElementById('lesen')?.focus();

const isInList = (): boolean => document.activeElement?.matches('.row a.go') ?? false;

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
    // Who walks through the list with the keyboard takes the focus along, and who has it nowhere finds it there: what is read out follows it.
    const alongside = isInList() || document.activeElement === document.body;
    flushSync(() => show(next));
    if (alongside) focusList();
  };
  const isOpen = (some: readonly ConversationRow[]) => openRow !== null && some.some((row) => rowKey(row) === rowKey(openRow));
  /** The open conversation is going away with these: its neighbour is next; on the phone the list. */
  const leave = (gone: readonly ConversationRow[]) => {
    if (!isOpen(gone)) return;
    const keys = new Set(gone.map(rowKey));
    const stays = (row: ConversationRow | undefined) => row !== undefined && !keys.has(rowKey(row));
    const isPhone = window.matchMedia('(max-width: 45rem)').matches;
    const next = isPhone ? undefined : (rows.slice(position + 1).find(stays) ?? rows.slice(0, position).findLast(stays));
    // The focus would go with its row.
    const inList = isInList();
    flushSync(() => goTo(next ? rowHref(next) : hrefOf({ folder, query }), 'replace'));
    if (inList && next) focusList();
    else if (inList) focusEmptyList();
  };
  const closeIfOpen = (some: readonly ConversationRow[]) => {
    if (isOpen(some)) close();
  };
  return { rowHref, show, close, step, leave, closeIfOpen };
}
