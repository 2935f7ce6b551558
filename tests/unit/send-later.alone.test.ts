import { beforeEach, expect, test, vi } from 'vitest';
import { longestHoldMs } from '#lib/config/longest-hold.ts';
import { parseEmailAddress } from '#lib/addresses/email-address.ts';
import type { AccountId } from '#lib/db/ids.ts';
import { withTimeLeft } from '#lib/webmail/sending/release-clock.ts';
import { sendLetter } from '#lib/webmail/sending/send-letter.ts';
import type { Letter } from '#lib/webmail/writing/letter.ts';

beforeEach(() => {
  vi.stubEnv('DATABASE_URL', 'postgres://nobody@127.0.0.1:1/none');
  vi.stubEnv('POSTAMT_SECRET', 'a secret of the tests, long enough for everybody');
});

test('a letter for later than the webmail can hold it is refused, and not sent at another time than the one that was asked for', async () => {
  const mailbox = { mailboxId: 1 as AccountId, address: parseEmailAddress('max@muster.at') ?? expect.fail() } as never;
  const letter = { id: 'a', to: [{ name: '', address: 'erika@muster.at' }], cc: [], bcc: [] } as unknown as Letter;
  const at = new Date(Date.now() + longestHoldMs + 60_000);
  await expect(sendLetter(mailbox, letter, { at })).rejects.toMatchObject({ code: 'InvalidRequest' });
});

test('a letter that was given is said to be given, also where the database is away when its answer is written', async () => {
  const given = { refused: [], leavesAt: new Date(Date.now() + 600_000).toISOString() };
  const { leavesInMs, ...said } = await withTimeLeft(given);
  expect(said).toEqual(given);
  expect(leavesInMs).toBeGreaterThan(500_000);
});
