import { isScheduledFolder } from '#lib/webmail/sending/scheduled-name.ts';
import type { ConversationRow, MailFolder } from '#lib/webmail/reading/conversation-list.ts';

/** Whether letters can be moved there: those of a search lie in several folders, and only where all of them lie is nothing to move. */
export const takesLetters = (folder: MailFolder, rows: readonly Pick<ConversationRow, 'folder'>[]): boolean =>
  folder.selectable &&
  folder.specialUse !== 'drafts' &&
  folder.specialUse !== 'sent' &&
  !isScheduledFolder(folder.path) &&
  rows.some((row) => row.folder !== folder.path);

/** A folder that its person made: it can be put elsewhere, and others below it. */
export const isOwn = (folder: MailFolder): boolean => folder.specialUse === null && !isScheduledFolder(folder.path);

/** The path of a folder once it lies below another, or below none (''); null where it lies there already, or would lie below itself. */
export function pathBelow(path: string, parent: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const to = parent === '' ? name : `${parent}/${name}`;
  return to === path || parent === path || parent.startsWith(`${path}/`) ? null : to;
}
