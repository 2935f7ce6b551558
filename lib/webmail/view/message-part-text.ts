import { decodeText, isMarkup } from '../../mime/decode-text.ts';
import { htmlToText } from '../../mime/html-to-text.ts';
import type { LetterPart } from '../../mime/letter-part.ts';
import { DEFAULT_MIME_LIMITS as limits } from '../../mime/limits.ts';
import { parameter } from '../../mime/parse-content-type.ts';
import { scanEntities } from '../../mime/scan-entity.ts';

/** What can be read of message/partial and message/external-body (RFC 2046 sections 5.2.2, 5.2.3); null for all other parts. */
export function messagePartText(part: LetterPart, bytes: Buffer): string | null {
  if (part.type !== 'message') return null;
  if (part.subtype === 'external-body') return placeOf(part);
  return part.subtype === 'partial' ? firstOf(bytes, parameter(part.parameters, 'number')) : null;
}

/** The first piece begins with the header of the whole; the others are the middle of something. */
function firstOf(bytes: Buffer, number: string | undefined): string {
  if (number !== undefined && number.trim() !== '1') return bytes.toString('latin1');
  const entity = scanEntities(bytes, limits);
  const part = entity.type === 'multipart' ? (entity.children.find(({ type }) => type === 'text') ?? entity) : entity;
  const text = decodeText(bytes.subarray(part.bodyStart, part.bodyEnd), part);
  return isMarkup(part) ? htmlToText(text) : text;
}

/** Where what is meant lies: an address, or as much of one as the letter says. */
function placeOf({ parameters }: LetterPart): string {
  const of = (name: string): string => (parameter(parameters, name) ?? '').replace(/\s+/g, '');
  const url = of('url');
  if (url !== '') return url;
  const [site, name] = [of('site'), of('name')];
  if (site === '' || name === '') return '';
  const directory = of('directory').replace(/^\/+|(?<!\/)\/+$/g, '');
  return `ftp://${site}/${directory === '' ? '' : `${directory}/`}${name}`;
}
