import type { Services } from '../../services.ts';
import type { MailboxRules } from './mailbox-rules.ts';

/** Whether a domain is one of the mailbox's own customer. */
export async function isOfCustomer({ directory }: Services, rules: MailboxRules, domain: string): Promise<boolean> {
  const found = await directory.domain(domain as never);
  return found !== null && found.customerId === rules.customerId;
}
