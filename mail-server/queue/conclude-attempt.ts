import type { OnceMessage } from '../delivery/groups/hold-for-moderators.ts';
import { messageId } from '../delivery/message-id.ts';
import { noteStep } from '../delivery/note-step.ts';
import type { Services } from '../services.ts';
import { settleAttempt, type Settlement } from '../store/queue/queue-settlement.ts';
import { readQueuedContent, type AttemptResult, type NewQueueMessage, type QueuedRecipient } from '../store/queue/queue-store.ts';
import type { TraceEvent } from '../store/trace-store.ts';
import { said, type Outcome } from './outcome.ts';
import { bellOf } from './queue-bell.ts';
import type { ConcludeOptions } from './queue-context.ts';
import type { ReportedRecipient } from './report/delivery-report.ts';
import { failureReport } from './report/failure-report.ts';
import { successReport } from './report/success-report.ts';
import { settleForward } from './settle-forward.ts';
import { retryDelaySeconds, soonSeconds } from './retry-schedule.ts';
import { waitForDatabase } from './wait-for-database.ts';
import { reportsGoTo } from './written-as.ts';

const dayMs = 86_400_000;
const delayedNoticeAfterMs = 4 * 3_600_000;

interface Concluded {
  recipient: QueuedRecipient;
  outcome: Outcome;
}

/**
 * Writes down what came of an attempt to deliver one message to some of its recipients, with the reports that its sender is due
 * (RFC 3461 section 4.1, 5.2 and 6). True if that was committed by this worker; false if another one holds the recipients by now.
 */
export async function concludeAttempt(
  services: Services,
  worker: string,
  recipients: readonly QueuedRecipient[],
  outcomes: readonly Outcome[],
  given: Buffer | null,
  { becomes = [], withheld = [], once = [] }: Pick<ConcludeOptions, 'becomes' | 'withheld' | 'once'> = {},
): Promise<'kept' | 'gone' | false> {
  const [first] = recipients;
  if (!first) return 'kept';
  const now = first.claimedAt;
  const waitedMs = now.getTime() - first.since.getTime();
  const expired = waitedMs >= services.settings.queueDays * dayMs;
  const decided = recipients.map((recipient, index): Concluded => {
    const outcome = outcomes[index] ?? { kind: 'deferred', result: said('4.3.0', '451 4.3.0 Not tried') };
    return expired && outcome.kind === 'deferred'
      ? { recipient, outcome: { kind: 'failed', result: { ...outcome.result, status: '5.4.7' } } }
      : { recipient, outcome };
  });
  const content =
    given ?? (await waitForDatabase(services, () => readQueuedContent(services.database, first.messageId))) ?? Buffer.alloc(0);
  const { concluded, delayed, due } = await withReports(services, first, decided, content, now);
  const settlement: Settlement = {
    worker,
    messageIds: [first.messageId],
    finished: concluded.flatMap(({ recipient, outcome }) =>
      outcome.kind === 'deferred'
        ? []
        : [{ id: recipient.id, state: outcome.kind === 'failed' ? ('failed' as const) : ('delivered' as const), result: outcome.result }],
    ),
    deferred: concluded.flatMap((each) =>
      each.outcome.kind === 'deferred'
        ? [
            {
              id: each.recipient.id,
              isAttempt: !each.outcome.soon,
              delaySeconds: each.outcome.soon ? soonSeconds(waitedMs) : retryDelaySeconds(each.recipient.attempts),
              result: each.outcome.result,
              delayedNotice: delayed.includes(each),
            },
          ]
        : [],
    ),
    reports: [...becomes, ...due.notices],
    withheld,
    once: [...once, ...due.once],
  };
  const settled = await waitForDatabase(services, () => settleAttempt(services.database, settlement));
  if (settled === false) return false;
  if (settlement.reports.length + due.once.length + once.length > 0) bellOf(services.database).ring();
  noteAll(services, concluded, content);
  return settled;
}

/**
 * What came of the attempt, with the reports that are due. Where one cannot be written, whatever the reason, the attempt is concluded all the
 * same, or the letter would be sent again and again to those who have it; what failed is tried later, since nobody was told of it.
 */
async function withReports(services: Services, message: QueuedRecipient, decided: readonly Concluded[], content: Buffer, now: Date) {
  const delayed = decided.filter((each) => isDueDelayedNotice(each, now));
  try {
    return { concluded: decided, delayed, due: await reports(services, message, decided, delayed, content, now) };
  } catch (error) {
    services.log.error({ err: error, queueId: message.messageId }, 'a report could not be written: what failed is tried again later');
    const concluded = decided.map(
      ({ recipient, outcome }): Concluded =>
        outcome.kind === 'failed' ? { recipient, outcome: { kind: 'deferred', result: outcome.result } } : { recipient, outcome },
    );
    return { concluded, delayed: [], due: { notices: [], once: [] } };
  }
}

