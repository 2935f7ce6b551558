import { messageId } from '../delivery/message-id.ts';
import { takeReceivedReport, type Taken } from '../reports/take-report.ts';
import type { Arrived, LocalRecipient } from './arrived.ts';
import { noteRecipient } from './note-recipient.ts';
import type { Verdict } from './transaction.ts';
import { reply, type Reply } from './reply.ts';

const replies: Record<Taken, Reply> = {
  kept: reply(250, '2.0.0', 'Bericht uebernommen - report taken'),
  unreadable: reply(550, '5.6.0', 'Kein lesbarer Bericht - not a report of RFC 9990, RFC 7489 or RFC 8460 that can be read'),
  foreign: reply(550, '5.7.1', 'Diese Domain wird hier nicht betreut - the report is about no domain of ours'),
  many: reply(452, '4.3.1', 'Zu viele Berichte - too many reports about this domain, please try again tomorrow'),
};
const unproved = reply(
  550,
  '5.7.1',
  'Bericht ohne Nachweis - reports must be signed by the domain that sends them (RFC 8460 section 5.3, RFC 9990 section 3.5.2)',
);

/** A letter to the address for reports. Whoever is not proved to be its author could tell anything about anybody. */
export async function receiveReport({ session, content, provenance }: Pick<Arrived, 'session' | 'content' | 'provenance'>): Promise<Reply> {
  const { author, judgement, origin } = provenance;
  const isProved = judgement?.verdict === 'attested' || (origin === 'lmtp' && !judgement);
  if (!author || !isProved) return unproved;
  return replies[await takeReceivedReport(session.services, content, author.slice(author.lastIndexOf('@') + 1).toLowerCase())];
}

/** A letter to the address for reports, and to nobody else. */
export async function takeReports(
  arrived: Pick<Arrived, 'session' | 'transaction' | 'content' | 'provenance'>,
  recipients: readonly LocalRecipient[],
): Promise<Verdict> {
  const { session, transaction, content } = arrived;
  const answer = await receiveReport(arrived);
  session.services.metrics.messages.inc({ way: session.profile.service });
  const step = answer.code < 400 ? 'stored' : 'refused';
  for (const recipient of recipients) noteRecipient(session, transaction, recipient, step, answer, messageId(content));
  return { replies: session.profile.lmtp ? recipients.map(() => answer) : [answer] };
}
