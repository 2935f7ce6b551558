import { displayAddress } from '../../addresses/email-address.ts';
import { database } from '../../db/prisma.ts';
import { fetchRows } from '../reading/fetch-rows.ts';
import { inFolder, withImap, type ImapWork } from '../connection/imap-pool.ts';
import { specialFolder } from '../folders/list-folders.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import type { Person } from '../reading/mail-message.ts';
import { normalForm } from '../../mime/normal-form.ts';

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

/** People whose name or address has a word that begins so; those one writes to most come first, then colleagues. */
export async function findPeople(mailbox: MailboxIdentity, typed: string): Promise<Person[]> {
  const wanted = fold(typed.trim());
  if (wanted === '') return [];
  const [history, colleagues] = await Promise.all([historyOf(mailbox), colleaguesOf(mailbox, wanted)]);
  const found = new Map<string, Person>();
  for (const { person } of history) if (matches(person, wanted)) addOnce(found, person);
  for (const person of colleagues) addOnce(found, person);
  return [...found.values()].slice(0, mostFound);
}

/** Whom the reader has written to, and colleagues: people whose name or address means something here. */
export async function peopleWrittenTo(mailbox: MailboxIdentity): Promise<Person[]> {
  const [history, colleagues] = await Promise.all([historyOf(mailbox), colleaguesOf(mailbox, '')]);
  return [...history.filter(({ written }) => written).map(({ person }) => person), ...colleagues];
}

const fold = (text: string): string => normalForm(text, 'NFKD').replace(/\p{M}/gu, '').toLowerCase();

const matches = ({ name, address }: Person, wanted: string): boolean =>
  fold(address).startsWith(wanted) ||
  fold(name).startsWith(wanted) ||
  fold(name)
    .split(/[\s,.()"'-]+/)
    .some((word) => word.startsWith(wanted)) ||
  fold(address)
    .split(/[@._-]/)
    .some((word) => word.startsWith(wanted));

function addOnce(found: Map<string, Person>, person: Person): void {
  const key = person.address.toLowerCase();
  const before = found.get(key);
  if (!before || (before.name === '' && person.name !== '')) found.set(key, person);
}

async function colleaguesOf(mailbox: MailboxIdentity, wanted: string): Promise<Person[]> {
  const own = await database().mailbox.findUnique({ where: { id: mailbox.mailboxId }, select: { customerId: true } });
  if (!own) return [];
  const rows = await database().mailbox.findMany({
    where: { customerId: own.customerId, status: 'active', id: { not: mailbox.mailboxId } },
    select: { name: true, address: true },
    orderBy: { address: 'asc' },
    take: 2000,
  });
  return rows.map(({ name, address }) => ({ name, address: displayAddress(address) })).filter((person) => matches(person, wanted));
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
