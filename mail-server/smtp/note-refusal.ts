import { hostOf } from '../../lib/addresses/network-of.ts';
import { BoundedCounts } from '../bounded-counts.ts';
import { noteStep } from '../delivery/note-step.ts';
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

const hourMs = 3_600_000;
const mostAnHour = { ofOne: 1_000, ofAll: 10_000 };
let since = performance.now();
let left = mostAnHour.ofAll;
let noted = new BoundedCounts<string>(mostAnHour.ofOne);

/** Whoever is refused without end, a stranger at MAIL or a program that never gives up, fills neither log nor trace. */
function isWorthNoting(who: string): boolean {
  if (performance.now() - since > hourMs) {
    since = performance.now();
    left = mostAnHour.ofAll;
    noted = new BoundedCounts(mostAnHour.ofOne);
  }
  if (left === 0 || !noted.enter(who)) return false;
  left--;
  return true;
}

/** What is refused before it is anybody's here is asked about too ("the scanner cannot send any more"): log and trace tell it, for the mailbox that sent it. */
export function noteRefusal(session: SmtpContext, { sender, recipient, messageRef = null }: Refused, answer: Reply): void {
  const { services, principal, remoteAddress, id } = session;
  if (!isWorthNoting(principal ? `mailbox ${principal.accountId}` : hostOf(remoteAddress))) return;
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

/** The same for each of those that a message was for; of one from outside it is told to the recipient's customer. */
export function noteRefusals(session: SmtpContext, transaction: Transaction, answer: Reply, messageRef: string | null): void {
  const { sender, recipients } = transaction;
  if (session.principal) for (const { address } of recipients) noteRefusal(session, { sender, recipient: address, messageRef }, answer);
  else for (const recipient of localRecipients(transaction)) noteRecipient(session, transaction, recipient, 'refused', answer, messageRef);
}
