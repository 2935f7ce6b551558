import type { SearchObject } from 'imapflow';
import { rowsFor } from './conversation-rows.ts';
import { currentIndex, type IndexedConversation } from './folder-index.ts';
import { inFolder, withImap } from './imap-pool.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';
import { parseSearch, type SearchTerm } from './search-query.ts';
import type { ConversationRow } from './types.ts';
import { withFiles } from './with-files.ts';

export interface FolderHits {
  folder: string;
  /** conversations that match in this folder; rows are the newest of them */
  total: number;
  rows: ConversationRow[];
}

const mostRows = 100;

/**
 * Searches one folder on the server (IMAP SEARCH: substrings, complete). The page asks folder by folder, so that hits appear as they
 * are found, it can say where it is searching, and it can stop. Throws MailError NotFound.
 */
export function searchFolder(mailbox: MailboxIdentity, request: { folder: string; query: string }): Promise<FolderHits> {
  const terms = parseSearch(request.query);
  const query = toImapSearch(terms);
  return withImap(
    mailbox,
    (imap) =>
      inFolder(imap, request.folder, async () => {
        const index = await currentIndex(imap);
        const found = (await imap.client.search(query, { uid: true })) || [];
        // IMAP has no key for files: what has some is known by its structure
        const uids = terms.some((term) => term.key === 'has') ? [...(await withFiles(imap, found))] : found;
        const byThread = new Map<string, IndexedConversation>();
        const messages = uids.flatMap((uid) => index.messages.get(uid) ?? []).filter((message) => !message.deleted);
        for (const message of messages.sort((a, b) => b.date - a.date || b.uid - a.uid)) {
          const conversation = byThread.get(message.threadId);
          if (conversation) conversation.messages.push(message);
          else byThread.set(message.threadId, { threadId: message.threadId, messages: [message] });
        }
        const rows = await rowsFor(imap, request.folder, [...byThread.values()].slice(0, mostRows), new Map());
        return { folder: request.folder, total: byThread.size, rows };
      }),
    { retry: true },
  );
}

/**
 * Every term must match. imapflow's query has one place per key; a second term of the same key goes into NOT (OR (NOT a) (NOT b)),
 * which is "a and b".
 */
export function toImapSearch(terms: readonly SearchTerm[]): SearchObject {
  const query: SearchObject = {};
  const doubles: SearchObject[] = [];
  for (const term of terms) {
    const key = toKey(term);
    if (Object.keys(key).some((name) => name in query)) doubles.push({ not: key });
    else Object.assign(query, key);
  }
  if (doubles.length > 0) query.not = doubles.length === 1 ? doubles[0] : { or: doubles };
  return Object.keys(query).length > 0 ? query : { all: true };
}

function toKey({ key, value }: SearchTerm): SearchObject {
  switch (key) {
    case 'has':
      return {};
    case 'is':
      return { unread: { seen: false }, read: { seen: true }, flagged: { flagged: true }, answered: { answered: true } }[value] ?? {};
    case 'before':
      return { sentBefore: value };
    case 'after':
      return { sentSince: value };
    default:
      return { [key]: value };
  }
}
