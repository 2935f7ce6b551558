import { limits } from '../limits.ts';
import type { Cursor } from '../parser/cursor.ts';
import { ParseError } from '../parser/parse-error.ts';
import type { BinaryItem, FetchItem, PartialRange, SectionItem, SimpleKind } from './items.ts';

const simple: Record<string, SimpleKind> = {
  UID: 'uid',
  FLAGS: 'flags',
  MODSEQ: 'modseq',
  INTERNALDATE: 'internaldate',
  'RFC822.SIZE': 'size',
  ENVELOPE: 'envelope',
  BODYSTRUCTURE: 'bodystructure',
  EMAILID: 'emailid',
  THREADID: 'threadid',
  // ours, and only for our own web (docs/protocols.md)
  'X-POSTAMT-JUDGEMENT': 'judgement',
  'X-POSTAMT-CONVERSATION': 'conversation',
};
const fast: SimpleKind[] = ['flags', 'internaldate', 'size'];
const macros: Record<string, SimpleKind[]> = { FAST: fast, ALL: [...fast, 'envelope'], FULL: [...fast, 'envelope', 'body'] };
const wholes: Record<string, Pick<SectionItem, 'what' | 'peek'>> = {
  RFC822: { what: 'part', peek: false },
  'RFC822.HEADER': { what: 'header', peek: true },
  'RFC822.TEXT': { what: 'text', peek: false },
};

/** Items of FETCH: a macro, one item, or a list of items in parentheses (RFC 9051 section 6.4.5). */
export function parseFetchItems(args: Cursor): FetchItem[] {
  const items: FetchItem[] = [];
  if (args.peek() !== 40) {
    const name = args.name();
    const macro = Object.hasOwn(macros, name) ? macros[name] : undefined;
    if (macro) return macro.map((kind) => ({ kind }));
    items.push(parseItem(args, name));
    return items;
  }
  args.list(1, () => {
    if (items.length >= limits.fetchItems) throw new ParseError('Too many items');
    items.push(parseItem(args, args.name()));
  });
  return distinct(items);
}

/** What is asked for twice is answered once: it is the same answer, and two hundred whole messages in one would be many times the mailbox. */
function distinct(items: readonly FetchItem[]): FetchItem[] {
  const byLabel = new Map<string, FetchItem>();
  for (const item of items) {
    const key = 'label' in item ? `${item.label} ${item.partial?.length ?? ''}` : item.kind;
    const known = byLabel.get(key);
    // one that sets \Seen is not lost behind its .PEEK
    if (!known || ('peek' in known && 'peek' in item && known.peek && !item.peek)) byLabel.set(key, item);
  }
  return Array.from(byLabel.values());
}

function parseItem(args: Cursor, name: string): FetchItem {
  if (Object.hasOwn(simple, name)) return { kind: simple[name] ?? 'uid' };
  const whole = Object.hasOwn(wholes, name) ? wholes[name] : undefined;
  if (whole) return { kind: 'section', label: name, path: [], fields: [], partial: null, ...whole };
  if (name === 'PREVIEW') {
    // previews are made when a message comes in, so LAZY (RFC 8970 section 3.1) has nothing to save
    args.skipWord(' (LAZY)');
    return { kind: 'preview' };
  }
  const peek = name.endsWith('.PEEK');
  const base = peek ? name.slice(0, -5) : name;
  if (base === 'BODY') {
    if (args.skip('[')) return parseSection(args, peek);
    if (!peek) return { kind: 'body' };
  }
  if (base === 'BINARY' && args.skip('[')) return parseBinary(args, 'binary', peek);
  if (name === 'BINARY.SIZE' && args.skip('[')) return parseBinary(args, 'binary-size', true);
  throw new ParseError(`Unknown FETCH item ${name.slice(0, 40)}`);
}

function parseSection(args: Cursor, peek: boolean): SectionItem {
  const path = parsePath(args);
  let what: SectionItem['what'] = 'part';
  let fields: string[] = [];
  let label = path.join('.');
  if (args.peek() !== 93) {
    const name = args.name();
    what = sectionKind(name, path);
    label += `${path.length > 0 ? '.' : ''}${name}`;
    if (what === 'fields' || what === 'fields-not') {
      args.space();
      fields = parseFieldNames(args);
      label += ` (${fields.map(formatFieldName).join(' ')})`;
    }
  }
  args.expect(']');
  const partial = parsePartial(args);
  return { kind: 'section', label: `BODY[${label}]${partial ? `<${partial.offset}>` : ''}`, path, what, fields, partial, peek };
}

function sectionKind(name: string, path: readonly number[]): SectionItem['what'] {
  switch (name) {
    case 'HEADER':
      return 'header';
    case 'TEXT':
      return 'text';
    case 'HEADER.FIELDS':
      return 'fields';
    case 'HEADER.FIELDS.NOT':
      return 'fields-not';
    case 'MIME':
      if (path.length > 0) return 'mime';
  }
  throw new ParseError('Unknown section');
}

/** "1.2.3", and the dot in front of a name that follows. */
function parsePath(args: Cursor): number[] {
  const path: number[] = [];
  while (args.peek() >= 48 && args.peek() <= 57) {
    if (path.length >= limits.sectionDepth) throw new ParseError('Section is nested too deeply');
    path.push(args.nonZero());
    if (!args.skip('.')) break;
  }
  return path;
}

function parseFieldNames(args: Cursor): string[] {
  const fields: string[] = [];
  args.list(1, () => {
    if (fields.length >= limits.headerFields) throw new ParseError('Too many header fields');
    const field = args.astring().toString('latin1');
    if (!/^[\x21-\x39\x3b-\x7e]+$/.test(field)) throw new ParseError('Bad header field name');
    fields.push(field);
  });
  return fields;
}

/** An astring again: an atom where it can be one. */
const formatFieldName = (field: string): string => (/^[^(){%*"\\]+$/.test(field) ? field : `"${field.replace(/["\\]/g, '\\$&')}"`);

function parsePartial(args: Cursor): PartialRange | null {
  if (!args.skip('<')) return null;
  // RFC 9051 section 9: both may have 63 bits
  const offset = args.number64();
  args.expect('.');
  const length = args.number64();
  if (length === 0) throw new ParseError('Zero is not allowed here');
  if (offset > Number.MAX_SAFE_INTEGER) throw new ParseError('Number is too large');
  args.expect('>');
  return { offset, length };
}

function parseBinary(args: Cursor, kind: BinaryItem['kind'], peek: boolean): BinaryItem {
  const path = parsePath(args);
  args.expect(']');
  const partial = kind === 'binary' ? parsePartial(args) : null;
  const name = kind === 'binary' ? 'BINARY' : 'BINARY.SIZE';
  return { kind, label: `${name}[${path.join('.')}]${partial ? `<${partial.offset}>` : ''}`, path, partial, peek };
}
