import { displayAddress } from '../../addresses/email-address.ts';
import { database, type Database } from '../../db/prisma.ts';
import { fetchRows } from '../reading/fetch-rows.ts';
import { inFolder, withImap, type ImapWork } from '../connection/imap-pool.ts';
import { specialFolder } from '../folders/list-folders.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import type { Person } from '../reading/mail-message.ts';
import { isMeant, wordsOf } from './is-meant.ts';

const mostFound = 8;
/** How far back the history is read: the newest letters of Sent and of the inbox. */
const mostLetters = 500;
const freshMs = 300_000;
const memoryKey = 'people';

interface Weighed {
  person: Person;
  weight: number;
  /** the reader has written to them */
  written: boolean;
}

interface History {
  at: number;
  people: Weighed[];
}

/** People whose name or address has words that begin so; those one writes to most come first, then colleagues. */
export async function findPeople(mailbox: MailboxIdentity, typed: string): Promise<Person[]> {
  const words = wordsOf(typed);
  if (words.length === 0) return [];
  const [history, colleagues] = await Promise.all([historyOf(mailbox), findColleagues(database(), mailbox.mailboxId, words)]);
  const found = new Map<string, Person>();
  for (const { person } of history) if (isMeant(person, words)) addOnce(found, person);
  for (const person of colleagues) addOnce(found, person);
  return [...found.values()].slice(0, mostFound);
}

/** Whom the reader has written to, and colleagues: people whose name or address means something here. */
export async function peopleWrittenTo(mailbox: MailboxIdentity): Promise<Person[]> {
  const [history, colleagues] = await Promise.all([historyOf(mailbox), readColleagues(mailbox)]);
  return [...history.filter(({ written }) => written).map(({ person }) => person), ...colleagues];
}

function addOnce(found: Map<string, Person>, person: Person): void {
  const key = person.address.toLowerCase();
  const before = found.get(key);
  if (!before || (before.name === '' && person.name !== '')) found.set(key, person);
}

const asPerson = ({ name, address }: { name: string; address: string }): Person => ({ name, address: displayAddress(address) });

/** Behind a letter of a script whose marks the database cannot tell, as of Thai or Japanese: they may stand between it and the next. */
const withMarks = /(?<=[^\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}]).*/su;

/** Colleagues who may be meant, however many there are. Of an address only what stands before @ is asked of the database: it keeps domains as A-labels. */
export async function findColleagues(db: Database, mailboxId: number, words: readonly string[]): Promise<Person[]> {
  const beginnings = words.map(
    (word) =>
      `(^|[^[:alnum:]])${word
        .replace(/@.*/s, '@')
        .replace(withMarks, '')
        .replace(/[^\p{L}\p{N}]/gu, '\\$&')}`,
  );
  const rows = await db.$queryRaw<{ name: string; address: string }[]>`
    SELECT name, address FROM mailbox
    WHERE customer_id = (SELECT customer_id FROM mailbox WHERE id = ${mailboxId}) AND status = 'active' AND id <> ${mailboxId}
      AND lower(regexp_replace(normalize(name, NFKD), '[\\u0300-\\u036f]', '', 'g')) || ' ' || address ~ ALL (${beginnings})
    ORDER BY address LIMIT 100`;
  return rows.map(asPerson).filter((person) => isMeant(person, words));
}

async function readColleagues(mailbox: MailboxIdentity): Promise<Person[]> {
  const own = await database().mailbox.findUnique({ where: { id: mailbox.mailboxId }, select: { customerId: true } });
  if (!own) return [];
  const rows = await database().mailbox.findMany({
    where: { customerId: own.customerId, status: 'active', id: { not: mailbox.mailboxId } },
    select: { name: true, address: true },
    orderBy: { address: 'asc' },
    take: 2000,
  });
  return rows.map(asPerson);
}

/** Read from the envelopes of the newest letters, kept beside the connection for some minutes. */
const historyOf = (mailbox: MailboxIdentity): Promise<History['people']> => withImap(mailbox, historyIn, { retry: true });

/** Addresses that the reader has written to, lower case. For who holds the connection already; no folder may be selected. */
export const addressesWrittenTo = async (imap: ImapWork): Promise<ReadonlySet<string>> =>
  new Set((await historyIn(imap)).filter(({ written }) => written).map(({ person }) => person.address.toLowerCase()));

async function historyIn(imap: ImapWork): Promise<History['people']> {
  const known = imap.memory.get(memoryKey) as History | undefined;
  if (known && Date.now() - known.at < freshMs) return known.people;
  const weights = new Map<string, Weighed>();
  await weigh(imap, await specialFolder(imap, 'sent'), 3, weights);
  await weigh(imap, 'INBOX', 1, weights);
  const found = [...weights.values()].sort((a, b) => b.weight - a.weight);
  imap.memory.set(memoryKey, { at: Date.now(), people: found } satisfies History);
  return found;
}

/** Whom one wrote to counts three times as much as who wrote. */
async function weigh(imap: ImapWork, folder: string | null, weight: number, into: Map<string, Weighed>) {
  if (folder === null) return;
  await inFolder(imap, folder, async () => {
    const uids = ((await imap.client.search({ all: true }, { uid: true })) || []).slice(-mostLetters);
    for (const row of await fetchRows(imap.client, uids, 'envelopes')) {
      const listed = weight > 1 ? [...row.head.to, ...row.head.cc] : row.head.from;
      for (const person of listed) {
        if (!person.address.includes('@')) continue;
        const key = person.address.toLowerCase();
        const before = into.get(key);
        into.set(key, {
          // what somebody calls himself counts only where the reader has no name for him
          person: !before || (!before.written && person.name) ? person : before.person,
          weight: (before?.weight ?? 0) + weight,
          written: weight > 1 || (before?.written ?? false),
        });
      }
    }
  });
}
