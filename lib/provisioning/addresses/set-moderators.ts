import { parseEmailAddress } from '../../addresses/email-address.ts';
import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Transaction } from '../../db/prisma.ts';

const mostModerators = 50;

/** Makes these mailboxes the moderators of a group; false where one of them is none of the customer's, or there are too many. */
export async function setModerators(
  transaction: Transaction,
  scope: CustomerScope,
  groupId: bigint,
  moderators: readonly string[],
): Promise<boolean> {
  const wanted = new Set(moderators.map((address) => parseEmailAddress(address) ?? ''));
  if (wanted.size > mostModerators) return false;
  const mailboxes = await transaction.mailbox.findMany({
    where: { customerId: scope.customerId, address: { in: [...wanted] }, status: { not: 'deleted' } },
    select: { id: true },
  });
  if (mailboxes.length !== wanted.size) return false;
  const ids = mailboxes.map(({ id }) => id);
  await transaction.groupModerator.deleteMany({ where: { addressId: groupId, mailboxId: { notIn: ids } } });
  await transaction.groupModerator.createMany({ data: ids.map((mailboxId) => ({ addressId: groupId, mailboxId })), skipDuplicates: true });
  return true;
}
