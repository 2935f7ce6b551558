import type { SearchObject } from 'imapflow';
import { rowsFor } from './conversation-rows.ts';
import { byArrival, currentIndex, indexedMessages, type IndexedConversation } from './folder-index.ts';
import { inFolder, withImap, type ImapWork } from '../connection/imap-pool.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { parseSearch, type SearchTerm } from './search-query.ts';
import type { ConversationRow } from './conversation-list.ts';
import { withFiles } from './with-files.ts';

export interface FolderHits {
  folder: string;
  /** conversations that match in this folder */
  total: number;
  /** the newest of them, or those behind the place that was asked for */
  rows: ConversationRow[];
  /** the place to ask behind for further ones; null: there are none */
  next: string | null;
}

export interface SearchRequest {
  folder: string;
  /** what was typed */
  q: string;
  /** where the rows before ended: a number of rows would be another place as soon as one of those is deleted */
  after?: string | undefined;
  count: number;
}

/**
 * Searches one folder on the server (IMAP SEARCH: substrings, complete). The page asks folder by folder, so that hits appear as they
 * are found, it can say where it is searching, and it can stop. Throws MailError NotFound.
 */
export function searchFolder(mailbox: MailboxIdentity, request: SearchRequest): Promise<FolderHits> {
  const terms = parseSearch(request.q);
  const query = toImapSearch(terms);
  const phrase = phraseOf(terms);
  return withImap(
    mailbox,
    (imap) =>
      inFolder(imap, request.folder, async () => {
        const index = await currentIndex(imap);
        const uids = await uidsOf(imap, request, index.modseq, query);
        const byThread = new Map<string, IndexedConversation>();
        const files = terms.some(({ key }) => key === 'has') ? await withFiles(imap, uids) : null;
        const hits = files === null ? uids : uids.filter((uid) => files.has(uid));
        const messages = await indexedMessages(imap, index, hits);
        for (const message of messages.filter(({ deleted }) => !deleted).sort(byArrival)) {
          const conversation = byThread.get(message.threadId);
          if (conversation) conversation.messages.push(message);
          else byThread.set(message.threadId, { threadId: message.threadId, messages: [message] });
        }
        const rest = behind(request.after, [...byThread.values()]);
        const window = rest.slice(0, request.count);
        const next = rest.length > window.length ? placeOf(window.at(-1)) : null;
        if (phrase !== '') await phraseFirst(imap, phrase, window);
        return { folder: request.folder, total: byThread.size, rows: await rowsFor(imap, request.folder, window), next };
      }),
    { retry: true },
  );
}

/** Where a conversation stands: when its newest hit came, and which it is. */
const placeOf = (conversation: IndexedConversation | undefined): string =>
  `${conversation?.messages[0]?.date ?? 0} ${conversation?.threadId ?? ''}`;

function behind(place: string | undefined, conversations: IndexedConversation[]): IndexedConversation[] {
  if (place === undefined) return conversations;
  const [date, threadId = ''] = place.split(' ');
  const last = { date: Number(date), threadId, uid: 0 };
  return conversations.filter(({ messages: [newest] }) => newest && byArrival(newest, last) > 0);
}

/** The words as they were typed one after the other; empty for a single one. */
export function phraseOf(terms: readonly SearchTerm[]): string {
  const words = terms.filter(({ key }) => key === 'text').map(({ value }) => value);
  return words.length > 1 ? forClient(words.join(' ')) : '';
}

/** Of several hits of a conversation, the one in which the words stand together is the one that was meant: its row opens it. */
async function phraseFirst(imap: ImapWork, phrase: string, conversations: readonly IndexedConversation[]): Promise<void> {
  const several = conversations.filter(({ messages }) => messages.length > 1);
  if (several.length === 0) return;
  const meant = new Set((await imap.client.search({ or: [{ body: phrase }, { subject: phrase }] }, { uid: true })) || []);
  for (const { messages } of several) messages.sort((a, b) => Number(meant.has(b.uid)) - Number(meant.has(a.uid)));
}

/** What a search found is remembered beside the connection while its further rows are asked for. */
async function uidsOf(imap: ImapWork, request: SearchRequest, modseq: bigint, query: SearchObject): Promise<number[]> {
  const key = `${modseq} ${request.folder} ${request.q}`;
  const known = imap.memory.get('search') as { key: string; uids: number[] } | undefined;
  if (request.after !== undefined && known?.key === key) return known.uids;
  const uids = (await imap.client.search(query, { uid: true })) || [];
  imap.memory.set('search', { key, uids });
  return uids;
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

/** The server tells "ß" from "ss"; people do not. */
function spellings(word: string): string[] {
  return [...new Set([word, word.replaceAll(/ss/gi, 'ß'), word.replaceAll(/ß/gi, 'ss')])];
}

/** imapflow sends what begins with a backslash as a flag. The server compares by NFKC, in which its wide form is the same sign. */
const forClient = (value: string): string => value.replace(/^\\/, '\uff3c');

function toLabel(keyword: string, typed: string): SearchObject {
  const own = typed
    .slice(typed.indexOf(':') + 1)
    .replaceAll('"', '')
    .trim();
  return own !== keyword && /^[A-Za-z0-9$_.-]+$/.test(own) ? { or: [{ keyword }, { keyword: own }] } : { keyword };
}

function toKey({ key, value, typed }: SearchTerm): SearchObject {
  switch (key) {
    // Judged by structure, after the search.
    case 'has':
      return {};
    case 'is':
      return { unread: { seen: false }, read: { seen: true }, flagged: { flagged: true }, answered: { answered: true } }[value] ?? {};
    case 'label':
      // a label may be called what Thunderbird calls one of its own
      return toLabel(value, typed);
    case 'before':
      return { sentBefore: value };
    case 'after':
      return { sentSince: value };
    default: {
      const [first = value, ...others] = spellings(forClient(value));
      return others.reduce<SearchObject>((query, other) => ({ or: [query, { [key]: other }] }), { [key]: first });
    }
  }
}
