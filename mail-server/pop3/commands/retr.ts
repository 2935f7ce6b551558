import { DotStuffing } from '../dot-stuffing.ts';
import { IncompleteReply } from '../incomplete-reply.ts';
import { onMessage } from '../in-maildrop.ts';
import { err, ok } from '../reply.ts';

/** RFC 1939 section 5. */
export const retr = onMessage(1, async (session, maildrop, { number, message }) => {
  const { connection } = session;
  const pieces = await maildrop.pieces(number);
  if (!pieces) return connection.write(err('The message was deleted meanwhile'));
  await connection.write(ok(`${message.size} octets`));
  const stuffing = new DotStuffing();
  try {
    for await (const piece of pieces) {
      if (connection.isGone) return;
      await connection.write(...stuffing.piece(piece));
    }
  } catch (error) {
    throw new IncompleteReply(error);
  }
  await connection.write(...stuffing.end());
  maildrop.noteRetrieved(number, (error) => session.log.warn({ err: error }, '\\Seen could not be stored'));
});
