import { decodeText } from '../../mime/decode-text.ts';
import { readRtf, unpackRtf } from '../../mime/read-rtf.ts';
import { decodeCharset } from '../../mime/decode-charset.ts';

/**
 * winmail.dat (MS-OXTNEF): what Outlook wraps files into when it believes that the other side is Outlook too. Read as far as a reader needs:
 * files with their names, and the text. Everything is copied by lengths that are checked first; linear time.
 */

export interface TnefFile {
  name: string;
  /** as Outlook says it; empty if not */
  type: string;
  bytes: Buffer;
}

export interface TnefContent {
  files: TnefFile[];
  html: Buffer | null;
  text: string;
  /** packed, as Outlook keeps it; null if none */
  rtf: Buffer | null;
}

const signature = 0x223e9f78;
const mostFiles = 500;
const mostProperties = 5000;

const ATTACH_RENDDATA = 0x00069002;
const ATTACH_TITLE = 0x00018010;
const ATTACH_DATA = 0x0006800f;
const ATTACH_PROPERTIES = 0x00069005;
const MESSAGE_PROPERTIES = 0x00069003;
const BODY = 0x0002800c;
const CODE_PAGE = 0x00069007;

/** Null if it is none, or ends in the middle. */
export function readTnef(bytes: Buffer): TnefContent | null {
  if (bytes.length < 6 || bytes.readUInt32LE(0) !== signature) return null;
  const content: TnefContent = { files: [], html: null, text: '', rtf: null };
  let file: TnefFile | null = null;
  let charset = 'windows-1252';
  let seen = 0;
  for (let at = 6; at + 9 <= bytes.length; ) {
    const level = bytes[at];
    const id = bytes.readUInt32LE(at + 1);
    const length = bytes.readUInt32LE(at + 5);
    const end = at + 9 + length;
    if ((level !== 1 && level !== 2) || end + 2 > bytes.length) break;
    const data = bytes.subarray(at + 9, end);
    at = end + 2;
    seen++;
    if (id === ATTACH_RENDDATA && content.files.length < mostFiles) {
      file = { name: '', type: '', bytes: Buffer.alloc(0) };
      content.files.push(file);
    } else if (id === CODE_PAGE) charset = data.length >= 4 ? `cp${data.readUInt32LE(0)}` : charset;
    else if (id === MESSAGE_PROPERTIES) readMessage(data, content, charset);
    else if (id === BODY) content.text ||= untilNul(data, charset);
    else if (file && id === ATTACH_TITLE) file.name ||= untilNul(data, charset);
    else if (file && id === ATTACH_DATA) file.bytes = data;
    else if (file && id === ATTACH_PROPERTIES) readAttachment(data, file, charset);
  }
  return seen === 0 ? null : content;
}

function readAttachment(data: Buffer, file: TnefFile, charset: string): void {
  for (const { id, type, value } of readProperties(data)) {
    if (id === 0x3707) file.name = textOf(type, value, charset) || file.name;
    else if (id === 0x370e) file.type = textOf(type, value, charset).toLowerCase();
    // an object begins with the name of its class; a letter in a letter stays what it is
    else if (id === 0x3701 && file.bytes.length === 0) file.bytes = type === 0x000d ? value.subarray(16) : value;
  }
}

function readMessage(data: Buffer, content: TnefContent, charset: string): void {
  for (const { id, type, value } of readProperties(data)) {
    if (id === 0x1013) content.html = type === 0x0102 ? value : Buffer.from(textOf(type, value, charset));
    else if (id === 0x1000) content.text = textOf(type, value, charset);
    else if (id === 0x1009 && type === 0x0102) content.rtf = value;
  }
}

/** The text that Outlook wrapped: HTML, or plain text where there is none. */
export function textOfTnef({ html, text, rtf }: TnefContent): { html: string; text: string } {
  if (html) return { html: decodeText(html, { type: 'text', subtype: 'html', encoding: '8bit', parameters: [] }), text: '' };
  return text === '' && rtf ? readRtf(unpackRtf(rtf).toString('latin1')) : { html: '', text };
}

interface Property {
  id: number;
  type: number;
  value: Buffer;
}

const fixedSizes: Record<number, number> = { 2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16 };
const padded = (length: number): number => length + ((4 - (length % 4)) % 4);

/** MAPI properties (MS-OXTNEF section 2.1.3.4): type, number, for named ones the name, then the values. */
function* readProperties(data: Buffer): Generator<Property> {
  const count = data.length >= 4 ? Math.min(data.readUInt32LE(0), mostProperties) : 0;
  let at = 4;
  const fits = (length: number): boolean => length >= 0 && at + length <= data.length;
  for (let index = 0; index < count; index++) {
    if (!fits(4)) return;
    const rawType = data.readUInt16LE(at);
    const id = data.readUInt16LE(at + 2);
    at += 4;
    if (id >= 0x8000) {
      if (!fits(24)) return;
      const named = data.readUInt32LE(at + 16) === 1;
      const length = data.readUInt32LE(at + 20);
      at += 24 + (named ? padded(length) : 0);
    }
    const type = rawType & 0x0fff;
    const size = fixedSizes[type];
    let values = 1;
    if (rawType & 0x1000 || size === undefined) {
      if (!fits(4)) return;
      values = data.readUInt32LE(at);
      at += 4;
    }
    for (let each = 0; each < values; each++) {
      if (size === undefined && !fits(4)) return;
      const length = size ?? data.readUInt32LE(at);
      if (size === undefined) at += 4;
      if (!fits(length)) return;
      if (each === 0) yield { id, type, value: data.subarray(at, at + length) };
      at += padded(length);
    }
  }
}

const textOf = (type: number, value: Buffer, charset: string): string =>
  type === 0x001f ? (value.toString('utf16le').split('\0', 1)[0] ?? '').toWellFormed() : untilNul(value, charset);

function untilNul(value: Buffer, charset: string): string {
  const end = value.indexOf(0);
  return decodeCharset(end < 0 ? value : value.subarray(0, end), charset);
}
