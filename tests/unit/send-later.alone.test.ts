import { expect, test, vi } from 'vitest';
import { longestHoldMs } from '#lib/config/longest-hold.ts';
import { parseEmailAddress } from '#lib/addresses/email-address.ts';
import type { AccountId } from '#lib/db/ids.ts';
import { sendLetter } from '#lib/webmail/sending/send-letter.ts';
import type { Letter } from '#lib/webmail/writing/letter.ts';

test('a letter for later than the webmail can hold it is refused, and not sent at another time than the one that was asked for', async () => {
  vi.stubEnv('DATABASE_URL', 'postgres://nobody@127.0.0.1:1/none');
  vi.stubEnv('POSTAMT_SECRET', 'a secret of the tests, long enough for everybody');
  const mailbox = { mailboxId: 1 as AccountId, address: parseEmailAddress('max@muster.at') ?? expect.fail() } as never;
  const letter = { id: 'a', to: [{ name: '', address: 'erika@muster.at' }], cc: [], bcc: [] } as unknown as Letter;
  const at = new Date(Date.now() + longestHoldMs + 60_000);
  await expect(sendLetter(mailbox, letter, { at })).rejects.toMatchObject({ code: 'InvalidRequest' });
});
