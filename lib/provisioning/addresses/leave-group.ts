import type { Database } from '../../db/prisma.ts';
import { customerId } from '../../db/ids.ts';
import type { Leaving } from '../../targets/unsubscribe-token.ts';
import { recordAudit } from '../record-audit.ts';

/** Address of the group that somebody outside is a member of; null: of none. */
export async function groupToLeave(database: Database, { group, member }: Leaving): Promise<string | null> {
  const target = await database.addressTarget.findFirst({
    where: { addressId: group, outside: member, address: { kind: 'group' } },
    select: { address: { select: { address: true } } },
  });
  return target?.address.address ?? null;
}

/** Takes a member outside out of a group; whoever has the link was sent it. Once more is no mistake. */
export function leaveGroup(database: Database, { group, member }: Leaving): Promise<void> {
  return database.$transaction(async (transaction) => {
    const target = await transaction.addressTarget.findFirst({
      where: { addressId: group, outside: member, address: { kind: 'group' } },
      include: { address: { include: { domain: { select: { customerId: true } } } } },
    });
    if (!target) return;
    // a program's click and a person's may come at the same moment
    const { count } = await transaction.addressTarget.deleteMany({ where: { id: target.id } });
    if (count === 0) return;
    await recordAudit(transaction, {
      customerId: customerId(target.address.domain.customerId),
      actor: 'system',
      remote: null,
      action: 'group.left',
      subject: target.address.address,
      details: { member },
    });
  });
}
