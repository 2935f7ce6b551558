import { expect, test } from 'vitest';
import { sortByPlace } from '#mail-server/queue/place-of.ts';
import type { Services } from '#mail-server/services.ts';
import type { QueuedRecipient } from '#mail-server/store/queue/queue-store.ts';

test('what was followed to a mailbox here leaves for no other host, also while the directory does not answer', async () => {
  const services = {
    directory: { recipients: () => Promise.reject(new Error('away')) },
    log: { warn: () => undefined },
    secret: 'x'.repeat(32),
  } as unknown as Services;
  const recipient = (messageId: number, address: string, isHosted: boolean, within: number | null) =>
    ({
      messageId,
      address,
      isHosted,
      within,
      sender: 'a@b.example',
      accountId: null,
      since: new Date(0),
      claimedAt: new Date(0),
      createdAt: new Date(0),
    }) as unknown as QueuedRecipient;
  const recipients = [
    recipient(1, 'm@muster.at', true, null),
    recipient(2, 'm@was-ours.example', false, 7),
    recipient(3, 'm@other.example', false, null),
  ];
  const { remote, settled } = await sortByPlace(services, recipients);
  expect(remote.map(({ messageId }) => messageId)).toEqual([3]);
  expect(settled.map(([{ messageId }, { kind }]) => [messageId, kind])).toEqual([
    [1, 'deferred'],
    [2, 'failed'],
  ]);
});
