import { Readable } from 'node:stream';
import { decodeCharset } from '../../mime/decode-charset.ts';
import type { Download } from './download-part.ts';
import { pictureBytes, pictureType } from './picture-type.ts';
import { servedType } from './served-type.ts';

/** Text files of more are shown as they are. */
const mostText = 4 * 1024 * 1024;

export interface OpenedPart {
  type: string;
  /** what is shown in place of the part's octets; null: these, which nobody has read yet */
  content: Readable | null;
}

/**
 * A part as the browser shows it: text in UTF-8, read by the server's own decoder, and a picture as what its bytes say where its sender said
 * nothing.
 */
export async function openPart(download: Download): Promise<OpenedPart> {
  const type = servedType(download.type, download.name);
  if (type === 'text/plain') return { type, content: await asUtf8(download.read(), download.charset) };
  if (type !== 'application/octet-stream') return { type, content: null };
  const { bytes, whole } = await beginningOf(download.read(), pictureBytes);
  return { type: pictureType(bytes) ?? type, content: whole };
}

async function asUtf8(content: Readable, charset: string): Promise<Readable> {
  const { bytes, whole, ended } = await beginningOf(content, mostText);
  return ended ? Readable.from([Buffer.from(decodeCharset(bytes, charset))]) : whole;
}

/** At least `least` bytes of a stream, if it has so many, and a stream of all of them. */
async function beginningOf(content: Readable, least: number): Promise<{ bytes: Buffer; whole: Readable; ended: boolean }> {
  const chunks: Buffer[] = [];
  const iterator = content[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let size = 0;
  let ended = false;
  while (size < least && !ended) {
    const { done, value } = await iterator.next();
    if (done) ended = true;
    else {
      chunks.push(value);
      size += value.length;
    }
  }
  const bytes = Buffer.concat(chunks);
  const whole = Readable.from(
    (async function* () {
      yield bytes;
      if (!ended) yield* { [Symbol.asyncIterator]: () => iterator };
    })(),
  );
  // given up before anything was read: its connection must not stay
  whole.once('close', () => content.destroy());
  return { bytes, whole, ended };
}
