import { expect, it } from 'vitest';
import { concludeMessage } from '#mail-server/smtp/conclude-message.ts';
import type { SmtpContext } from '#mail-server/smtp/context.ts';
import { reply } from '#mail-server/smtp/reply.ts';
import type { Transaction } from '#mail-server/smtp/transaction.ts';

/** Whether the sender counts as told, where he leaves `whileStored` or upon the reply. */
async function isTold({ whileStored = false, uponReply = false }): Promise<boolean | undefined> {
  let told: boolean | undefined;
  const input = { isLeft: false, empty: true };
  const leave = (): void => {
    input.isLeft = true;
  };
  const session = {
    input,
    profile: {
      lmtp: false,
      async accept() {
        // its end is heard in the same turn as the database
        if (whileStored) setImmediate(leave);
        return { replies: [reply(250, '2.0.0', 'delivered')], settle: (answered: boolean) => (told = answered) };
      },
    },
    write: () => undefined,
    async flush() {
      if (uponReply) leave();
      return true;
    },
  };
  await concludeMessage(session as unknown as SmtpContext, { recipients: [] } as unknown as Transaction, Buffer.from('x'));
  return told;
}

it('who leaves while his letter is stored comes again with the same one', async () =>
  expect(await isTold({ whileStored: true })).toBe(false));

it('who leaves upon the reply, without QUIT, has heard it: what he brings next is another letter, also where it says the same', async () =>
  expect(await isTold({ uponReply: true })).toBe(true));
