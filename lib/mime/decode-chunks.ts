import { base64Decoder, decodeContent } from './decode-content.ts';

const longestRest = 1024 * 1024;

/** As decodeContent, of a body that comes in chunks and is too large to be held whole. */
export async function* decodeChunks(chunks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  if (encoding === 'base64') {
    const decode = base64Decoder();
    for await (const chunk of chunks) yield decode(chunk);
    return;
  }
  if (encoding !== 'quoted-printable') {
    yield* chunks;
    return;
  }
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = safeCut(bytes);
    rest = bytes.subarray(end);
    yield decodeContent(bytes.subarray(0, end), encoding);
  }
  yield decodeContent(rest, encoding);
}

/** Quoted-printable may be cut behind what is neither an escape, nor white space or CR that a line end may follow. */
function safeCut(bytes: Buffer): number {
  for (let end = bytes.length; end > 1; end--) {
    const last = bytes[end - 1];
    const inEscape = last === 61 || bytes[end - 2] === 61;
    if (!inEscape && last !== 32 && last !== 9 && last !== 13) return end;
  }
  return bytes.length > longestRest ? bytes.length : 0;
}
