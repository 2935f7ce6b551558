import { decodeCharset } from '../../../lib/mime/decode-charset.ts';
import { decodeContent } from '../../../lib/mime/decode-content.ts';
import { type Entity, isMultipart } from '../../../lib/mime/entity.ts';
import { htmlToText } from '../../../lib/mime/html-to-text.ts';
import { parameter } from '../../../lib/mime/parse-content-type.ts';
import { type Letter, withDescendants } from './letter.ts';

/** Everything behind the header, undecoded; bytes that are no UTF-8 show as U+FFFD. */
export const rawBody = (letter: Letter): string => letter.text(letter.root, 'raw', () => letter.body(letter.root).toString('utf8'));

/**
 * Decoded contents of the parts of these types (RFC 5173 section 5.2): a whole type, a type with its subtype, or the empty string for all.
 * Of a multipart what stands before and behind its parts, of a message/rfc822 its header.
 */
export function* bodyTexts(letter: Letter, types: readonly string[], readable: boolean): Generator<string> {
  const wanted = types.filter(isMediaType).map((type) => type.toLowerCase());
  for (const entity of withDescendants(letter.root)) {
    const isWanted = wanted.some((type) => type === '' || type === entity.type || type === `${entity.type}/${entity.subtype}`);
    if (!isWanted && !(readable && isXhtml(entity))) continue;
    if (isMultipart(entity)) yield* aroundParts(letter, entity);
    else if (entity.message !== null) yield headerText(letter, entity.message);
    // a body that is empty is one; where not even the blank line in front of it stands, there is none
    else if (entity.bodyEnd > entity.bodyStart || hasBody(letter, entity)) {
      yield readable ? readableText(letter, entity) : decodedText(letter, entity);
    }
  }
}

/** Lines as in a script's own texts, without the blank one behind them. */
const headerText = ({ raw }: Letter, { headerStart, bodyStart }: Entity): string =>
  raw
    .toString('utf8', headerStart, bodyStart)
    .replace(/\r?\n/g, '\r\n')
    .replace(/(^|\r\n)\r\n$/, '$1');

/** A page by another name (RFC 3236). */
const isXhtml = ({ type, subtype }: Entity): boolean => type === 'application' && subtype === 'xhtml+xml';

const hasBody = ({ raw }: Letter, { headerStart, bodyStart }: Entity): boolean =>
  /(?:^|\n)\r?\n$/.test(raw.toString('latin1', Math.max(headerStart, bodyStart - 3), bodyStart));

/** What a person would read of a part: HTML as text; nothing of what only holds other parts. */
export function readableText(letter: Letter, entity: Entity): string {
  if (isMultipart(entity) || entity.message !== null) return '';
  const isHtml = isXhtml(entity) || (entity.type === 'text' && (entity.subtype === 'html' || entity.subtype === 'xhtml'));
  return letter.text(entity, 'readable', () => (isHtml ? htmlToText(decodedText(letter, entity)) : decodedText(letter, entity)));
}

/** A part's body without its transfer encoding, text in its charset. */
function decodedText(letter: Letter, entity: Entity): string {
  return letter.text(entity, 'decoded', () => {
    const bytes = decodeContent(letter.body(entity), entity.encoding);
    return entity.type === 'text' || isXhtml(entity)
      ? decodeCharset(bytes, parameter(entity.parameters, 'charset'))
      : bytes.toString('utf8');
  });
}

/** Prologue, and epilogue where there is one. */
function aroundParts(letter: Letter, entity: Entity): string[] {
  const first = entity.children[0];
  const last = entity.children.at(-1);
  if (first === undefined || last === undefined) return [];
  const before = withoutLastLine(letter.raw.toString('utf8', entity.bodyStart, first.headerStart));
  const behind = letter.raw.toString('utf8', last.bodyEnd, entity.bodyEnd).replace(/^(?:\r?\n)?--[^\n]*(?:\r?\n|$)/, '');
  return behind === '' ? [before] : [before, behind];
}

/** Without the delimiter, which the end of the line before belongs to. */
function withoutLastLine(text: string): string {
  const start = text.lastIndexOf('\n', text.length - 2) + 1;
  return text.startsWith('--', start) ? text.slice(0, start).replace(/\r?\n$/, '') : text;
}

const isMediaType = (type: string): boolean => !/^\/|\/$|\/.*\//.test(type);
