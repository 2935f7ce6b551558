import { limits } from '../limits.ts';
import { decodeUtf8 } from '../../wire/decode-utf8.ts';
import type { Cursor } from '../parser/cursor.ts';
import { parseDate } from '../parser/date-time.ts';
import { ParseError } from '../parser/parse-error.ts';
import { parseSequenceSet } from '../parser/sequence-set.ts';
import { Flag, type TextCriterion } from '../../store/mail-store.ts';
import type { ReadText } from './charset.ts';
import { and, everything, not, type SearchKey } from './keys.ts';

const dayMs = 86_400_000;
const never = Number.POSITIVE_INFINITY;

type Parse = (args: Cursor, read: ReadText) => SearchKey;
const system =
  (bit: bigint, present: boolean): Parse =>
  () => ({ kind: 'system', bit, present });
const text =
  (field: TextCriterion['field']): Parse =>
  (args, read) => ({ kind: 'text', criterion: { field, pattern: textArgument(args, read) } });
const people =
  (field: AddressField): Parse =>
  (args, read) =>
    inAddresses(field, textArgument(args, read));
const keyword =
  (present: boolean): Parse =>
  (args) => {
    args.space();
    // some programs put it in quotes
    return { kind: 'keyword', name: args.astring().toString('latin1'), present };
  };
/** from, to: in days relative to the day given */
const day =
  (kind: 'received' | 'sent', from: number, to: number): Parse =>
  (args) => {
    args.space();
    const given = parseDate(args);
    return { kind, from: given + from * dayMs, to: given + to * dayMs };
  };
const age =
  (older: boolean): Parse =>
  (args) => {
    args.space();
    const since = Date.now() - args.nonZero() * 1000;
    return { kind: 'received', from: older ? -never : since, to: older ? since + 1 : never };
  };
/** A space, then one argument. */
const argument =
  (parse: (args: Cursor) => SearchKey): Parse =>
  (args) => {
    args.space();
    return parse(args);
  };
const unseen: SearchKey = { kind: 'system', bit: Flag.Seen, present: false };
const recent: SearchKey = { kind: 'recent' };

const keys: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ['ALL', () => everything],
  ['ANSWERED', system(Flag.Answered, true)],
  ['UNANSWERED', system(Flag.Answered, false)],
  ['DELETED', system(Flag.Deleted, true)],
  ['UNDELETED', system(Flag.Deleted, false)],
  ['DRAFT', system(Flag.Draft, true)],
  ['UNDRAFT', system(Flag.Draft, false)],
  ['FLAGGED', system(Flag.Flagged, true)],
  ['UNFLAGGED', system(Flag.Flagged, false)],
  ['SEEN', system(Flag.Seen, true)],
  ['UNSEEN', system(Flag.Seen, false)],
  ['KEYWORD', keyword(true)],
  ['UNKEYWORD', keyword(false)],
  ['RECENT', () => recent],
  ['OLD', () => not(recent)],
  ['NEW', () => and([recent, unseen])],
  ['SUBJECT', text('subject')],
  ['FROM', people('from')],
  ['TO', people('to')],
  ['CC', people('cc')],
  ['BODY', text('body')],
  ['TEXT', text('text')],
  ['BCC', (args, read) => ({ kind: 'header', name: 'bcc', pattern: textArgument(args, read) })],
  ['HEADER', header],
  ['BEFORE', day('received', -never, 0)],
  ['ON', day('received', 0, 1)],
  ['SINCE', day('received', 0, never)],
  ['SENTBEFORE', day('sent', -never, 0)],
  ['SENTON', day('sent', 0, 1)],
  ['SENTSINCE', day('sent', 0, never)],
  ['OLDER', age(true)],
  ['YOUNGER', age(false)],
  ['LARGER', argument((args) => ({ kind: 'size', more: args.number64(), less: never }))],
  ['SMALLER', argument((args) => ({ kind: 'size', more: -1, less: args.number64() }))],
  ['UID', argument((args) => ({ kind: 'set', set: parseSequenceSet(args.sequenceText()), byUid: true }))],
  ['MODSEQ', modseq],
  ['EMAILID', argument((args) => ({ kind: 'emailid', messageId: idArgument(args, 'M') }))],
  ['THREADID', argument((args) => ({ kind: 'threadid', threadId: idArgument(args, 'T') }))],
]);

interface Budget {
  left: number;
  read: ReadText;
}

