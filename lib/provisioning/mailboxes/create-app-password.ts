import { appPasswordHash } from '../../auth/app-password-hash.ts';
import { randomAppPassword } from '../../auth/random-password.ts';
import { scramKeysOf } from '../../auth/scram-keys.ts';
import type { Database } from '../../db/prisma.ts';
import { holdLimits } from '../customers/customer-limits.ts';
import { auditOf, heldMailbox, isAboveCaller, ownMailbox, type EitherScope } from './own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/**
 * - OwnersOnly: an administrator and an owner's mailbox
 * - InvalidLabel: empty or longer than 60 characters
 * - TooMany: a mailbox has at most 50 that are valid
 * - TooManyAppPasswords: the customer has as many as it may
 */
export type CreateAppPasswordCode = 'UnknownMailbox' | 'OwnersOnly' | 'InvalidLabel' | 'TooMany' | 'TooManyAppPasswords';

const most = 50;

/** A password for one device or program. It is answered once, in clear, and never again. */
export async function createAppPassword(
  database: Database,
  scope: EitherScope,
  mailboxId: number,
  given: string,
): Promise<Result<{ id: number; password: string }, CreateAppPasswordCode>> {
  const label = given.trim();
  if (label === '' || label.length > 60 || /\p{Cc}/u.test(label)) return refused('InvalidLabel');
  const known = await ownMailbox(database, scope, mailboxId);
  if (!known) return refused('UnknownMailbox');
  const password = randomAppPassword();
  const hash = appPasswordHash(password);
  if (!hash) throw new Error('a generated app password is not in its own alphabet');
  // before the transaction, so that no lock waits for it
  const scramKeys = new Uint8Array(await scramKeysOf(password, known.scramSalt));
  return database.$transaction(async (transaction): Promise<Result<{ id: number; password: string }, CreateAppPasswordCode>> => {
    // counted alone, from here on
    const { appPasswords } = await holdLimits(transaction, scope.customerId);
    const mailbox = await heldMailbox(transaction, scope, mailboxId);
    if (!mailbox || mailbox.status === 'deleted') return refused('UnknownMailbox');
    if (isAboveCaller(scope, mailbox)) return refused('OwnersOnly');
    if ((await transaction.appPassword.count({ where: { mailboxId: mailbox.id, revokedAt: null } })) >= most) return refused('TooMany');
    const all = { revokedAt: null, mailbox: { customerId: scope.customerId } };
    if ((await transaction.appPassword.count({ where: all })) >= appPasswords) return refused('TooManyAppPasswords');
    const data = { mailboxId: mailbox.id, label, hash: new Uint8Array(hash), scramKeys };
    const { id } = await transaction.appPassword.create({ data });
    await recordAudit(transaction, { ...auditOf(scope), action: 'app-password.created', subject: mailbox.address, details: { label } });
    return done({ id: Number(id), password });
  });
}
