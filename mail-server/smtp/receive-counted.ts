import { countLetter } from '../reports/count-letter.ts';
import type { Transaction, Verdict } from './transaction.ts';
import { receiveMessage, type Checked } from './receive-message.ts';
import type { SmtpContext } from './context.ts';

/** Receives a message of another host, and counts it for the report to the domain of its author. */
export async function receiveCounted(session: SmtpContext, transaction: Transaction, content: Buffer): Promise<Verdict> {
  const checked: Checked = {};
  const verdict = await receiveMessage(session, transaction, content, checked);
  const { authenticity, header } = checked;
  // what is to come again is counted then
  const isFinal = verdict.replies.some(({ code }) => code < 400 || code >= 500);
  if (authenticity && header && isFinal)
    countLetter(session.services, { authenticity, header, remoteAddress: session.remoteAddress, sender: transaction.sender });
  return verdict;
}
