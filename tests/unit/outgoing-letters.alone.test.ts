import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { parseEmailAddress } from '#lib/addresses/email-address.ts';
import type { AccountId } from '#lib/db/ids.ts';
import { database } from '#lib/db/prisma.ts';
import { emptyLetter } from '#lib/webmail/writing/empty-letter.ts';
import type { MailboxIdentity } from '#lib/webmail/connection/mailbox-identity.ts';
import {
  noteAlive,
  noteSubmitted,
  noteWithdrawn,
  readAbandoned,
  readOutgoing,
  refusePress,
  takeLetter,
  waitsIn,
} from '#lib/webmail/sending/outgoing-letters.ts';
import { takeFromQueue } from '#lib/webmail/sending/take-from-queue.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';

// The ledger of letters that were given to be sent: one press, one letter, whoever dies over it and whatever comes late.

let test: TestDatabase;
let box: { mailboxId: AccountId };
beforeAll(async () => {
  test = await createTestDatabase();
  process.env['DATABASE_URL'] = test.url;
  process.env['POSTAMT_SECRET'] = 's'.repeat(64);
  box = { mailboxId: await createAccount(test.url, 'max@muster.at') };
});
afterAll(async () => {
  await database().$disconnect();
  await test.drop();
});

const toAddress = (text: string) => {
  const address = parseEmailAddress(text);
  if (!address) throw new Error(`not an address: ${text}`);
  return address;
};
const soon = () => new Date(Math.ceil(Date.now() / 1000) * 1000 + 10_000);
const silence = (id: string) =>
  sql(test.url, `update outgoing_letter set changed_at = now() - interval '1 minute' where letter_id = $1`, [id]);

it('a letter is taken once by its press, until whoever took it is silent; then with the same moment, so that the same bytes are made', async () => {
  const [letter, press, first] = [emptyLetter(), randomUUID(), soon()];
  const taken = await takeLetter(box, letter, press, first);
  expect(taken).toMatchObject({ uncertainSince: null, releaseAt: first, pressBefore: press });
  expect(await takeLetter(box, letter, press, soon())).toBeNull();
  await silence(letter.id);
  await noteAlive(box, { letterId: letter.id, attempt: taken?.attempt ?? '' });
  expect(await takeLetter(box, letter, press, soon())).toBeNull();
  await silence(letter.id);
  expect((await readAbandoned(10)).map((one) => [one.letter.id, one.press])).toEqual([[letter.id, press]]);
  const again = await takeLetter(box, letter, press, new Date(Date.now() + 60_000));
  expect(again).toMatchObject({ releaseAt: first, pressBefore: press });
  expect(again?.uncertainSince).toBeInstanceOf(Date);
  // Who was silent and wakes changes nothing any more.
  await noteSubmitted(box, { letterId: letter.id, attempt: taken?.attempt ?? '' }, { state: 'failed' });
  expect((await readOutgoing(box, letter.id))?.state).toBe('submitting');
});

it('what failed may have reached the server: the next press knows since when, and which it was', async () => {
  const [letter, one, two] = [emptyLetter(), randomUUID(), randomUUID()];
  const taken = await takeLetter(box, letter, one, soon());
  await noteSubmitted(box, { letterId: letter.id, attempt: taken?.attempt ?? '' }, { state: 'failed' });
  const next = await takeLetter(box, letter, two, soon());
  expect(next).toMatchObject({ pressBefore: one });
  expect(next?.uncertainSince).toBeInstanceOf(Date);
});

it('a press that was taken back or replaced stays so, however late it comes; another one sends', async () => {
  const [letter, one, two] = [emptyLetter(), randomUUID(), randomUUID()];
  const taken = await takeLetter(box, letter, one, soon());
  await noteSubmitted(box, { letterId: letter.id, attempt: taken?.attempt ?? '' }, { state: 'held', queueMessage: 1n });
  expect(await takeLetter(box, letter, two, soon())).toBeNull();
  // as cancel_held notes it
  await sql(test.url, `update outgoing_letter set state = 'withdrawn' where letter_id = $1`, [letter.id]);
  expect(await takeLetter(box, letter, one, soon())).toBeNull();
  const next = await takeLetter(box, letter, two, soon());
  // It was taken back for certain.
  expect(next?.uncertainSince).toBeNull();
  await silence(letter.id);
  expect(await takeLetter(box, letter, one, soon())).toBeNull();
});

it('a wish to take back that overtakes its letter holds', async () => {
  const [letter, press] = [emptyLetter(), randomUUID()];
  expect(await refusePress(box, letter.id, press)).toBe(true);
  expect(await refusePress(box, letter.id, press)).toBe(false);
  expect(await takeLetter(box, letter, press, soon())).toBeNull();
  expect(await takeLetter(box, letter, randomUUID(), soon())).not.toBeNull();
});

it('a letter waits, and is taken back, by the clock of the database where that of the web is an hour ahead', async () => {
  const [letter, press] = [emptyLetter(), randomUUID()];
  const taken = await takeLetter(box, letter, press, new Date(Date.now() + 60_000));
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
  onTestFinished(() => void vi.useRealTimers());
  expect(await waitsIn(box, 'Geplant')).toBe(true);
  await noteSubmitted(box, { letterId: letter.id, attempt: taken?.attempt ?? '' }, { state: 'failed' });
  await noteWithdrawn(box, letter.id);
  const [row] = await sql(test.url, 'select state, changed_at <= now() as past from outgoing_letter where letter_id = $1', [letter.id]);
  expect(row).toEqual({ state: 'withdrawn', past: true });
});

it('two wishes at once to take a letter back are one: neither hears that it is too late', async () => {
  const [letter, press] = [emptyLetter(), randomUUID()];
  const taken = await takeLetter(box, letter, press, soon());
  const [queued] = await sql(
    test.url,
    `with message as (insert into queue_message (account_id, sender, content, size, release_at) values ($1, 'max@muster.at', '', 0, now() + interval '1 hour') returning id)
     insert into queue_recipient (message_id, address, domain) select id, 'wer@extern.example', 'extern.example' from message returning message_id`,
    [box.mailboxId],
  );
  const queueMessage = BigInt(String(queued?.['message_id']));
  await noteSubmitted(box, { letterId: letter.id, attempt: taken?.attempt ?? '' }, { state: 'held', queueMessage });
  const outgoing = await readOutgoing(box, letter.id);
  if (!outgoing) throw new Error('it is not in the ledger');
  const mailbox: MailboxIdentity = {
    ...box,
    address: toAddress('max@muster.at'),
    name: 'Max',
    locale: 'de',
    credentialVersion: 1,
    sessionId: null,
  };
  const wish = () => takeFromQueue(mailbox, letter.id, outgoing);
  expect((await Promise.all([wish(), wish()])).toSorted()).toEqual(['taken', 'taken-already']);
  expect((await readOutgoing(box, letter.id))?.state).toBe('withdrawn');
});
