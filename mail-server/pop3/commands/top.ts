import { DotStuffing } from '../dot-stuffing.ts';
import { IncompleteReply } from '../incomplete-reply.ts';
import { onMessage } from '../in-maildrop.ts';
import { err, ok } from '../reply.ts';

const LF = 10;

/** RFC 1939 section 7: the header, its empty line, and so many lines of the body. */
export const top = onMessage(2, async ({ connection }, maildrop, { number, rest: [lines = 0] }) => {
  const stuffing = new DotStuffing();
  if (lines === 0) {
    const header = await maildrop.header(number);
    if (!header) return connection.write(err('The message was deleted meanwhile'));
    return connection.write(ok(), ...stuffing.piece(header), ...stuffing.end());
  }
  const pieces = await maildrop.pieces(number);
  if (!pieces) return connection.write(err('The message was deleted meanwhile'));
  await connection.write(ok());
  let left = lines;
  let isHeader = true;
  try {
    for await (const piece of pieces) {
      const end = isHeader ? piece.length : endOfLines(piece, left);
      await connection.write(...stuffing.piece(piece.subarray(0, end)));
      if (!isHeader) left -= countLines(piece.subarray(0, end));
      isHeader = false;
      if (left <= 0 || connection.isGone) break;
    }
  } catch (error) {
    throw new IncompleteReply(error);
  }
  return connection.write(...stuffing.end());
});

/** Offset behind the `count`th line end, or the length where there are fewer. */
function endOfLines(piece: Buffer, count: number): number {
  let end = 0;
  for (let line = 0; line < count; line++) {
    const at = piece.indexOf(LF, end);
    if (at === -1) return piece.length;
    end = at + 1;
  }
  return end;
}

function countLines(piece: Buffer): number {
  let count = 0;
  for (let at = piece.indexOf(LF); at !== -1; at = piece.indexOf(LF, at + 1)) count++;
  return count;
}
