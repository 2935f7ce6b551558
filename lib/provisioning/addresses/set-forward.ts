import type { EmailAddress } from '../../addresses/email-address.ts';
import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { openAddress, type OpenAddressCode } from './open-address.ts';
import { auditOf } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, type Result } from '../result.ts';
import { undoneWhereRefused } from '../roll-back.ts';
import { setTargets, type SetTargetsCode } from './set-targets.ts';

export type SetForwardCode = OpenAddressCode | SetTargetsCode;

const mostTargets = 100;

/** Makes an address without a mailbox that passes its letters on, or changes where to. With `expiresAt` it is refused from then on. */
export function setForward(
  database: Database,
  scope: CustomerScope,
  input: { localPart: string; domain: string; targets: readonly string[]; expiresAt?: Date | null; note?: string; mustBeNew?: boolean },
): Promise<Result<EmailAddress, SetForwardCode>> {
  return undoneWhereRefused<EmailAddress, SetForwardCode>(database, async (transaction) => {
    const entry = await openAddress(transaction, scope, 'forward', input);
    if (!entry.ok) return entry;
    const set = await setTargets(transaction, scope, entry.value, input.targets, mostTargets);
    if (!set.ok) return set;
    await recordAudit(transaction, {
      ...auditOf(scope),
      action: 'forward.set',
      subject: entry.value.address,
      details: { targets: set.value.join(', ').slice(0, 2000) },
    });
    return done(entry.value.address);
  });
}
