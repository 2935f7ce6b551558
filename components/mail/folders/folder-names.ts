'use client';

import { Archive, Clock, FilePen, Folder, Inbox, Send, ShieldAlert, Trash2, type LucideIcon } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { isScheduledFolder } from '#lib/webmail/sending/scheduled-name.ts';
import type { MailFolder, SpecialUse } from '#lib/webmail/reading/conversation-list.ts';

const folderIcons: Record<SpecialUse, LucideIcon> = {
  inbox: Inbox,
  drafts: FilePen,
  sent: Send,
  archive: Archive,
  junk: ShieldAlert,
  trash: Trash2,
};

export const iconOf = (folder: Pick<MailFolder, 'specialUse' | 'path'> | undefined): LucideIcon =>
  folder?.specialUse ? folderIcons[folder.specialUse] : isScheduledFolder(folder?.path ?? '') ? Clock : Folder;

/** Special folders in the reader's language, others by their own name. */
export function useFolderName(folders: readonly MailFolder[]): (path: string) => string {
  const text = useTranslations('mail.folders');
  return (path) => {
    const folder = folders.find((one) => one.path === path);
    if (folder?.specialUse) return text(folder.specialUse);
    if (isScheduledFolder(path)) return text('scheduled');
    return folder?.name ?? (path.toUpperCase() === 'INBOX' ? text('inbox') : (path.split('/').at(-1) ?? path));
  };
}
