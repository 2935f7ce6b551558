import { noteStep } from '../delivery/note-step.ts';
import type { TraceEvent } from '../store/trace-store.ts';
import type { LocalRecipient } from './arrived.ts';
import type { Transaction } from './transaction.ts';
import type { Reply } from './reply.ts';
import type { SmtpContext } from './context.ts';

/** What became of a message for one recipient, in the log and in the trace. */
export function noteRecipient(
  session: SmtpContext,
  transaction: Transaction,
  recipient: LocalRecipient,
  step: 'stored' | 'refused',
  answer: Reply,
  messageRef: string | null,
  remark = '',
): void {
  const event: TraceEvent = {
    step,
    customerId: recipient.target.customerId,
    accountId: recipient.target.kind === 'mailbox' ? recipient.target.accountId : null,
    queueId: null,
    sender: transaction.sender,
    recipient: recipient.address,
    messageRef,
    status: answer.enhanced,
    detail: answer.lines.join(' ') + remark,
    remote: session.remoteAddress,
  };
  noteStep(session.services, event, session.id);
}
