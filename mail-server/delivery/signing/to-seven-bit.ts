import { isAscii, isUtf8 } from 'node:buffer';
import { decodeContent } from '../../../lib/mime/decode-content.ts';
import { DEFAULT_MIME_LIMITS } from '../../../lib/mime/limits.ts';
import { firstBoundary, ownDelimiter } from '../../../lib/mime/own-delimiter.ts';
import { parameter, parseContentType, type ContentType } from '../../../lib/mime/parse-content-type.ts';
import { MessageHeader, type FieldSpan, withoutFields } from '../../../lib/mime/read-header.ts';
import { hasLoneNewline } from '../../../lib/mime/lone-newline.ts';
import { encodeBase64, encodeQuotedPrintable } from './encode-transfer.ts';
import { encodeHeader } from './encode-header.ts';
import { foldLongLines } from './fold-long-lines.ts';

/** RFC 5321 section 4.5.3.1.6 without the CRLF. */
export const longestLine = 998;
const deepest = 20;
const mostParameters = 50;

/** True for what may go to any mail host as it is: 7 bit, no NUL, lines of at most 998 octets. */
export const isFitForEveryHost = (bytes: Buffer): boolean => isSevenBit(bytes) && isFitForMostHosts(bytes);

/** The same for any host with 8BITMIME. */
export const isFitForMostHosts = (bytes: Buffer): boolean => !hasLongLine(bytes) && !bytes.includes(0);

export const isSevenBit = (bytes: Buffer): boolean => isAscii(bytes);

function hasLongLine(bytes: Buffer): boolean {
  for (let start = 0; ; ) {
    const lineFeed = bytes.indexOf(10, start);
    const end = lineFeed < 0 ? bytes.length : lineFeed > start && bytes[lineFeed - 1] === 13 ? lineFeed - 1 : lineFeed;
    if (end - start > longestLine) return true;
    if (lineFeed < 0) return false;
    start = lineFeed + 1;
  }
}

/**
 * The message with every part that is not fit for all hosts encoded as quoted-printable or base64 (RFC 6152 section 3, RFC 2045 section 6),
 * and long lines of headers folded; every other byte as it was. A header of the message itself that is 8 bit stays so: somebody may have signed it.
 * `keepSigned`: what a signature of its sender covers (multipart/signed) is only touched where its lines are too long.
 */
export function toSevenBit(message: Buffer, { keepSigned = false } = {}): Buffer {
  const binary = isBinary(message);
  if (isFitForEveryHost(message) && !binary) return message;
  return convert(message, { depth: 0, digest: false, isTop: true, keepSigned, binary });
}

/** True for what came as BINARYMIME (RFC 3030) and can go on by nothing else: octets that lines would not keep, in a part that says so. */
export const isBinary = (message: Buffer): boolean =>
  (message.includes(0) || hasLoneNewline(message)) && /^content-transfer-encoding:[ \t]*binary\b/im.test(message.toString('latin1'));

interface Place {
  depth: number;
  /** in a multipart/digest, whose parts are messages if they do not say otherwise */
  digest: boolean;
  isTop: boolean;
  keepSigned: boolean;
  /** CR and LF that stand alone are data here, and what has them is encoded */
  binary: boolean;
}

const isFit = (bytes: Buffer, { binary }: Place): boolean => isFitForEveryHost(bytes) && !(binary && hasLoneNewline(bytes));

function convert(given: Buffer, place: Place): Buffer {
  if (isFit(given, place)) return given;
  const entity = place.depth === 0 ? given : encodeHeader(given);
  const head = new MessageHeader(entity);
  const delimiter = ownDelimiter(head.block, DEFAULT_MIME_LIMITS);
  const headerEnd = delimiter < 0 ? head.block.length : delimiter;
  const fields = head.fields.filter(({ start }) => start < headerEnd);
  const bodyStart = delimiter >= 0 ? delimiter : entity[headerEnd] === 13 ? headerEnd + 2 : Math.min(entity.length, headerEnd + 1);
  const [header, separator, body] = [entity.subarray(0, headerEnd), entity.subarray(headerEnd, bodyStart), entity.subarray(bodyStart)];
  const folded = foldLongLines(header, longestLine);
  if (isFit(body, place)) return Buffer.concat([folded, separator, body]);
  const value = (key: string): string | undefined => {
    const field = fields.findLast((each) => each.key === key);
    return field && head.value(field);
  };
  const type = parseContentType(value('content-type'), place.digest ? 'message/rfc822' : 'text/plain', mostParameters);
  if (place.keepSigned && type.type === 'multipart' && type.subtype === 'signed' && isFitForMostHosts(body) && !place.binary) {
    return Buffer.concat([folded, separator, body]);
  }
  const declared = (value('content-transfer-encoding') ?? '7bit').toLowerCase();
  const done = convertBody(body, type, declared, place);
  if (!done) return Buffer.concat([folded, separator, body]);
  const stale = fields.filter(({ key }) => key === 'content-transfer-encoding');
  const kept = foldLongLines(withoutFields(header, stale), longestLine);
  return Buffer.concat([
    endedLine(kept),
    Buffer.from(addedFields(done.encoding, fields, body, place.isTop)),
    separator.length > 0 ? separator : crlf,
    done.body,
  ]);
}

