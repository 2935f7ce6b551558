import type { CustomerScope } from '../auth/customer-scope.ts';
import type { Database } from '../db/prisma.ts';
import type { AuditAction } from './record-audit.ts';

export interface AuditLine {
  id: number;
  at: Date;
  action: AuditAction;
  subject: string;
  details: Record<string, unknown>;
  /** name or address of who did it; null: the system */
  actor: string | null;
  remote: string | null;
}

/** The customer's changes, newest first, 100 a page. `before`: id of the last line of the page above. */
export async function listAudit(database: Database, scope: CustomerScope, before: number | null = null): Promise<AuditLine[]> {
  const events = await database.auditEvent.findMany({
    where: { customerId: scope.customerId, ...(before === null ? {} : { id: { lt: before } }) },
    orderBy: { id: 'desc' },
    take: 100,
  });
  const names = await namesOf(
    database,
    events.map(({ actor }) => actor),
  );
  return events.map(({ id, at, action, subject, details: given, actor, remote }) => {
    const details = typeof given === 'object' && given !== null && !Array.isArray(given) ? given : {};
    return {
      id: Number(id),
      at,
      action: action as AuditAction,
      // a purged mailbox is known by its number, since its address may be another one's by now
      subject: typeof details['address'] === 'string' ? details['address'] : subject,
      details,
      actor: names.get(actor) ?? (actor === 'system' ? null : actor),
      remote,
    };
  });
}

async function namesOf(database: Database, actors: string[]): Promise<Map<string, string>> {
  const ids = (kind: string) =>
    [...new Set(actors.filter((actor) => actor.startsWith(`${kind}:`)))].map((actor) => BigInt(actor.slice(kind.length + 1)));
  const [users, mailboxes] = await Promise.all([
    database.user.findMany({ where: { id: { in: ids('user') } }, select: { id: true, email: true, role: true } }),
    database.mailbox.findMany({ where: { id: { in: ids('mailbox') } }, select: { id: true, address: true } }),
  ]);
  return new Map([
    ...users.map(({ id, email, role }): [string, string] => [`user:${id}`, role === 'operator' ? 'Postamt' : email]),
    ...mailboxes.map(({ id, address }): [string, string] => [`mailbox:${id}`, address]),
  ]);
}
