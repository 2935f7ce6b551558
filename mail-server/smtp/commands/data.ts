import { DataReader, type MessageFault } from '../data-reader.ts';
import { receivingMemoryOf } from '../receiving-memory.ts';
import { closing, reply, unavailable, type Reply } from '../reply.ts';
import type { SmtpSession } from '../session.ts';
import { idleTimeoutMs } from '../timeouts.ts';
import { tooLarge } from './mail.ts';
import type { Transaction, Verdict } from '../profile.ts';

const wholeMessageTimeoutMs = 3_600_000;

/** DATA (RFC 5321 section 4.1.1.4; RFC 2033 section 4.2 for one reply a recipient). The 250 is said after the message is committed. */
export async function data(session: SmtpSession, argument: string): Promise<Reply> {
  const { transaction } = session;
  if (argument !== '') return reply(501, '5.5.4', 'DATA has no argument');
  if (!transaction) return reply(503, '5.5.1', 'Send MAIL first');
  // RFC 2033 section 4.2 wants another code than RFC 5321 section 3.3
  if (transaction.recipients.length === 0) return reply(session.profile.lmtp ? 503 : 554, '5.5.1', 'No valid recipients');
  session.write(reply(354, null, 'End with <CRLF>.<CRLF>'));
  const { messageBytes, lineBytes } = session.services.settings;
  const memory = receivingMemoryOf(session.services.settings).begin(session.remoteAddress, () => reader.giveUp());
  const reader = new DataReader({
    messageBytes,
    lineBytes,
    strictLineEnds: session.profile.strictLineEnds,
    reserve: memory.reserve,
  });
  try {
    const outcome = await session.input.readData(reader, idleTimeoutMs, wholeMessageTimeoutMs);
    if (outcome === 'flood') return { ...faultReply('line-too-long', messageBytes, lineBytes), closes: true };
    if (outcome !== 'complete') return closing(421, '4.4.2', 'Message not received to its end, nothing was stored');
    memory.complete();
    session.transaction = null;
    const verdict = reader.fault
      ? forEach(transaction, session.profile.lmtp, faultReply(reader.fault, messageBytes, lineBytes))
      : await accept(session, transaction, reader.content());
    for (const answer of verdict.replies.slice(0, -1)) session.write(answer);
    const last = verdict.replies.at(-1) ?? unavailable();
    if (!verdict.settle) return last;
    session.write(last);
    verdict.settle(await session.flush());
    return { ...last, lines: [] };
  } finally {
    memory.end();
  }
}

async function accept(session: SmtpSession, transaction: Transaction, content: Buffer): Promise<Verdict> {
  try {
    return await session.profile.accept(session, transaction, content);
  } catch (error) {
    session.services.log.error({ err: error, session: session.id }, 'a message could not be taken');
    return forEach(transaction, session.profile.lmtp, unavailable(error));
  }
}

const forEach = (transaction: Transaction, lmtp: boolean, answer: Reply): Verdict => ({
  replies: lmtp ? transaction.recipients.map(() => answer) : [answer],
});

function faultReply(fault: MessageFault, messageBytes: number, lineBytes: number): Reply {
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
  }
}
