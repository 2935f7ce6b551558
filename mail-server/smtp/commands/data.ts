import { brokenOff, concludeMessage, faultReply } from '../conclude-message.ts';
import { DataReader } from '../data-reader.ts';
import { receivingMemoryOf } from '../receiving-memory.ts';
import { noteRefusals } from '../note-refusal.ts';
import { reply, type Reply } from '../reply.ts';
import type { SmtpContext } from '../context.ts';
import { idleTimeoutMs, wholeMessageTimeoutMs } from '../timeouts.ts';

/** DATA (RFC 5321 section 4.1.1.4; RFC 2033 section 4.2 for one reply a recipient). The 250 is said after the message is committed. */
export async function data(session: SmtpContext, argument: string): Promise<Reply> {
  const { transaction } = session;
  if (argument !== '') return reply(501, '5.5.4', 'DATA has no argument');
  if (!transaction) return reply(503, '5.5.1', 'Send MAIL first');
  // RFC 2033 section 4.2 wants another code than RFC 5321 section 3.3
  if (transaction.recipients.length === 0) return reply(session.profile.lmtp ? 503 : 554, '5.5.1', 'No valid recipients');
  if (transaction.binary) return reply(503, '5.5.1', 'BODY=BINARYMIME goes with BDAT (RFC 3030 section 3)');
  if (transaction.chunks) return reply(503, '5.5.1', 'This message goes on with BDAT');
  session.write(reply(354, null, 'End with <CRLF>.<CRLF>'));
  const { messageBytes, lineBytes } = session.services.settings;
  const memory = receivingMemoryOf(session.services.settings).begin(session.remoteAddress, () => reader.giveUp());
  const reader = new DataReader({
    messageBytes,
    lineBytes,
    strictLineEnds: session.profile.strictLineEnds,
    // a device, or somebody at a terminal, that knows no CRLF has none at the end either
    bareEnd: session.endsLinesBare,
    reserve: memory.reserve,
  });
  try {
    const outcome = await session.input.readData(reader, idleTimeoutMs, wholeMessageTimeoutMs);
    if (outcome !== 'complete') {
      const flooded = { ...faultReply('line-too-long', { messageBytes, lineBytes }), closes: true };
      const answer = outcome === 'flood' ? flooded : brokenOff;
      noteRefusals(session, transaction, answer, null);
      return answer;
    }
    memory.complete();
    session.transaction = null;
    const fault = reader.fault && faultReply(reader.fault, session.services.settings);
    return await concludeMessage(session, transaction, fault ?? reader.content());
  } finally {
    memory.end();
  }
}