const isDueDelayedNotice = ({ recipient, outcome }: Concluded, now: Date): boolean =>
  outcome.kind === 'deferred' &&
  !recipient.delayedNotice &&
  now.getTime() - recipient.since.getTime() >= delayedNoticeAfterMs &&
  wants(recipient, 'DELAY');

/** Without NOTIFY a sender hears of failures and delays, not of successes. */
const wants = ({ dsnNotify }: QueuedRecipient, event: 'SUCCESS' | 'FAILURE' | 'DELAY'): boolean =>
  dsnNotify === null ? event !== 'SUCCESS' : dsnNotify.split(',').includes(event);

async function reports(
  services: Services,
  message: QueuedRecipient,
  concluded: readonly Concluded[],
  delayed: readonly Concluded[],
  content: Buffer,
  now: Date,
): Promise<{ notices: NewQueueMessage[]; once: OnceMessage[] }> {
  // anybody can write another's address into the reverse-path; who did not prove that it is his is sent nothing
  if (!message.reports && message.passedOnBy === null) return { notices: [], once: [] };
  const { hostName, queueDays } = services.settings;
  const retryUntil = new Date(message.since.getTime() + queueDays * dayMs);
  const reported = ({ recipient, outcome }: Concluded): ReportedRecipient => ({
    address: recipient.address,
    originalRecipient: recipient.dsnOriginal,
    action: outcome.kind === 'failed' ? 'failed' : 'delayed',
    status: outcome.result.status,
    reply: outcome.result.reply,
    remote: outcome.result.remote,
    lastAttemptAt: now,
    retryUntil: outcome.kind === 'failed' ? null : retryUntil,
  });
  if (message.passedOnBy !== null) return { notices: [], once: await settleForward(services, message, concluded, reported, content, now) };
  const lost = concluded.filter(({ recipient, outcome }) => outcome.kind === 'failed' && wants(recipient, 'FAILURE'));
  const confirmed = concluded.flatMap(({ recipient, outcome }) =>
    outcome.kind === 'delivered' && !outcome.confirms && wants(recipient, 'SUCCESS')
      ? [
          {
            address: recipient.address,
            originalRecipient: recipient.dsnOriginal,
            action: outcome.confirmedAs ?? (outcome.way === 'stored' ? ('delivered' as const) : ('relayed' as const)),
          },
        ]
      : [],
  );
  if (lost.length + delayed.length + confirmed.length === 0) return { notices: [], once: [] };
  const sender = await waitForDatabase(services, () => reportsGoTo(services, message));
  const about = { ...message, sender, content, arrivedAt: message.createdAt };
  if (lost.length > 0 && message.sender === '')
    services.log.info({ queueId: message.messageId }, 'a report could not be delivered and is dropped');
  const notices = [
    lost.length > 0 ? failureReport(hostName, 'failed', about, lost.map(reported), now) : null,
    delayed.length > 0 ? failureReport(hostName, 'delayed', about, delayed.map(reported), now) : null,
    confirmed.length > 0 ? successReport(hostName, { ...about, recipients: confirmed }, now) : null,
  ]
    .filter((report) => report !== null)
    // RFC 8689 section 5: what is said about it goes no other way than it did
    .map((report) => ({ ...report, requireTls: message.requireTls }));
  return { notices, once: [] };
}

/** As other mail programs write it: by the address alone one machine of a name is told from another. */
const relayOf = ({ remote, address }: AttemptResult): string | null =>
  remote === null || address === undefined || address === remote ? remote : `${remote}[${address}]`;

function noteAll(services: Services, concluded: readonly Concluded[], content: Buffer): void {
  const messageRef = messageId(content);
  const { metrics } = services;
  for (const { recipient, outcome } of concluded) {
    const step: TraceEvent['step'] = outcome.kind === 'delivered' ? outcome.way : outcome.kind === 'failed' ? 'bounced' : 'deferred';
    metrics.queueAttempts.inc({ result: step });
    if (step === 'relayed' || step === 'bounced') metrics.messages.inc({ way: step });
    noteStep(services, {
      step,
      customerId: recipient.customerId,
      accountId: recipient.accountId,
      queueId: recipient.messageId,
      sender: recipient.sender,
      recipient: recipient.address,
      messageRef,
      status: outcome.result.status,
      detail: outcome.result.reply,
      remote: relayOf(outcome.result),
      tls: outcome.result.tls,
    });
  }
}
