import { decodeEncodedWords } from '../mime/decode-encoded-words.ts';
import { givenName, type LetterPart } from '../mime/letter-part.ts';
import { opensInBrowser, servedType } from './served-type.ts';
import type { Attachment } from './types.ts';

export const isLetter = (part: LetterPart): boolean =>
  (part.type === 'message' && (part.subtype === 'rfc822' || part.subtype === 'global')) ||
  (/^(application\/octet-stream|application\/eml|text\/rfc822|message\/eml)$/.test(`${part.type}/${part.subtype}`) &&
    /\.eml$/i.test(givenName(part)));

export const isTnef = (part: LetterPart): boolean =>
  /^application\/(ms-tnef|vnd\.ms-tnef)$/.test(`${part.type}/${part.subtype}`) || /^winmail\.dat$/i.test(givenName(part));

export function toAttachment(part: LetterPart, prefix: string, position: number): Attachment {
  const name = safeFileName(givenName(part)) || fallbackName(part, position);
  const type = `${part.type}/${part.subtype}`;
  return {
    part: prefix + part.section,
    name,
    type,
    sizeBytes: part.encoding === 'base64' ? Math.floor((part.sizeBytes * 57) / 78) : part.sizeBytes,
    opens: opensInBrowser(servedType(type, name)),
    letter: isLetter(part),
  };
}

const longestName = 250;

/** A file name that is safe to show and to save: no path, no control characters, no direction overrides; the ending stays. */
export function safeFileName(given: string): string {
  const name = (given.normalize('NFC').split(/[\\/]/).at(-1) ?? '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .trim();
  if (name.length <= longestName) return name;
  // people tell long names apart by their ends
  return `${name.slice(0, longestName - keptEnd - 1)}…${name.slice(-keptEnd)}`.toWellFormed().replaceAll('\ufffd', '');
}
const keptEnd = 60;

const extensions: Record<string, string> = {
  'text/calendar': 'ics',
  'text/html': 'html',
  'text/plain': 'txt',
  'text/rfc822-headers': 'txt',
  'message/rfc822': 'eml',
  'message/global': 'eml',
  'message/delivery-status': 'txt',
  'application/pdf': 'pdf',
  'application/pkcs7-mime': 'p7m',
  'image/jpeg': 'jpg',
};

export function fallbackName(part: LetterPart, position: number): string {
  const type = `${part.type}/${part.subtype}`;
  const subtype = part.subtype.replace(/[^a-z0-9]/g, '') || 'bin';
  if (isLetter(part)) return `${safeFileName(decodeEncodedWords(part.innerSubject)) || `message-${position}`}.eml`;
  return `part-${position}.${extensions[type] ?? subtype.slice(0, 8)}`;
}
