import { hostOf } from '../../lib/addresses/network-of.ts';
import { noteStep } from '../delivery/note-step.ts';
import { HourlyBound } from '../hourly-bound.ts';
import { isNews } from '../tls/hourly-news.ts';
import { localRecipients } from './arrived.ts';
import type { SmtpContext } from './context.ts';
import { noteRecipient } from './note-recipient.ts';
import type { Reply } from './reply.ts';
import type { Transaction } from './transaction.ts';

interface Refused {
  sender: string;
  /** '' at MAIL, where nobody was named yet */
  recipient: string;
  messageRef?: string | null;
}

/** Whoever is refused without end, a stranger at MAIL or a program that never gives up, fills neither log nor trace. */
const noted = new HourlyBound(1_000, 10_000);

/** What is refused before it is anybody's here is asked about too ("the scanner cannot send any more"): log and trace tell it, for the mailbox that sent it. */
export function noteRefusal(session: SmtpContext, { sender, recipient, messageRef = null }: Refused, answer: Reply): void {
  const { services, principal, remoteAddress, id } = session;
  if (!noted.admits(principal ? `mailbox ${principal.accountId}` : hostOf(remoteAddress))) return;
  noteStep(
    services,
    {
      step: 'refused',
      customerId: principal?.customerId ?? null,
      accountId: principal?.accountId ?? null,
      queueId: null,
      sender,
      recipient,
      messageRef,
      status: answer.enhanced,
      detail: answer.lines.join(' '),
      remote: remoteAddress,
    },
    id,
  );
}

/** A printer shows nobody what it is told: who looks for it finds its address, and what it lacks, in the log. */
export function noteStrangeDevice({ services, profile: { service }, remoteAddress, encryption }: SmtpContext): void {
  const reason = encryption ? 'not signed in' : 'no TLS';
  if (isNews({ service, remoteAddress }, reason)) services.log.info({ service, remoteAddress, reason }, 'a device cannot send');
}

/** The same for each of those that a message was for; of one from outside it is told to the recipient's customer. */
export function noteRefusals(session: SmtpContext, transaction: Transaction, answer: Reply, messageRef: string | null): void {
  const { sender, recipients } = transaction;
  if (session.principal) for (const { address } of recipients) noteRefusal(session, { sender, recipient: address, messageRef }, answer);
  else for (const recipient of localRecipients(transaction)) noteRecipient(session, transaction, recipient, 'refused', answer, messageRef);
}
