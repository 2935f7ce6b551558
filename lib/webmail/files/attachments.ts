import { decodeEncodedWords } from '../../mime/decode-encoded-words.ts';
import { givenName, type LetterPart } from '../../mime/letter-part.ts';
import type { LetterPlan } from '../../mime/plan-letter.ts';
import type { UuFile } from '../../mime/uuencode.ts';
import { opensInBrowser, servedType, typeByName } from './served-type.ts';
import type { TnefFile } from '../view/read-tnef.ts';
import type { Attachment } from '../reading/mail-message.ts';
import { gaps } from '../../mime/gaps.ts';
import { normalForm } from '../../mime/normal-form.ts';
import { wordTable } from '../../mime/word-table.ts';

const isLetter = (part: LetterPart): boolean =>
  (part.type === 'message' && (part.subtype === 'rfc822' || part.subtype === 'global')) ||
  (/^(application\/octet-stream|application\/eml|text\/rfc822|message\/eml)$/.test(`${part.type}/${part.subtype}`) &&
    /\.eml$/i.test(givenName(part)));

export const isTnef = (part: LetterPart): boolean =>
  /^application\/(ms-tnef|vnd\.ms-tnef)$/.test(`${part.type}/${part.subtype}`) || /^winmail\.dat$/i.test(givenName(part));

/** What a part is, that files stand in. */
export type FileHolder = 'letter' | 'tnef' | 'text';
export const holderOf = (part: LetterPart): FileHolder =>
  isTnef(part) ? 'tnef' : part.type === 'text' && !isLetter(part) ? 'text' : 'letter';

/** What stands in a text or in winmail.dat is counted there where it has no name. */
export const nameWithin = (given: string, at: number): string => safeFileName(given) || `part-${at + 1}.bin`;

/** A file in the middle of a text part. */
export function uuAttachment(part: LetterPart, prefix: string, at: number, { name: given, bytes }: UuFile): Attachment {
  const name = nameWithin(given, at);
  const type = typeByName(name);
  return { part: `${prefix}${part.section}/${at + 1}`, name, type, sizeBytes: bytes.length, opens: opensInBrowser(type), letter: false };
}

/** A file in winmail.dat. */
export function tnefAttachment(part: LetterPart, prefix: string, at: number, { name: given, type, bytes }: TnefFile): Attachment {
  return {
    part: `${prefix}${part.section}/${at + 1}`,
    name: nameWithin(given, at),
    type: type || 'application/octet-stream',
    sizeBytes: bytes.length,
    opens: false,
    letter: false,
  };
}

export function toAttachment(part: LetterPart, prefix: string): Attachment {
  const type = `${part.type}/${part.subtype}`;
  const name = withEnding(safeFileName(givenName(part)), type) || fallbackName(part);
  return {
    part: prefix + part.section,
    name,
    type,
    sizeBytes: part.encoding === 'base64' ? Math.floor((part.sizeBytes * 57) / 78) : part.sizeBytes,
    opens: opensInBrowser(servedType(type, name)),
    letter: isLetter(part),
  };
}

/**
 * What goes along where a letter is passed on: its files, and what reading shows without being text (pictures between the texts, an invitation
 * that is no file anyway, what a report says to programs: whoever is asked why a letter came back needs it). `opened`: sections that what is in
 * them takes the place of.
 */
export function passedOn(plan: LetterPlan, opened: readonly string[]): Attachment[] {
  const pictures = plan.shown.flatMap((shown) => (shown.kind === 'picture' ? [shown.part] : []));
  const [invitation] = plan.calendars.some((part) => plan.files.includes(part)) ? [] : plan.calendars;
  return [...new Set([...plan.files, ...plan.reports, ...pictures, ...(invitation ? [invitation] : [])])]
    .filter((part) => !opened.includes(part.section))
    .map((part) => toAttachment(part, ''));
}

/** A name without any ending gets the one of its type, so that a program can be found for it. */
const withEnding = (name: string, type: string): string =>
  name === '' ||
  name.includes('.') ||
  extensions.get(type) === undefined ||
  type === 'application/octet-stream' ||
  type.startsWith('message/')
    ? name
    : `${name}.${extensions.get(type)}`;

const longestName = 250;

/**
 * A file name that is safe to show and to save: no path, no control characters, no direction overrides, no gap that hides the ending, which
 * stays.
 */
export function safeFileName(given: string): string {
  // a header's line is ended and begun anew where a blank stands
  const name = withoutPath(normalForm(given, 'NFC').replace(/[\t\r\n]+ */g, ' '))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '')
    .replace(gaps, ' ')
    .replace(/^\s*'(.*)'\s*$/, '$1')
    .trim();
  if (/^\.+$/.test(name)) return '';
  if (name.length <= longestName) return name;
  // people tell long names apart by their ends
  return `${name.slice(0, longestName - keptEnd - 1)}…${name.slice(-keptEnd)}`.toWellFormed().replaceAll('\ufffd', '');
}
const keptEnd = 60;
/** The last step of a path; "Rechnung 5/2026.pdf" is none, and keeps its letters. */
function withoutPath(given: string): string {
  const last = given.split('\\').at(-1) ?? '';
  const isPath = last !== given || /^(\.{0,2}\/|~\/|[a-z]:|file:)/i.test(last) || last.includes('../..');
  return isPath ? (last.split('/').at(-1) ?? '') : last.replaceAll('/', '_');
}

const extensions = wordTable<string>({
  'text/calendar': 'ics',
  'text/html': 'html',
  'text/plain': 'txt',
  'text/rfc822-headers': 'txt',
  'message/rfc822-headers': 'txt',
  'message/rfc822': 'eml',
  'message/global': 'eml',
  'message/delivery-status': 'txt',
  'application/pdf': 'pdf',
  'application/pkcs7-mime': 'p7m',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'application/zip': 'zip',
  'application/msword': 'doc',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'text/vcard': 'vcf',
  'text/x-vcard': 'vcf',
  'text/directory': 'vcf',
  'application/octet-stream': 'bin',
  'application/pkcs7-signature': 'p7s',
  'application/postscript': 'ps',
  'application/rtf': 'rtf',
});

/** By where the part stands: the same in the letter, in a download and in the letter that it is forwarded with. */
function fallbackName(part: LetterPart): string {
  const position = part.section.replaceAll('.', '-') || '1';
  const type = `${part.type}/${part.subtype}`;
  const subtype = part.subtype.replace(/[^a-z0-9]/g, '') || 'bin';
  if (isLetter(part)) return `${safeFileName(decodeEncodedWords(part.innerSubject, part.textCharset)) || `message-${position}`}.eml`;
  return type === 'text/calendar' ? 'invite.ics' : `part-${position}.${extensions.get(type) ?? subtype.slice(0, 8)}`;
}
