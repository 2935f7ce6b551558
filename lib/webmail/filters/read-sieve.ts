import { filterSchema, type Condition, type Filter, type FilterAction, type FilterItem } from './filter.ts';
import { CallReader, tokensOf, type Call, type Token } from './parse-sieve.ts';
import { inOrder, type SieveScript } from './write-sieve.ts';

/**
 * A script as filters where it can be said in sentences, and as text where it cannot: nothing of it is ever lost. Each statement becomes one
 * item, with the name that a "# rule:[Name]" comment above it gives, as Roundcube's editor writes it.
 */
export function readScript(source: string): SieveScript {
  const text = source.replaceAll('\r\n', '\n');
  const tokens = tokensOf(text);
  const whole = { head: '', requires: [], items: text.trim() === '' ? [] : [{ kind: 'text' as const, name: '', text }] };
  if (!tokens) return whole;
  const requires: string[] = [];
  const items: FilterItem[] = [];
  let head = '';
  let from = 0;
  for (const statement of statementsOf(tokens)) {
    const end = statement.at(-1)?.end ?? from;
    const piece = text.slice(from, end).replace(/^\s+/, '');
    from = end;
    const meaning = statement.filter(({ kind }) => kind !== 'comment');
    const [first] = meaning;
    if (first?.kind === 'word' && first.text === 'require' && items.length === 0) {
      const call = new CallReader(meaning).command();
      requires.push(...(call?.lists.flat() ?? []));
      head += commentsOf(piece);
    } else items.push(...itemsOf(piece, statement));
  }
  // `require` in another place, or text that is no statement: the order may matter
  if (items.some((item) => item.kind === 'text' && /^[ \t]*require\b/m.test(item.text))) return whole;
  return { head, requires: [...new Set(requires)], items };
}

/** Tokens of each command with the comments above it; an `elsif` or `else` belongs to its `if`. */
function statementsOf(tokens: readonly Token[]): Token[][] {
  const statements: Token[][] = [];
  let current: Token[] = [];
  let depth = 0;
  for (const token of tokens) {
    current.push(token);
    if (token.kind !== 'sign') continue;
    if (token.text === '{') depth += 1;
    if (token.text === '}') depth -= 1;
    if (depth > 0 || (token.text !== ';' && token.text !== '}')) continue;
    const word = current.find(({ kind }) => kind !== 'comment');
    const previous = statements.at(-1);
    if (word?.kind === 'word' && (word.text === 'elsif' || word.text === 'else') && previous) previous.push(...current);
    else statements.push(current);
    current = [];
  }
  if (current.length > 0) statements.push(current);
  return statements;
}

const commentsOf = (piece: string): string => {
  const at = piece.search(/^[ \t]*require\b/m);
  const comments = piece.slice(0, Math.max(at, 0)).trimEnd();
  return comments === '' ? '' : `${comments}\n`;
};

const ruleLine = /^#[ \t]*rule:\[([^\n]*)\][ \t]*$/i;

/** A statement as one item; comments that are no name of it stand as text in front of a filter. */
function itemsOf(piece: string, statement: readonly Token[]): FilterItem[] {
  const first = statement.findIndex(({ kind }) => kind !== 'comment');
  const comments = first < 0 ? [] : statement.slice(0, first);
  const last = comments.at(-1);
  const named = last?.kind === 'comment' ? ruleLine.exec(`#${last.text}`.trim()) : null;
  const name = (named?.[1] ?? '').slice(0, 200);
  const filter = filterOf(name, statement.slice(comments.length));
  const start = statement[0]?.start ?? 0;
  const before = piece.slice(0, ((named ? last : statement[comments.length])?.start ?? start) - start).trimEnd();
  if (filter) return before === '' ? [filter] : [{ kind: 'text', name: '', text: before }, filter];
  if (!named || comments.length > 1) return [{ kind: 'text', name: '', text: piece }];
  return [{ kind: 'text', name, text: piece.slice(piece.indexOf('\n') + 1) }];
}

function filterOf(name: string, statement: readonly Token[]): Filter | null {
  const comment = statement.findIndex(({ kind }) => kind === 'comment');
  const off = comment === 2 && isWord(statement[0], 'if') && isWord(statement[1], 'false') ? statement[2] : null;
  if ((comment >= 0 && !off) || statement.slice(comment + 1).some(({ kind }) => kind === 'comment')) return null;
  const reader = new CallReader(statement.filter(({ kind }) => kind !== 'comment'));
  const call = reader.command();
  if (call?.name !== 'if' || !reader.done || call.tests.length !== 1 || !call.block) return null;
  const test = off?.kind === 'comment' ? testIn(off.text) : call.tests[0];
  const read = test && conditionsOf(test);
  const actions = call.block.map(actionOf);
  if (!read || actions.length === 0) return null;
  const known = actions.filter((action) => action !== null);
  // what our own order would change, stays as it stands
  if (known.length < actions.length || JSON.stringify(inOrder(known)) !== JSON.stringify(known)) return null;
  const parsed = filterSchema.safeParse({ kind: 'filter', name, on: !off, ...read, actions: known });
  return parsed.success ? parsed.data : null;
}

const isWord = (token: Token | undefined, text: string): boolean => token?.kind === 'word' && token.text === text;

