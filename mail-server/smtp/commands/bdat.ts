import { ChunkReader } from '../chunk-reader.ts';
import { brokenOff, concludeMessage, faultReply } from '../conclude-message.ts';
import { noteRefusals } from '../note-refusal.ts';
import type { ReceivedChunks } from '../transaction.ts';
import { receivingMemoryOf } from '../receiving-memory.ts';
import { closing, reply, type Reply, tooLarge } from '../reply.ts';
import type { SmtpContext } from '../context.ts';
import { idleTimeoutMs, wholeMessageTimeoutMs } from '../timeouts.ts';

/**
 * BDAT (RFC 3030 section 2). The octets of a chunk follow its command at once, asked or not, so they are read whatever the answer is going to
 * be: what stands in them is never taken for commands. One chunk that fails ends the message, and those behind it find none.
 */
export async function bdat(session: SmtpContext, argument: string): Promise<Reply> {
  const [, digits, last] = /^(\d{1,15})( +LAST)?$/i.exec(argument) ?? [];
  // where the chunk ends is not known, so nothing behind it can be read
  if (digits === undefined) return closing(501, '5.5.4', 'Syntax: BDAT octets [LAST]');
  const octets = Number(digits);
  const { messageBytes } = session.services.settings;
  if (octets > 2 * messageBytes) return { ...tooLarge(messageBytes), closes: true };
  const { transaction } = session;
  if (transaction && transaction.recipients.length > 0) transaction.chunks ??= begin(session);
  const chunks = transaction?.chunks;
  chunks?.reader.beginChunk();
  const read = await session.input.readOctets(octets, (piece) => chunks?.reader.push(piece), idleTimeoutMs, wholeMessageTimeoutMs);
  if (read !== 'complete') {
    if (chunks && transaction) noteRefusals(session, transaction, brokenOff, null);
    return brokenOff;
  }
  if (!transaction) return reply(503, '5.5.1', 'Send MAIL first');
  if (!chunks) return reply(session.profile.lmtp ? 503 : 554, '5.5.1', 'No valid recipients');
  const { reader, memory } = chunks;
  if (!last && !reader.fault) return reply(250, '2.0.0', `${octets} octets received`);
  // the memory is needed until the message is stored, and not given back with the transaction
  transaction.chunks = null;
  session.transaction = null;
  memory.complete();
  try {
    const content = reader.content(transaction.binary);
    const fault = reader.fault && withoutEnd(faultReply(reader.fault, session.services.settings));
    if (last || !fault) return await concludeMessage(session, transaction, fault ?? content);
    // a chunk before the last one has one answer, by LMTP too
    noteRefusals(session, transaction, fault, null);
    return fault;
  } finally {
    memory.end();
  }
}

function begin(session: SmtpContext): ReceivedChunks {
  const { settings } = session.services;
  const memory = receivingMemoryOf(settings).begin(session.remoteAddress, () => reader.giveUp());
  const { messageBytes, lineBytes } = settings;
  const reader = new ChunkReader({ messageBytes, lineBytes, strictLineEnds: session.profile.strictLineEnds, reserve: memory.reserve });
  return { reader, memory };
}

/** With DATA nobody knows what follows a line end that stands alone; a chunk has its length, and what follows is a command. */
const withoutEnd = ({ closes: _, ...answer }: Reply): Reply => answer;
