'use client';

import { useRef } from 'react';
import type { Conversation } from '#lib/webmail/reading/mail-message.ts';
import type { ConversationRow } from '#lib/webmail/reading/conversation-list.ts';
import type { MailLocation } from '../mail-href.ts';

/**
 * The row of the open message and where it stands; keeps the row while the list is being brought up to date. Opened by its address, far
 * down in the list or in none, the conversation itself says what a row would say.
 */
export function useOpenRow(
  rows: readonly (ConversationRow | undefined)[],
  location: MailLocation,
  conversation: Conversation | null,
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
  return { openRow: row ?? kept ?? rowOf(conversation, location), position };
}

function rowOf(conversation: Conversation | null, { uid, messageFolder }: MailLocation): ConversationRow | null {
  const open = conversation?.open;
  if (!conversation || !open || open.uid !== uid || open.folder !== messageFolder) return null;
  const here = conversation.messages.filter((message) => message.folder === messageFolder);
  return {
    uid: open.uid,
    uids: here.map((message) => message.uid).sort((a, b) => b - a),
    threadId: conversation.threadId,
    folder: open.folder,
    from: open.from,
    to: open.to,
    subject: open.subject,
    preview: open.preview,
    date: open.date,
    sizeBytes: open.sizeBytes,
    unread: here.some((message) => message.unread),
    flagged: here.some((message) => message.flagged),
    answered: open.answered,
    forwarded: false,
    draft: open.draft,
    attachment: open.attachments.length > 0,
    labels: [...new Set(here.flatMap((message) => message.labels))],
    count: conversation.messages.length,
  };
}
