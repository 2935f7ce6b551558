import { parseEmailAddress } from '../../lib/addresses/email-address.ts';
import { parseEnvelopePath } from '../../lib/addresses/envelope-path.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import type { Services } from '../services.ts';
import type { QueuedRecipient } from '../store/queue/queue-store.ts';
import { failed, ofOurs, type Outcome } from './outcome.ts';

type Asked = Pick<Services, 'directory' | 'database' | 'log'>;

/** What is only kept for a moment, to be taken back, is as good as said now. */
const momentMs = 60_000;
const author = { name: 'queue_author', text: 'select author from queue_message where id = $1' };
const mailbox = { name: 'queue_mailbox_address', text: 'select address from mailbox where id = $1' };

const notTheirs = failed(
  '5.7.1',
  '553 5.7.1 Diese Absenderadresse gehoert nicht mehr zum Postfach - the sender address does not belong to the mailbox any more',
);

/**
 * Letters that waited for a time chosen by their sender, up to a year, and were written as somebody whom he may not write as any more: the alias
 * was taken from him, or the domain has another owner by now, in whose name the letter would leave. By message, what becomes of them.
 */
export async function noLongerTheirs(services: Asked, recipients: readonly QueuedRecipient[]): Promise<Map<number, Outcome>> {
  const found = new Map<number, Outcome>();
  const waited = recipients.filter(({ since, createdAt }) => since.getTime() - createdAt.getTime() > momentMs);
  const letters = new Map(waited.map((each) => [each.messageId, each]));
  for (const { messageId, accountId, sender } of letters.values()) {
    if (accountId === null) continue;
    try {
      const [row] = await services.database.read(author, [messageId]);
      const names = [sender, (row?.[0] as string | null | undefined) ?? ''].filter((name) => name !== '');
      if (!(await areOwn(services, accountId, names))) found.set(messageId, notTheirs);
    } catch (error) {
      services.log.warn({ err: error, queueId: messageId }, 'it could not be looked up who a letter was written as');
      found.set(messageId, ofOurs(error, 'The directory does not answer'));
    }
  }
  return found;
}

/** Where a mailbox reads what became of its letter: not at an address that belongs to somebody else since. */
export async function reportsGoTo(services: Asked, { accountId, sender }: Pick<QueuedRecipient, 'accountId' | 'sender'>): Promise<string> {
  if (accountId === null || sender === '' || (await areOwn(services, accountId, [sender]))) return sender;
  const [row] = await services.database.read(mailbox, [accountId]);
  return (row?.[0] as string | undefined) ?? '';
}

async function areOwn({ directory }: Asked, account: AccountId, names: readonly string[]): Promise<boolean> {
  const own = await directory.senderAddresses(account);
  return names.every((name) => {
    const address = parseEnvelopePath(name)?.own ?? parseEmailAddress(name);
    return address !== null && own.has(address);
  });
}