const crlf = Buffer.from('\r\n');
const endedLine = (header: Buffer): Buffer => (header.length === 0 || header.at(-1) === 10 ? header : Buffer.concat([header, crlf]));

function addedFields(encoding: string, fields: readonly FieldSpan[], body: Buffer, isTop: boolean): string {
  const has = (key: string): boolean => fields.some((field) => field.key === key);
  const charset = isSevenBit(body) ? 'us-ascii' : isUtf8(body) ? 'utf-8' : 'unknown-8bit'; // RFC 1428 section 3
  return [
    isTop && !has('mime-version') ? 'MIME-Version: 1.0\r\n' : '',
    isTop && !has('content-type') ? `Content-Type: text/plain; charset=${charset}\r\n` : '',
    `Content-Transfer-Encoding: ${encoding}\r\n`,
  ].join('');
}

/** Null: it stays as it is. */
function convertBody(body: Buffer, type: ContentType, declared: string, place: Place): { body: Buffer; encoding: string } | null {
  if (type.type === 'multipart') {
    const boundary = boundaryOf(body, type, place);
    if (!boundary || place.depth >= deepest) return null;
    const parts = convertParts(body, boundary, { ...place, depth: place.depth + 1, digest: type.subtype === 'digest', isTop: false });
    return parts && { body: parts, encoding: isSevenBit(parts) ? '7bit' : '8bit' };
  }
  if (type.type === 'message' && (type.subtype === 'rfc822' || type.subtype === 'news')) {
    if (place.depth >= deepest) return null;
    const inner = convert(body, { ...place, depth: place.depth + 1, digest: false, isTop: true });
    return { body: inner, encoding: isSevenBit(inner) ? '7bit' : '8bit' };
  }
  const content = decodeContent(body, declared);
  const encoding = declared === 'base64' || declared === 'quoted-printable' ? declared : shorterEncoding(content, type);
  return { body: encoding === 'base64' ? encodeBase64(content) : encodeQuotedPrintable(content), encoding };
}

/** As it is read (lib/mime/scan-entity.ts). */
function boundaryOf(body: Buffer, { parameters }: ContentType, { depth }: Place): string {
  const named = (parameter(parameters, 'boundary') ?? '').trimEnd();
  return named !== '' && (depth > 0 || body.includes(`--${named}`, 0, 'latin1')) ? named : firstBoundary(body, 0);
}

/** Quoted-printable for text that is mostly ASCII, since it can be read as it is. */
function shorterEncoding(content: Buffer, { type }: ContentType): string {
  if (type !== 'text' && type !== 'message') return 'base64';
  let encoded = 0;
  for (const byte of content) if (byte > 126 || (byte < 32 && byte !== 13 && byte !== 10 && byte !== 9)) encoded++;
  return encoded * 2 > content.length ? 'base64' : 'quoted-printable';
}

/**
 * The parts between the delimiter lines, each converted; preamble and epilogue, which nobody shows, without what does not fit. Null where there is no
 * such line: the whole is what is shown.
 */
function convertParts(body: Buffer, boundary: string, place: Place): Buffer | null {
  const delimiter = Buffer.from(`--${boundary}`, 'latin1');
  const pieces: Buffer[] = [];
  let start = 0;
  let inParts = false;
  const close = (end: number, isPart: boolean): void => {
    const piece = body.subarray(start, end);
    pieces.push(isPart ? convertPart(piece, place) : isFit(piece, place) ? piece : Buffer.from(''));
  };
  for (let at = body.indexOf(delimiter); at >= 0; at = body.indexOf(delimiter, at + 1)) {
    if (at > 0 && body[at - 1] !== 10) continue;
    const lineFeed = body.indexOf(10, at);
    const end = lineFeed < 0 ? body.length : lineFeed + 1;
    const rest = body.toString('latin1', at + delimiter.length, Math.min(end, at + delimiter.length + 100));
    if (!/^(--)?[ \t]*\r?\n?$/.test(rest)) continue;
    close(at, inParts);
    pieces.push(body.subarray(at, end));
    start = end;
    inParts = !rest.startsWith('--');
    if (!inParts) break;
  }
  if (pieces.length === 0) return null;
  close(body.length, inParts);
  return Buffer.concat(pieces);
}

/** The CRLF before a delimiter belongs to the delimiter. */
function convertPart(part: Buffer, place: Place): Buffer {
  if (isFit(part, place)) return part;
  const length = part.at(-1) === 10 ? part.length - (part.at(-2) === 13 ? 2 : 1) : part.length;
  return Buffer.concat([convert(part.subarray(0, length), place), part.subarray(length)]);
}
