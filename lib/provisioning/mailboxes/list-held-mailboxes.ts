import type { OperatorScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';

export type HeldReason = 'strangers' | 'bounces';
export const heldReason = (kept: string | null): HeldReason => (kept === 'bounces' ? 'bounces' : 'strangers');

/** The mailboxes of the installation whose sending is held, the newest first. */
export async function listHeldMailboxes(
  database: Database,
  _scope: OperatorScope,
): Promise<{ id: number; address: string; reason: HeldReason }[]> {
  const held = await database.mailbox.findMany({
    where: { sendingHeldAt: { not: null }, status: { not: 'deleted' } },
    select: { id: true, address: true, sendingHeldReason: true },
    orderBy: { sendingHeldAt: 'desc' },
    take: 100,
  });
  return held.map(({ id, address, sendingHeldReason }) => ({ id: Number(id), address, reason: heldReason(sendingHeldReason) }));
}
