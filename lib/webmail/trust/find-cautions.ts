import { type Caution, cautionsOf } from './cautions.ts';
import { peopleWrittenTo } from '../people/find-people.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import type { Person } from '../reading/mail-message.ts';

/** Whether this sender looks like somebody whom the reader knows. Asked beside reading, which it must not slow down. */
export const findCautions = async (mailbox: MailboxIdentity, sender: Person): Promise<{ cautions: Caution[] }> => ({
  cautions: cautionsOf(sender, await peopleWrittenTo(mailbox), mailbox.address.slice(mailbox.address.lastIndexOf('@') + 1).toLowerCase()),
});
