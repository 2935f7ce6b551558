import type { Database } from '../../lib/db/prisma.ts';

/**
 * The letters of the demo came within a minute. They are to lie in their mailboxes as if each had come when it was written, over three weeks,
 * as a mailbox in use looks. Nobody has seen them yet: the first start does this before it says where to click.
 */
export async function dateLetters(database: Database, addresses: readonly string[]): Promise<void> {
  await database.$executeRaw`UPDATE message SET received = written.sent_at FROM message_text AS written
    JOIN mailbox ON mailbox.id = written.account_id AND mailbox.address = ANY(${addresses})
    WHERE message.account_id = written.account_id AND message.message_id = written.message_id AND written.sent_at < message.received`;
}