/** One or more keys separated by spaces, up to the end of the command. All must hold. */
export function parseSearchKeys(args: Cursor, read: ReadText = decodeUtf8): SearchKey {
  const budget = { left: limits.searchKeys, read };
  const found = [parseKey(args, budget, 0)];
  while (args.more()) found.push(parseKey(args, budget, 0));
  return and(found);
}

function parseKey(args: Cursor, budget: Budget, depth: number): SearchKey {
  if (depth > limits.searchDepth) throw new ParseError('Search is nested too deeply');
  let negated = false;
  while (args.skipWord('NOT ')) {
    args.blanks();
    negated = !negated;
  }
  if (budget.left-- <= 0) throw new ParseError('Too many search keys');
  const key = parsePlainKey(args, budget, depth);
  return negated ? not(key) : key;
}

function parsePlainKey(args: Cursor, budget: Budget, depth: number): SearchKey {
  if (args.peek() === 40) {
    const found: SearchKey[] = [];
    args.list(1, () => found.push(parseKey(args, budget, depth + 1)));
    return and(found);
  }
  const next = args.peek();
  if ((next >= 48 && next <= 57) || next === 42 || next === 36) {
    return { kind: 'set', set: parseSequenceSet(args.sequenceText()), byUid: false };
  }
  if (args.skipWord('OR ')) return parseOr(args, budget, depth);
  const name = args.keyword();
  const parse = keys.get(name);
  if (!parse) throw new ParseError(`Unknown search key ${name.slice(0, 40)}`);
  return parse(args, budget.read);
}

/** "OR a OR b OR c d", as clients write a long list of alternatives, is one flat list and no deep tree. */
function parseOr(args: Cursor, budget: Budget, depth: number): SearchKey {
  const alternatives: SearchKey[] = [];
  do {
    args.blanks();
    alternatives.push(parseKey(args, budget, depth + 1));
    args.space();
  } while (args.skipWord('OR '));
  alternatives.push(parseKey(args, budget, depth + 1));
  return { kind: 'or', keys: alternatives };
}

function textArgument(args: Cursor, read: ReadText): string {
  args.space();
  const pattern = read(args.astring());
  if (pattern === null) throw new ParseError('Search text is not valid UTF-8', 'BADCHARSET (UTF-8)');
  if (pattern.includes('\0')) throw new ParseError('NUL is not allowed');
  return pattern;
}

type AddressField = 'from' | 'to' | 'cc';
const isAddressField = (name: string): name is AddressField => name === 'from' || name === 'to' || name === 'cc';

/** The index has people as they are meant, `Anna <a@b.at>`. Programs ask for them as they are written, too: in quotes, with comments. */
function inAddresses(field: AddressField, pattern: string): SearchKey {
  if (!/["\\():;]/.test(pattern)) return { kind: 'text', criterion: { field, pattern } };
  const meant = pattern.replace(/["\\]/g, '');
  const written: SearchKey = { kind: 'header', name: field, pattern };
  return meant === '' ? written : { kind: 'or', keys: [{ kind: 'text', criterion: { field, pattern: meant } }, written] };
}

function header(args: Cursor, read: ReadText): SearchKey {
  args.space();
  const name = args.astring().toString('latin1').toLowerCase();
  const pattern = textArgument(args, read);
  // an empty text asks whether there is such a field at all
  if (pattern === '') return { kind: 'header', name, pattern };
  if (isAddressField(name)) return inAddresses(name, pattern);
  return name === 'subject' ? { kind: 'text', criterion: { field: name, pattern } } : { kind: 'header', name, pattern };
}

/** RFC 7162 section 3.1.5: entry name and type are allowed and mean nothing here, since each message has one mod-sequence. */
function modseq(args: Cursor): SearchKey {
  args.space();
  if (args.peek() === 34) {
    args.string();
    args.space();
    const type = args.keyword();
    if (type !== 'PRIV' && type !== 'SHARED' && type !== 'ALL') throw new ParseError('Unknown entry type');
    args.space();
  }
  return { kind: 'modseq', from: args.number64() };
}

/** OBJECTID of RFC 8474: an id that is not of ours matches nothing. */
function idArgument(args: Cursor, prefix: string): number | null {
  const given = args.astring().toString('latin1');
  return /^.\d{1,15}$/.test(given) && given.startsWith(prefix) ? Number(given.slice(1)) : null;
}
