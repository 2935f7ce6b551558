import { createHash, randomInt } from 'node:crypto';
import { domainOf, parseEmailAddress, type EmailAddress } from '../../addresses/email-address.ts';
import type { Database } from '../../db/prisma.ts';
import { lookupWithPrisma } from '../../targets/lookup-with-prisma.ts';
import { isResponsible } from '../../targets/postmaster.ts';
import { auditOf, isAboveCaller, heldMailbox, type EitherScope } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';
import { tellAgain } from './tell-again.ts';

/**
 * - UnknownMailbox: none, or not the caller's
 * - OwnersOnly: an administrator would read an owner's letters
 * - InvalidTarget: no address, or the mailbox's own
 * - UnknownTarget: of the customer, and nobody has it
 * - TooManyTargets: a mailbox forwards to at most 10
 * - ForwardsForbidden: the customer keeps letters in the house
 * - NotConfirmedYet: only letters of a confirmed domain go elsewhere
 */
export type AddMailboxForwardCode =
  | 'UnknownMailbox'
  | 'OwnersOnly'
  | 'InvalidTarget'
  | 'UnknownTarget'
  | 'TooManyTargets'
  | 'ForwardsForbidden'
  | 'NotConfirmedYet';

export interface AddedForward {
  id: number;
  target: EmailAddress;
  /** to be sent to the target, which works once somebody there has read it and it was typed in; null for addresses of the customer */
  code: string | null;
}

const most = 10;
const codeLivesMs = 3 * 24 * 3600 * 1000;

export const forwardCodeHash = (mailboxId: number, target: string, code: string): Buffer =>
  createHash('sha256').update(`${mailboxId} ${target} ${code}`).digest();

/** Passes a mailbox's letters on. Outside the customer only after its receiver agreed: nobody is flooded by somebody else's setting. */
export async function addMailboxForward(
  database: Database,
  scope: EitherScope,
  mailboxId: number,
  input: { target: string; keep: boolean },
): Promise<Result<AddedForward, AddMailboxForwardCode>> {
  const target = parseEmailAddress(input.target);
  return database.$transaction(async (transaction): Promise<Result<AddedForward, AddMailboxForwardCode>> => {
    const mailbox = await heldMailbox(transaction, scope, mailboxId);
    if (!mailbox || mailbox.status === 'deleted') return refused('UnknownMailbox');
    if (isAboveCaller(scope, mailbox)) return refused('OwnersOnly');
    const own = await transaction.address.count({ where: { address: target ?? '', mailboxId: mailbox.id } });
    if (!target || own > 0) return refused('InvalidTarget');
    const others = await transaction.mailboxForward.count({ where: { mailboxId: mailbox.id, target: { not: target } } });
    if (others >= most) return refused('TooManyTargets');
    const inside = (await transaction.domain.count({ where: { name: domainOf(target), customerId: scope.customerId } })) > 0;
    const [entry] = inside ? await lookupWithPrisma(transaction)([target]) : [];
    if (entry?.kind === 'unknown-user' && !isResponsible(target)) return refused('UnknownTarget');
    const { customer, domain } = await transaction.mailbox.findUniqueOrThrow({
      where: { id: mailbox.id },
      select: { customer: { select: { forwardsOutside: true } }, domain: { select: { verifiedAt: true } } },
    });
    if (!inside && !customer.forwardsOutside) return refused('ForwardsForbidden');
    if (!inside && !domain.verifiedAt) return refused('NotConfirmedYet');
    const known = await transaction.mailboxForward.findUnique({ where: { mailboxId_target: { mailboxId: mailbox.id, target } } });
    const confirmed = inside || (known?.confirmedAt ?? null) !== null;
    const code = confirmed ? null : String(randomInt(100_000, 1_000_000));
    const data = {
      keep: input.keep,
      setBy: scope.actor,
      pausedAt: null,
      pauseReason: null,
      failingSince: null,
      ...(code === null
        ? { confirmedAt: known?.confirmedAt ?? new Date() }
        : {
            codeHash: Uint8Array.from(forwardCodeHash(mailboxId, target, code)),
            codeUntil: new Date(Date.now() + codeLivesMs),
            codeTries: 0,
          }),
    };
    const row = await transaction.mailboxForward.upsert({
      where: { mailboxId_target: { mailboxId: mailbox.id, target } },
      create: { mailboxId: mailbox.id, target, ...data },
      update: data,
    });
    await tellAgain(transaction, { kind: 'forward', id: Number(row.id) }, [null]);
    const details = { target, keep: input.keep, confirmed };
    await recordAudit(transaction, { ...auditOf(scope), action: 'mailbox-forward.added', subject: mailbox.address, details });
    return done({ id: Number(row.id), target, code });
  });
}
