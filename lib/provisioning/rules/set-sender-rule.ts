import { parseDomainName } from '../../addresses/domain-name.ts';
import { parseEmailAddress } from '../../addresses/email-address.ts';
import type { SenderVerdict } from '../../db/generated/enums.ts';
import type { Database } from '../../db/prisma.ts';
import { auditOf, heldMailbox, type EitherScope } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/**
 * - UnknownMailbox: none, or not the caller's
 * - InvalidSender: neither an address nor a domain
 * - TooMany: a mailbox has at most 1,000
 */
export type SetSenderRuleCode = 'UnknownMailbox' | 'InvalidSender' | 'TooMany';

const most = 1_000;

/** "max@muster.at", or "@muster.at" for "muster.at", "@muster.at" and "*@muster.at"; null for what is neither. */
function parseSender(input: string): string | null {
  const typed = input.trim();
  const address = parseEmailAddress(typed);
  if (address && !typed.startsWith('*@')) return address;
  const domain = parseDomainName(typed.replace(/^\*?@/, ''));
  return domain ? `@${domain}` : null;
}

/** Blocks a sender (into Junk), allows one (never into Junk), or forgets what was said of him (null). Returns the sender as it is kept. */
export async function setSenderRule(
  database: Database,
  scope: EitherScope,
  mailboxId: number,
  input: string,
  verdict: SenderVerdict | null,
): Promise<Result<string, SetSenderRuleCode>> {
  const sender = parseSender(input);
  if (!sender) return refused('InvalidSender');
  return database.$transaction(async (transaction): Promise<Result<string, SetSenderRuleCode>> => {
    const mailbox = await heldMailbox(transaction, scope, mailboxId);
    if (!mailbox || mailbox.status === 'deleted') return refused('UnknownMailbox');
    const key = { mailboxId: mailbox.id, sender };
    if (verdict === null) await transaction.senderRule.deleteMany({ where: key });
    else {
      if ((await transaction.senderRule.count({ where: { mailboxId: mailbox.id, sender: { not: sender } } })) >= most)
        return refused('TooMany');
      await transaction.senderRule.upsert({ where: { mailboxId_sender: key }, create: { ...key, verdict }, update: { verdict } });
    }
    await recordAudit(transaction, {
      ...auditOf(scope),
      action: verdict === null ? 'sender-rule.removed' : 'sender-rule.set',
      subject: mailbox.address,
      details: { sender, verdict },
    });
    return done(sender);
  });
}