/** The test of a filter that is switched off, as it stands in a comment. */
function testIn(comment: string): Call | null {
  const tokens = tokensOf(comment);
  if (!tokens || tokens.some(({ kind }) => kind === 'comment')) return null;
  const reader = new CallReader(tokens);
  const test = reader.test();
  return test && reader.done ? test : null;
}

function conditionsOf(test: Call): Pick<Filter, 'join' | 'conditions'> | null {
  if (test.name === 'true' && test.tests.length === 0) return { join: 'all', conditions: [] };
  const many = test.name === 'allof' || test.name === 'anyof';
  const read = (many ? test.tests : [test]).map((one) => conditionOf(one, false));
  const conditions = read.filter((condition) => condition !== null);
  if (conditions.length === 0 || conditions.length < read.length) return null;
  return { join: test.name === 'anyof' ? 'any' : 'all', conditions };
}

function conditionOf(test: Call, not: boolean): Condition | null {
  const { name, tags, numbers, lists } = test;
  if (name === 'not' && test.tests[0]) return not ? null : conditionOf(test.tests[0], true);
  if (test.tests.length > 0) return null;
  if (name === 'size') return sizeOf(tags, numbers, not);
  if (numbers.length > 0) return null;
  const is = (...wanted: string[]) => JSON.stringify(tags.toSorted()) === JSON.stringify(wanted.toSorted());
  const match = (['contains', 'is', 'matches'] as const).find((one) => tags.includes(one)) ?? 'is';
  const values = lists.at(-1) ?? [];
  if (name === 'body' && lists.length === 1 && is('text', match)) return { kind: 'text', field: 'body', header: '', match, not, values };
  if (lists.length !== 2) return null;
  const fields = (lists[0] ?? []).map((field) => field.toLowerCase());
  const field = fields.toSorted().join(' ');
  if (name === 'header' && is('mime', 'anychild', 'contains')) {
    return field === 'content-disposition' && values.join() === 'attachment' ? { kind: 'attachment', not } : null;
  }
  if (!is(match) && !(tags.length === 0 && match === 'is')) return null;
  const address = field === 'from' ? 'from' : field === 'cc to' ? 'to' : null;
  if (name === 'address') return match === 'is' && address ? { kind: 'text', field: address, header: '', match, not, values } : null;
  if (name !== 'header' || fields.length === 0) return null;
  if (address && match !== 'is') return { kind: 'text', field: address, header: '', match, not, values };
  if (field === 'subject') return { kind: 'text', field: 'subject', header: '', match, not, values };
  if (field === 'list-id') return { kind: 'text', field: 'list', header: '', match, not, values };
  return fields.length === 1 ? { kind: 'text', field: 'header', header: field, match, not, values } : null;
}

const units = new Map([
  ['', 1 / 1024],
  ['K', 1],
  ['M', 1024],
  ['G', 1_048_576],
]);

function sizeOf(tags: readonly string[], [number, ...more]: readonly string[], not: boolean): Condition | null {
  const [, count, unit] = /^(\d+)([KMG]?)$/.exec(number ?? '') ?? [];
  if (not || more.length > 0 || tags.length !== 1 || count === undefined || !/^(over|under)$/.test(tags[0] ?? '')) return null;
  const kilobytes = Number(count) * (units.get(unit ?? '') ?? 1);
  return Number.isInteger(kilobytes) ? { kind: 'size', over: tags[0] === 'over', kilobytes } : null;
}

function actionOf({ name, tags, lists, tests, numbers, block }: Call): FilterAction | null {
  if (tests.length > 0 || numbers.length > 0 || block) return null;
  const [value, ...more] = lists.length === 1 ? (lists[0] ?? []) : [];
  const tagged = tags.toSorted().join(' ');
  if (name === 'stop' && lists.length === 0) return { kind: 'stop' };
  if (name === 'fileinto' && tagged === 'specialuse' && lists[0]?.join() === '\\Trash' && lists.length === 2) return { kind: 'delete' };
  if (name === 'fileinto' && tags.includes('mailboxid')) return byId(tagged, lists);
  if (value === undefined || more.length > 0) return null;
  if (name === 'fileinto' && tagged === '') return { kind: 'move', folder: value };
  if (name === 'fileinto' && tagged === 'copy') return { kind: 'copy', folder: value };
  if (name === 'redirect' && (tagged === '' || tagged === 'copy')) return { kind: 'forward', address: value, keep: tagged === 'copy' };
  if (name !== 'addflag' || tagged !== '') return null;
  const flag = value.toLowerCase();
  if (flag === '\\seen') return { kind: 'read' };
  return flag === '\\flagged' ? { kind: 'star' } : { kind: 'label', label: value };
}

/** RFC 9042: the id first, which stands behind its tag, then the name. */
function byId(tagged: string, [ids = [], names = [], ...more]: readonly string[][]): FilterAction | null {
  const [[folderId], [folder]] = [ids, names];
  const kind = tagged === 'mailboxid' ? 'move' : tagged === 'copy mailboxid' ? 'copy' : null;
  if (kind === null || folder === undefined || ids.length > 1 || names.length > 1 || more.length > 0) return null;
  return { kind, folder, folderId };
}
