import type { Condition, Filter, FilterAction, FilterItem } from './filter.ts';

/** A filter as Sieve (RFC 5228) that other editors can read: a comment with its name, one test on one line, one action a line. */

const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
const list = (values: readonly string[]): string => (values.length === 1 ? quote(values[0] ?? '') : `[${values.map(quote).join(', ')}]`);

const headers: Record<'from' | 'to' | 'subject' | 'list', readonly string[]> = {
  from: ['from'],
  to: ['to', 'cc'],
  subject: ['subject'],
  list: ['list-id'],
};

function writeCondition(condition: Condition): string {
  if (condition.kind === 'size') return `size :${condition.over ? 'over' : 'under'} ${condition.kilobytes}K`;
  const not = condition.not ? 'not ' : '';
  if (condition.kind === 'attachment') return `${not}header :mime :anychild :contains "content-disposition" "attachment"`;
  const { field, match, values } = condition;
  if (field === 'body') return `${not}body :text :${match} ${list(values)}`;
  // a whole address is compared with addresses, what is part of one with all that stands in the field, the name too
  const test = match === 'is' && (field === 'from' || field === 'to') ? 'address' : 'header';
  const names = field === 'header' ? [condition.header.toLowerCase()] : headers[field];
  return `${not}${test} :${match} ${list(names)} ${list(values)}`;
}

function writeTest({ join, conditions }: Pick<Filter, 'join' | 'conditions'>): string {
  const [only, ...more] = conditions.map(writeCondition);
  if (only === undefined) return 'true';
  if (more.length === 0) return only;
  return `${join === 'all' ? 'allof' : 'anyof'} (${[only, ...more].join(', ')})`;
}

const order: readonly FilterAction['kind'][] = ['read', 'star', 'label', 'copy', 'forward', 'move', 'delete', 'stop'];

/** Marks first: they are put on what is stored behind them. */
export const inOrder = (actions: readonly FilterAction[]): FilterAction[] =>
  actions.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));

/** The folder by its id (RFC 9042), so that it is the same one under its next name; the name behind it is for editors that know none. */
const idOf = ({ folderId }: { folderId?: string | undefined }): string => (folderId === undefined ? '' : `:mailboxid ${quote(folderId)} `);

function writeAction(action: FilterAction): string {
  switch (action.kind) {
    case 'read':
      return 'addflag "\\\\Seen";';
    case 'star':
      return 'addflag "\\\\Flagged";';
    case 'label':
      return `addflag ${quote(action.label)};`;
    case 'copy':
      return `fileinto :copy ${idOf(action)}${quote(action.folder)};`;
    case 'move':
      return `fileinto ${idOf(action)}${quote(action.folder)};`;
    case 'forward':
      return `redirect ${action.keep ? ':copy ' : ''}${quote(action.address)};`;
    case 'delete':
      return 'fileinto :specialuse "\\\\Trash" "Trash";';
    case 'stop':
      return 'stop;';
  }
}

function writeFilter(filter: Filter): string {
  const test = writeTest(filter);
  const actions = inOrder(filter.actions).map((action) => `\t${writeAction(action)}\n`);
  return `if ${filter.on ? test : `false # ${test}`}\n{\n${actions.join('')}}\n`;
}

/** Extensions that a filter needs. */
function extensionsOf(filter: Filter): string[] {
  const needed = filter.actions.flatMap((action): string[] => {
    if (action.kind === 'read' || action.kind === 'star' || action.kind === 'label') return ['imap4flags'];
    const byId = 'folderId' in action && action.folderId !== undefined ? ['mailboxid'] : [];
    if (action.kind === 'copy') return ['fileinto', 'copy', ...byId];
    if (action.kind === 'move') return ['fileinto', ...byId];
    if (action.kind === 'delete') return ['fileinto', 'special-use'];
    return action.kind === 'forward' && action.keep ? ['copy'] : [];
  });
  for (const condition of filter.conditions) {
    if (condition.kind === 'attachment') needed.push('mime');
    if (condition.kind === 'text' && condition.field === 'body') needed.push('body');
  }
  return needed;
}

export interface SieveScript {
  /** comments in front of everything */
  head: string;
  /** what the script asked for when it was read: text that stays may need it */
  requires: readonly string[];
  items: readonly FilterItem[];
}

const nameLine = (name: string): string => (name === '' ? '' : `# rule:[${name.replaceAll(']', ')')}]\n`);

export function writeScript({ head, requires, items }: SieveScript): string {
  const asked = new Set([...requires, ...items.flatMap((item) => (item.kind === 'filter' ? extensionsOf(item) : []))]);
  const require = asked.size === 0 ? '' : `require [${[...asked].map(quote).join(', ')}];\n`;
  const pieces = items.map((item) => `${nameLine(item.name)}${item.kind === 'filter' ? writeFilter(item) : `${item.text.trim()}\n`}`);
  return `${head === '' ? '' : `${head.trimEnd()}\n`}${require}${pieces.join('')}`;
}
