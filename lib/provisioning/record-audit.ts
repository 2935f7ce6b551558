import type { Actor } from '../auth/customer-scope.ts';
import type { CustomerId } from '../db/ids.ts';
import type { Transaction } from '../db/prisma.ts';

/** Every change that the panel, or an operator's command, can make, as it stands in audit_event.action. */
export type AuditAction =
  | 'customer.created'
  | 'customer.suspended'
  | 'customer.resumed'
  | 'customer.limits-set'
  | 'domain.added'
  | 'domain.verified'
  | 'domain.removed'
  | 'mailbox.created'
  | 'mailbox.renamed'
  | 'mailbox.password-set'
  | 'mailbox.quota-set'
  | 'mailbox.spam-filter-set'
  | 'mailbox.sending-held'
  | 'mailbox.sending-released'
  | 'mailbox.suspended'
  | 'mailbox.resumed'
  | 'mailbox.deleted'
  | 'mailbox.restored'
  | 'mailbox.purge-asked'
  | 'mailbox.purged'
  | 'connections.ended'
  | 'alias.added'
  | 'alias.removed'
  | 'forward.set'
  | 'forward.removed'
  | 'group.set'
  | 'group.removed'
  | 'catch-all.set'
  | 'catch-all.removed'
  | 'target.resumed'
  | 'group.left'
  | 'withheld.released'
  | 'withheld.discarded'
  | 'quarantine.set'
  | 'domain-alias.set'
  | 'domain.asked-for'
  | 'domain-request.agreed'
  | 'domain-request.refused'
  | 'dkim-keys.renewed'
  | 'dkim-key.used'
  | 'send-as.granted'
  | 'send-as.taken'
  | 'mailbox-forward.added'
  | 'mailbox-forward.confirmed'
  | 'mailbox-forward.resumed'
  | 'mailbox-forward.removed'
  | 'mailbox-forward.keep-set'
  | 'absence.set'
  | 'sender-rule.set'
  | 'sender-rule.removed'
  | 'outside-forwards.allowed'
  | 'outside-forwards.forbidden'
  | 'app-password.created'
  | 'app-password.revoked'
  | 'person.password-set'
  | 'person.role-set';

interface AuditEntry {
  customerId: CustomerId | null;
  actor: Actor;
  remote: string | null;
  action: AuditAction;
  /** what was changed, as people call it: an address, a domain */
  subject: string;
  details?: Record<string, string | number | boolean | null>;
}

/** Writes one line of the audit, in the transaction of the change that it tells of. Passwords never stand in it. */
export async function recordAudit(transaction: Transaction, { details = {}, ...entry }: AuditEntry): Promise<void> {
  await transaction.auditEvent.create({ data: { ...entry, details } });
}
