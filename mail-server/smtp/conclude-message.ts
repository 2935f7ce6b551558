import { setImmediate as otherEvents } from 'node:timers/promises';
import type { MessageFault } from './data-reader.ts';
import { noteRefusals } from './note-refusal.ts';
import type { Transaction, Verdict } from './transaction.ts';
import { closing, reply, unavailable, type Reply, tooLarge } from './reply.ts';
import type { SmtpContext } from './context.ts';

/** Gives a whole message to the service, or tells what is wrong with it, and answers once for all its recipients (LMTP: for each). */
export async function concludeMessage(session: SmtpContext, transaction: Transaction, message: Buffer | Reply): Promise<Reply> {
  const { lmtp } = session.profile;
  if (!Buffer.isBuffer(message)) noteRefusals(session, transaction, message, null);
  const verdict = Buffer.isBuffer(message) ? await accept(session, transaction, message) : forEach(transaction, lmtp, message);
  for (const answer of verdict.replies.slice(0, -1)) session.write(answer);
  const last = verdict.replies.at(-1) ?? unavailable();
  if (!verdict.settle) return last;
  // its end may have come with what was waited for, where this process was stopped meanwhile
  await otherEvents();
  // who left before the reply comes again, and brings the same letter; who leaves at the reply has heard it, and would bring another one
  const { isLeft } = session.input;
  session.write(last);
  const written = await session.flush();
  verdict.settle(written && !isLeft);
  // what has come already was said before the reply could be read
  if (written && verdict.heard && session.input.empty) session.whenHeard(verdict.heard);
  return { ...last, lines: [] };
}

async function accept(session: SmtpContext, transaction: Transaction, content: Buffer): Promise<Verdict> {
  try {
    return await session.profile.accept(session, transaction, content);
  } catch (error) {
    session.services.log.error({ err: error, session: session.id }, 'a message could not be taken');
    return forEach(transaction, session.profile.lmtp, unavailable(error));
  }
}

/** The connection ended, or fell silent, in the middle. */
export const brokenOff = closing(421, '4.4.2', 'Message not received to its end, nothing was stored');

const forEach = (transaction: Transaction, lmtp: boolean, answer: Reply): Verdict => ({
  replies: lmtp ? transaction.recipients.map(() => answer) : [answer],
});

export function faultReply(fault: MessageFault, { messageBytes, lineBytes }: { messageBytes: number; lineBytes: number }): Reply {
  switch (fault) {
    case 'message-too-large':
      return tooLarge(messageBytes);
    case 'line-too-long':
      return reply(554, '5.6.0', `Zeile zu lang - line too long, at most ${lineBytes} octets`);
    case 'bare-newline':
      // what follows may be meant as part of this message or as commands: nothing of it is taken
      return closing(550, '5.6.0', 'Alleinstehendes CR oder LF - message contains a CR or LF that stands alone (RFC 5321 section 2.3.8)');
    case 'no-memory':
      return reply(452, '4.3.1', 'Zu viele Nachrichten zugleich - too many messages at once, please try again later');
    case 'too-many-chunks':
      return reply(554, '5.5.0', 'Zu viele Teile - too many chunks');
  }
}
