import { decodeCharset } from '../../mime/decode-charset.ts';
import { decodeContent } from '../../mime/decode-content.ts';
import { decodeEncodedWords } from '../../mime/decode-encoded-words.ts';
import { isMultipart, type Entity } from '../../mime/entity.ts';
import { htmlToText } from '../../mime/html-to-text.ts';
import { DEFAULT_MIME_LIMITS } from '../../mime/limits.ts';
import { parseAddresses } from '../../mime/parse-addresses.ts';
import { parameter } from '../../mime/parse-content-type.ts';
import { MessageHeader, unfold } from '../../mime/read-header.ts';
import { scanEntities } from '../../mime/scan-entity.ts';
import type { Condition, Filter } from './filter.ts';

/**
 * Whether a filter would take a letter, for trying it and for old mail. The rules engine of the mail server is the judge of new letters;
 * tests/unit/filters.test.ts holds that both say the same.
 */
export interface LetterToMatch {
  /** header of the letter, or the whole letter where the filter looks into the text */
  bytes: Buffer;
  sizeBytes: number;
  /** Content-Disposition of each part */
  dispositions: readonly string[];
}

export const looksIntoText = ({ conditions }: Filter): boolean =>
  conditions.some((condition) => condition.kind === 'text' && condition.field === 'body');

export function matchesFilter({ join, conditions }: Pick<Filter, 'join' | 'conditions'>, letter: LetterToMatch): boolean {
  if (conditions.length === 0) return true;
  const header = new MessageHeader(letter.bytes);
  let read: string[] | null = null;
  const body = (): string[] => (read ??= bodyTexts(letter.bytes).map(fold));
  const holds = (condition: Condition) => matchesCondition(condition, letter, { header, body });
  return join === 'all' ? conditions.every(holds) : conditions.some(holds);
}

/** What a letter says, read once for all conditions. */
interface Texts {
  header: MessageHeader;
  body: () => string[];
}

function matchesCondition(condition: Condition, letter: LetterToMatch, texts: Texts): boolean {
  if (condition.kind === 'size') {
    const limit = condition.kilobytes * 1024;
    return condition.over ? letter.sizeBytes > limit : letter.sizeBytes < limit;
  }
  if (condition.kind === 'attachment') {
    return condition.not !== letter.dispositions.some((disposition) => fold(disposition).includes('attachment'));
  }
  const { match, values, not } = condition;
  const subjects = condition.field === 'body' ? texts.body() : textsOf(condition, texts.header).map(fold);
  const wanted = values.map(fold);
  return not !== subjects.some((subject) => matchesAny(subject, match, wanted));
}

function matchesAny(subject: string, match: TextCondition['match'], wanted: readonly string[]): boolean {
  if (match === 'contains') return wanted.some((value) => subject.includes(value));
  if (match === 'is') return wanted.includes(subject);
  const characters = [...subject];
  return wanted.some((value) => matchesGlob(characters, value));
}

type TextCondition = Extract<Condition, { kind: 'text' }>;

/** i;ascii-casemap (RFC 4790): letters of ASCII only. */
const fold = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

const names = { from: ['from'], to: ['to', 'cc'], subject: ['subject'], list: ['list-id'] } as const;

function textsOf({ field, header: name, match }: TextCondition, header: MessageHeader): string[] {
  if (field === 'body') return [];
  const keys: readonly string[] = field === 'header' ? [name.toLowerCase()] : names[field];
  const values = keys.flatMap((key) => header.named(key)).map(({ valueStart, end }) => unfold(header.block, valueStart, end));
  if (match !== 'is' || (field !== 'from' && field !== 'to')) {
    return values.map((value) => decodeEncodedWords(value.replaceAll('\t', ' ')).trim());
  }
  return values.flatMap((value) => parseAddresses(value, mostAddresses)).map(({ mailbox, host }) => `${mailbox ?? ''}@${host ?? ''}`);
}

const mostAddresses = 1000;

/** What a person would read of the parts that are text. */
function bodyTexts(letter: Buffer): string[] {
  const texts: string[] = [];
  const waiting: Entity[] = [scanEntities(letter, DEFAULT_MIME_LIMITS)];
  for (let entity = waiting.pop(); entity !== undefined; entity = waiting.pop()) {
    waiting.push(...entity.children);
    if (entity.message) waiting.push(entity.message);
    if (entity.type !== 'text' || isMultipart(entity)) continue;
    const decoded = decodeContent(letter.subarray(entity.bodyStart, entity.bodyEnd), entity.encoding);
    const text = decodeCharset(decoded, parameter(entity.parameters, 'charset'));
    texts.push(entity.subtype === 'html' || entity.subtype === 'xhtml' ? htmlToText(text) : text);
  }
  return texts;
}

/** ":matches" (RFC 5228 section 2.7.1). Each star takes as little as it can, and is never tried twice for an earlier one. */
function matchesGlob(characters: readonly string[], pattern: string): boolean {
  const signs = [...pattern.matchAll(/\\([\s\S])|([\s\S])/gu)].map(([, escaped, plain]) =>
    escaped !== undefined ? { sign: escaped, wild: false } : { sign: plain ?? '', wild: plain === '*' || plain === '?' },
  );
  let [at, sign, star, resume] = [0, 0, -1, 0];
  while (at < characters.length) {
    const next = signs[sign];
    if (next?.wild && next.sign === '*') {
      star = sign++;
      resume = at;
    } else if (next && (next.wild || next.sign === characters[at])) {
      at++;
      sign++;
    } else if (star >= 0) {
      sign = star + 1;
      at = ++resume;
    } else return false;
  }
  while (signs[sign]?.wild && signs[sign]?.sign === '*') sign++;
  return sign === signs.length;
}
