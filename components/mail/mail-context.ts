'use client';

import { createContext, useContext } from 'react';
import type { ConversationRow, MailFolder, SpecialUse } from '#lib/webmail/reading/conversation-list.ts';
import type { MailSettings, PrepareKind, WritesAs } from '#lib/webmail/writing/letter.ts';
import type { MessageReference } from '#lib/webmail/reading/mail-message.ts';
import type { ComposeRequest } from './compose/compose-request.ts';

/** What every part of the webmail may do. Made once in mail-app.tsx. */
export interface MailActions {
  archive: (rows: readonly ConversationRow[]) => void;
  /** to the trash; from the trash for good, after asking */
  remove: (rows: readonly ConversationRow[]) => void;
  junk: (rows: readonly ConversationRow[]) => void;
  notJunk: (rows: readonly ConversationRow[]) => void;
  move: (rows: readonly ConversationRow[], folder: string) => void;
  flag: (rows: readonly ConversationRow[], on: boolean) => void;
  label: (row: ConversationRow, label: string, on: boolean) => void;
  /** what the conversations of the list that are loaded have */
  labelsSeen: () => string[];
  markRead: (rows: readonly ConversationRow[], read: boolean) => void;
  open: (row: ConversationRow) => void;
  step: (direction: 1 | -1) => void;
  close: () => void;
  compose: (request: ComposeRequest) => void;
  respond: (kind: PrepareKind, message: MessageReference) => void;
  emptyTrash: () => void;
  /** with all that lies in it going to the trash, after asking */
  deleteFolder: (folder: MailFolder) => void;
  /** folders were made, renamed or deleted; `open`: the one to show now */
  foldersChanged: (open?: string) => void;
}

export interface MailWorld {
  address: string;
  name: string;
  /** whom one may write as, the one of new letters first */
  identities: readonly WritesAs[];
  settings: MailSettings;
  /** one of the reader's own addresses, or a subaddress of one */
  isMe: (address: string) => boolean;
  folders: readonly MailFolder[];
  folderName: (path: string) => string;
  folderOfUse: (use: SpecialUse) => string | null;
  /** folder that is shown */
  folder: string;
  attachmentLimitBytes: number;
  /** height of a row in the document that the server sends, in pixels */
  firstRowHeight: number;
  actions: MailActions;
}

export const MailContext = createContext<MailWorld | null>(null);

export function useMail(): MailWorld {
  const world = useContext(MailContext);
  if (!world) throw new Error('outside of the webmail');
  return world;
}
