import type { ListResponse } from 'imapflow';
import { withImap, type ImapWork } from '../connection/imap-pool.ts';
import { MailError } from '../connection/mail-error.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { waitsIn } from '../sending/outgoing-letters.ts';
import { isScheduledFolder } from '../sending/scheduled-name.ts';
import type { FolderList, MailFolder, SpecialUse, StorageUse } from '../reading/conversation-list.ts';
import { wordTable } from '../../mime/word-table.ts';

const specialUses = wordTable<SpecialUse>({
  '\\Inbox': 'inbox',
  '\\Drafts': 'drafts',
  '\\Sent': 'sent',
  '\\Archive': 'archive',
  '\\Junk': 'junk',
  '\\Trash': 'trash',
});
const order: (SpecialUse | null)[] = ['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash'];

/** Folders with counts (LIST RETURN (STATUS), RFC 5819), special ones first, then by name; and the storage in use. */
export function listFolders(mailbox: MailboxIdentity): Promise<FolderList> {
  return withImap(mailbox, async (imap) => ({ folders: await foldersOf(imap), storage: await storageOf(imap) }), { retry: true });
}

export async function foldersOf(imap: ImapWork): Promise<MailFolder[]> {
  const listed = await imap.client.list({ statusQuery: { messages: true, unseen: true } });
  const folders = listed.map(toFolder);
  folders.sort((a, b) => rank(a) - rank(b) || bySegments(a.path, b.path));
  imap.memory.set('folders', folders);
  return folders;
}

/** Folders as last listed on this connection: enough to know where Sent and Trash are. */
export async function knownFolders(imap: ImapWork): Promise<MailFolder[]> {
  return (imap.memory.get('folders') as MailFolder[] | undefined) ?? foldersOf(imap);
}

/** The path of a special folder; null if this mailbox has none of that use. */
export async function specialFolder(imap: ImapWork, use: SpecialUse): Promise<string | null> {
  return (await knownFolders(imap)).find((folder) => folder.specialUse === use)?.path ?? null;
}

/**
 * A folder that the person made: special ones are neither renamed nor deleted, nor is that of letters that wait while any does, which would leave
 * all the same. Throws MailError NotFound, InvalidRequest, LettersWait.
 */
export async function ownFolder(imap: ImapWork, mailbox: MailboxIdentity, path: string): Promise<MailFolder> {
  const folder = (await foldersOf(imap)).find((one) => one.path === path);
  if (!folder) throw new MailError('NotFound', path);
  if (folder.specialUse !== null) throw new MailError('InvalidRequest', path);
  if (isScheduledFolder(path) && (await waitsIn(mailbox, path))) throw new MailError('LettersWait', folder.name);
  return folder;
}

/** Level by level, so that a folder's own folders stand right below it whatever signs its neighbours have. */
function bySegments(one: string, other: string): number {
  const [a, b] = [one.split('/'), other.split('/')];
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const order = names.compare(a[at] ?? '', b[at] ?? '') || (a[at] ?? '').localeCompare(b[at] ?? '');
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

const names = new Intl.Collator('de', { numeric: true });

const rank = (folder: MailFolder): number => (folder.specialUse === null ? order.length : order.indexOf(folder.specialUse));

function toFolder(entry: ListResponse): MailFolder {
  const isInbox = entry.path.toUpperCase() === 'INBOX';
  return {
    path: entry.path,
    name: entry.name,
    depth: entry.parent.length,
    specialUse: isInbox ? 'inbox' : (specialUses.get(entry.specialUse ?? '') ?? null),
    selectable: !entry.flags.has('\\Noselect') && !entry.flags.has('\\NonExistent'),
    total: entry.status?.messages ?? 0,
    unread: entry.status?.unseen ?? 0,
  };
}

async function storageOf(imap: ImapWork): Promise<StorageUse | null> {
  if (!imap.client.capabilities.has('QUOTA')) return null;
  const quota = await imap.client.getQuota('INBOX');
  if (quota === false || quota.storage?.usage === undefined || quota.storage.limit === undefined) return null;
  return { usedBytes: quota.storage.usage, limitBytes: quota.storage.limit };
}
