import { bodyCharset } from './body-charset.ts';
import { withoutArmour } from './clear-signed.ts';
import { decodeContent } from './decode-content.ts';
import { decodeEncodedWords } from './decode-encoded-words.ts';
import { decodeParameter } from './decode-parameter.ts';
import { isMarkup } from './decode-text.ts';
import { type Entity, isMultipart } from './entity.ts';
import { flowedText } from './flowed-text.ts';
import { htmlToText } from './html-to-text.ts';
import { enrichedToHtml } from './text-enriched.ts';
import type { MimeLimits } from './limits.ts';
import { readRtf } from './read-rtf.ts';
import { withoutTerminalCodes } from './terminal-text.ts';
import { isOpaque } from './plan-letter.ts';
import { makePreview } from './make-preview.ts';
import { type ScannedLetter, scanLetter } from './scan-letter.ts';
import { deepestSigned, signedLetter } from './signed-content.ts';
import { textFormat } from './text-format.ts';
import { splitUuencoded } from './uuencode.ts';
import { parseParameterised } from './parse-content-type.ts';
import { type HeaderField, findField } from './parse-header.ts';

export interface ExtractedText {
  /** every header field decoded, one a line */
  header: string;
  /** all that can be read of the body, parts in order */
  body: string;
  /** decoded text of the parts that were read, for the preview */
  byEntity: ReadonlyMap<Entity, string>;
}

/**
 * Text of a message for searching: all text parts decoded (HTML as text), delivery reports, names of attached files, the headers of
 * messages inside, and what was signed as one file. `limits.textBytes` bounds the encoded bytes that are read.
 */
export function extractText({ raw, root, textOf }: ScannedLetter, limits: MimeLimits, depth = 0): ExtractedText {
  const byEntity = new Map<Entity, string>();
  const pieces: string[] = [];
  let room = limits.textBytes;
  const charset = bodyCharset(root);
  const stack: Entity[] = [root];
  for (let entity = stack.pop(); entity !== undefined; entity = stack.pop()) {
    if (isMultipart(entity)) {
      for (let i = entity.children.length - 1; i >= 0; i--) {
        const child = entity.children[i];
        if (child !== undefined) stack.push(child);
      }
      continue;
    }
    const name = attachedName(entity, limits, charset);
    if (name !== '' && entity !== root) pieces.push(name);
    if (entity.type === 'application' && room > 0 && depth < deepestSigned && isOpaque(entity, name)) {
      const packed = raw.subarray(entity.bodyStart, Math.min(entity.bodyEnd, entity.bodyStart + room));
      room -= packed.length;
      const letter = signedLetter(packed, entity.encoding, limits);
      if (letter) {
        const text = extractText(letter, { ...limits, textBytes: packed.length }, depth + 1);
        pieces.push(text.body);
        byEntity.set(entity, makePreview(letter.root, text.byEntity));
      }
      continue;
    }
    if (entity.message !== null && isEncoded(entity)) {
      if (room <= 0 || depth >= deepestSigned) continue;
      const packed = raw.subarray(entity.bodyStart, Math.min(entity.bodyEnd, entity.bodyStart + room));
      room -= packed.length;
      const letter = scanLetter(decodeContent(packed, entity.encoding), limits);
      const text = extractText(letter, { ...limits, textBytes: packed.length }, depth + 1);
      pieces.push(text.header + text.body);
    } else if (entity.message !== null) {
      pieces.push(decodeHeaderText(entity.message.fields, bodyCharset(entity.message)));
      stack.push(entity.message);
    } else if (isReadable(entity) && room > 0) {
      const length = Math.min(entity.bodyEnd - entity.bodyStart, room);
      room -= length;
      const text = readableText(textOf(entity, length), entity);
      byEntity.set(entity, text);
      if (text !== '') pieces.push(text);
    }
  }
  return { header: decodeHeaderText(root.fields, charset), body: pieces.join('\n'), byEntity };
}

/** Every field as "Name: decoded value", each with a line end. */
function decodeHeaderText(fields: readonly HeaderField[], charset: string | undefined): string {
  let result = '';
  for (const { name, value } of fields) {
    const text = decodeEncodedWords(value, charset);
    result += name === '' ? `${text}\n` : `${decodeEncodedWords(name)}: ${text}\n`;
  }
  return result;
}

/** Which RFC 2046 section 5.2.1 forbids a letter in a letter, and readers undo all the same. */
export const isEncoded = ({ encoding }: Entity): boolean => encoding === 'base64' || encoding === 'quoted-printable';

function isReadable(entity: Entity): boolean {
  return entity.type === 'text' || (entity.type === 'message' && READABLE_MESSAGES.has(entity.subtype));
}

function readableText(text: string, entity: Entity): string {
  if (isMarkup(entity)) return htmlToText(text);
  if (entity.type !== 'text') return text;
  if (entity.subtype === 'enriched' || entity.subtype === 'richtext') return htmlToText(enrichedToHtml(text));
  if (entity.subtype === 'rtf') return rtfText(text);
  return entity.subtype === 'calendar' ? calendarText(text) : entity.subtype === 'plain' ? plainText(text, entity) : text;
}

/** Of files in the text the names, as of all attached ones. A word that format=flowed has broken is found as it is read. */
function plainText(source: string, entity: Entity): string {
  const { text, files } = splitUuencoded(withoutTerminalCodes(source));
  const said = withoutArmour(text) ?? text;
  const { flowed, delSp } = textFormat(entity);
  return [flowed ? flowedText(said, delSp) : said, ...files.map(({ name }) => name)].join('\n');
}

function rtfText(source: string): string {
  const { html, text } = readRtf(source);
  return html ? htmlToText(html) : text;
}

/** What an invitation says to people: title, place, description. Its other lines are for programs and would be found by nobody. */
export function calendarText(text: string): string {
  const pieces: string[] = [];
  for (const line of text.replace(/\r?\n[ \t]/g, '').split(/\r?\n/)) {
    const match = /^(?:SUMMARY|LOCATION|DESCRIPTION)(?:;[^:]{0,300})?:(.*)$/i.exec(line);
    if (match?.[1]) pieces.push(match[1].replace(/\\n/gi, ' ').replace(/\\([,;\\])/g, '$1'));
  }
  return pieces.join('\n');
}

function attachedName(entity: Entity, limits: MimeLimits, charset: string | undefined): string {
  const disposition = findField(entity.fields, 'content-disposition');
  const filename =
    disposition === undefined
      ? undefined
      : decodeParameter(parseParameterised(disposition, limits.parameters).parameters, 'filename', charset);
  return filename ?? decodeParameter(entity.parameters, 'name', charset) ?? '';
}

const READABLE_MESSAGES = new Set([
  'delivery-status',
  'disposition-notification',
  'feedback-report',
  'global-delivery-status',
  'global-disposition-notification',
  'global-headers',
]);
