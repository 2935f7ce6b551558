import type { CustomerId } from '../db/ids.ts';
import type { Database } from '../db/prisma.ts';

/**
 * Who set something of a mailbox, as its owner reads it: the name of an administrator, or null for the owner's own hand ("mailbox:7", or the
 * panel sign-in of the same person). `gone` stands for somebody whose sign-in is no longer there.
 */
export async function nameOfActor(
  database: Database,
  { customerId, mailboxId }: { customerId: CustomerId; mailboxId: number },
  actor: string,
  gone: string,
): Promise<string | null> {
  const [kind, id] = actor.split(':');
  if (kind !== 'user') return null;
  const user = await database.user.findFirst({
    where: { id: Number(id), customerId },
    select: { mailbox: { select: { id: true, name: true, address: true } } },
  });
  if (user?.mailbox && Number(user.mailbox.id) === mailboxId) return null;
  return user?.mailbox ? user.mailbox.name || user.mailbox.address : gone;
}
