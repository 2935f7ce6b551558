import type { EmailAddress } from '../../addresses/email-address.ts';
import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { openAddress, type OpenAddressCode } from './open-address.ts';
import { auditOf } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, type Result } from '../result.ts';
import { undoneWhereRefused } from '../roll-back.ts';
import { setTargets, type SetTargetsCode } from './set-targets.ts';

export type SetCatchAllCode = OpenAddressCode | SetTargetsCode;

const mostTargets = 20;

/** Leads every letter to an address of the domain that nobody has to these targets. */
export function setCatchAll(
  database: Database,
  scope: CustomerScope,
  input: { domain: string; targets: readonly string[]; mustBeNew?: boolean },
): Promise<Result<EmailAddress, SetCatchAllCode>> {
  return undoneWhereRefused<EmailAddress, SetCatchAllCode>(database, async (transaction) => {
    const entry = await openAddress(transaction, scope, 'catch_all', { ...input, localPart: '' });
    if (!entry.ok) return entry;
    const set = await setTargets(transaction, scope, entry.value, input.targets, mostTargets);
    if (!set.ok) return set;
    const details = { targets: set.value.join(', ').slice(0, 2000) };
    await recordAudit(transaction, { ...auditOf(scope), action: 'catch-all.set', subject: entry.value.address, details });
    return done(entry.value.address);
  });
}
