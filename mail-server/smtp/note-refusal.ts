import { noteStep } from '../delivery/note-step.ts';
import type { Reply } from './reply.ts';
import type { SmtpContext } from './context.ts';
import type { Transaction } from './transaction.ts';

interface Refused {
  sender: string;
  /** '' at MAIL, where nobody was named yet */
  recipient: string;
  messageRef?: string | null;
}

/** What is refused before it is anybody's here is asked about too ("the scanner cannot send any more"): log and trace tell it, for the mailbox that sent it. */
export function noteRefusal(session: SmtpContext, { sender, recipient, messageRef = null }: Refused, answer: Reply): void {
  const { services, principal, remoteAddress, id } = session;
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

/** The same for each of those that a message was for. */
export function noteRefusals(session: SmtpContext, { sender, recipients }: Transaction, answer: Reply, messageRef: string | null): void {
  for (const { address } of recipients) noteRefusal(session, { sender, recipient: address, messageRef }, answer);
}
