import type { DeliveryOutcome } from '../delivery/deliver-to-mailboxes.ts';
import { refusalLine } from '../delivery/rules/refusal-line.ts';
import type { StoreErrorCode } from '../store/store-error.ts';
import { mailboxFull, unknownAddress } from './check-local-recipient.ts';
import type { SmtpContext } from './context.ts';
import { reply, unavailable, type Reply } from './reply.ts';

export const stored = reply(250, '2.0.0', 'Zugestellt - delivered');

/** The id that stands in our log and in Received, for the log of the other side. */
export const withId = (answer: Reply, { id }: SmtpContext): Reply =>
  answer === stored ? reply(250, '2.0.0', `Zugestellt - delivered as ${id}`) : answer;

const replies: Partial<Record<StoreErrorCode, Reply>> = { OverQuota: mailboxFull, UnknownAccount: unknownAddress };

const refused = (reason: string): Reply => reply(550, '5.7.1', refusalLine(reason));

/** Taken for the sake of others, and refused by its owner's rules: what the host would have heard. There is no delivery to confirm. */
export const refusedLater = (outcome: DeliveryOutcome | undefined): Reply | null =>
  outcome?.ok && outcome.instead?.kind === 'rejected' ? refused(outcome.instead.reason) : null;

/** What is said of one mailbox. */
export function answerFor(outcome: DeliveryOutcome | undefined): Reply {
  if (!outcome) return unavailable();
  if (outcome.ok) return stored;
  if (outcome.code === 'Refused') return refused(String(outcome.error));
  return replies[outcome.code] ?? unavailable(outcome.error);
}

/** Why it lies in Junk or in quarantine, or not in the mailbox at all, for the trace. */
export function remarkOf(suspicion: string | null, outcome: DeliveryOutcome | undefined): string {
  if (outcome?.ok && outcome.withheld) return ` (quarantine: ${outcome.withheld.cause} ${outcome.withheld.detail})`;
  if (outcome?.ok && outcome.instead)
    return ` (rules: ${outcome.instead.kind}${outcome.instead.kind === 'rejected' ? ' after the 250' : ''})`;
  const spam = outcome?.ok ? outcome.spam : null;
  if (suspicion !== null) return ` (Junk: ${suspicion})`;
  if (!spam) return '';
  const reasons = spam.reasons.filter(({ points }) => points > 0).map(({ code, data }) => (data === undefined ? code : `${code} ${data}`));
  return spam.junk ? ` (Junk, ${spam.percent} %: ${reasons.slice(0, 4).join(', ')})` : ` (spam filter: ${spam.percent} %)`;
}
