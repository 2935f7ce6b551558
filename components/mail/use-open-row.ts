'use client';

import { useRef } from 'react';
import type { ConversationRow } from '#lib/webmail/types.ts';
import type { MailLocation } from './mail-href.ts';

/** The row of the open message and where it stands; keeps the row while the list is being brought up to date. */
export function useOpenRow(
  rows: readonly (ConversationRow | undefined)[],
  location: MailLocation,
): { openRow: ConversationRow | null; position: number } {
  const last = useRef<ConversationRow | null>(null);
  const { uid, messageFolder } = location;
  if (uid === null) {
    last.current = null;
    return { openRow: null, position: -1 };
  }
  const position = rows.findIndex(
    (row) =>
      row !== undefined &&
      row.folder === messageFolder &&
      (row.uid === uid || row.uids.includes(uid) || (last.current?.uid === uid && last.current.threadId === row.threadId)),
  );
  const row = rows[position] ?? null;
  if (row) last.current = { ...row, uid };
  const kept = last.current?.uid === uid && last.current.folder === messageFolder ? last.current : null;
  return { openRow: row ?? kept, position };
}
