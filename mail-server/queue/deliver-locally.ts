import { createHash } from 'node:crypto';
import type { AccountId } from '../../lib/db/ids.ts';
import { indexIncoming } from '../delivery/letter-work.ts';
import { withReturnPath } from '../delivery/trace-header.ts';
import type { Services } from '../services.ts';
import { readQueuedContent, readQueuedProvenance, type QueuedRecipient } from '../store/queue-store.ts';
import { StoreError } from '../store/store-error.ts';
import type { NewMessage } from '../store/types.ts';
import { deferred, failed, said, type Outcome } from './outcome.ts';
import type { QueueContext } from './queue-context.ts';

export interface LocalRecipient {
  recipient: QueuedRecipient;
  account: AccountId;
}

/**
 * Delivers a queued message to mailboxes of ours. The id of the recipient's row is the idempotency key: whoever tries it again after a
 * crash, this worker or another, stores it once.
 */
export async function deliverLocally(context: QueueContext, messageId: number, locals: readonly LocalRecipient[]): Promise<void> {
  const { services } = context;
  const recipients = locals.map(({ recipient }) => recipient);
  const sender = recipients[0]?.sender ?? '';
  let content: Buffer | null;
  let message: NewMessage;
  try {
    content = await readQueuedContent(services.database, messageId);
    if (!content) throw new Error('the message is gone');
    const raw = withReturnPath(content, sender);
    const provenance = await readQueuedProvenance(services.database, messageId);
    message = { raw, index: await indexIncoming(raw, sender), flags: 0n, receivedMs: null, provenance };
  } catch (error) {
    services.log.error({ err: error, queueId: messageId }, 'a queued message could not be read');
    await context.conclude(
      recipients,
      recipients.map(() => deferred('4.3.0', '451 4.3.0 The message could not be read')),
      null,
    );
    return;
  }
  const stored = await Promise.all(locals.map((local) => store(services, local, message)));
  await context.conclude(recipients, stored, content, () => {
    for (const { recipient, account } of locals) services.store.acknowledge(account, keyOf(recipient));
  });
}

const keyOf = (recipient: QueuedRecipient): Buffer => createHash('sha256').update(`queue recipient ${recipient.id}`).digest();

async function store(services: Services, { recipient, account }: LocalRecipient, message: NewMessage): Promise<Outcome> {
  try {
    await services.store.deliver(account, message, keyOf(recipient));
    return { kind: 'delivered', way: 'stored', confirms: false, result: said('2.1.5', 'Zugestellt - delivered') };
  } catch (error) {
    const code = error instanceof StoreError ? error.code : 'Unavailable';
    if (code === 'OverQuota') return failed('5.2.2', '552 5.2.2 Postfach voll - mailbox full');
    if (code === 'UnknownAccount') return failed('5.1.1', '550 5.1.1 Adresse unbekannt - address unknown');
    services.log.warn({ err: error, queueId: recipient.messageId }, 'a queued message could not be stored');
    return deferred('4.3.0', '451 4.3.0 The store does not answer');
  }
}
