import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { processorTime } from '#tests/support/processor-time.ts';
import { longBeginnings } from '#tests/support/regular-expression-samples.ts';

/** What only looks at so little, or at nobody else's words, that its square does no harm. */
const harmless: Record<string, string> = {
  'lib/mime/charset-names.ts /^["\']|["\';]+$|\\*.*$/g': 'a hundred characters',
  'lib/webmail/files/zip-names.ts /^\\.+|[. ]+$/g': 'a name of 250 characters',
  'lib/webmail/reading/quotes-only.ts /^\\s*[>*]*\\s*(von|gesendet|an|cc|': 'a line of a thousand characters',
  'lib/webmail/reading/search-query.ts ': 'a thousand characters, typed',
  'components/mail/compose/html-as-text.ts ': 'one’s own letter, in one’s own browser',
  'components/mail/compose/from-field.tsx ': 'an address of one’s own',
  'components/mail/compose/list-signs.ts ': 'what one types, in one’s own browser',
  'components/mail/compose/recipient-field.tsx ': 'what one types, in one’s own browser',
  'components/mail/settings/filter-list.tsx ': 'one’s own script, in one’s own browser',
  'components/mail/settings/identity-form.tsx ': 'one’s own signature, in one’s own browser',
  'lib/webmail/writing/address-list.ts ': 'what one types, in one’s own browser',
  'lib/webmail/filters/sieve-client.ts ': 'answers of our own server',
  "mail-server/spam/fold-text.ts /[’']s?$|[-’']+$/g": 'a word of forty characters',
  'mail-server/imap/names/modified-utf7.ts /=+$/': 'the end of a base64',
  'mail-server/read-configuration.ts ': 'the configuration',
  'lib/config/installation.ts ': 'the configuration',
};

const literal = /(?<=(?:[(=,:?!&|[{;>]|return|^)\s*)\/(?![*/])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+)\/([dgimsuvy]*)/gm;
const runs = [
  ...[' ', '\n', '\r\n', '\t', 'a', '1', '-', '.', '(', '<', '"', '\\', '=', '=?', 'a ', 'a.', 'a@', 'a,', '[', '{', '%', '&', '>', "'"],
  ...['a-', 'a=', '"a', 'x:', '> ', '1 ', '1.', ' \n', 'a\n', '=?u?q?', '__', '/', 'a/', ';', 'a;', '://', 'www.', '*', '+', '|', ']', '}'],
];
const length = 24_000;
/** ms of what takes the square of the time: some hundred */
const most = 100;
/** the same for texts that begin as the expression does, of which there are more */
const ownLength = length / 2;
const ownMost = most / 4;

const costOf = (expression: RegExp, text: string): number => {
  const start = processorTime();
  let matches = 0;
  // one that is bound to its place is asked there only
  expression.lastIndex = 0;
  if (expression.sticky) expression.exec(text);
  else for (const _ of text.matchAll(expression)) if (++matches > 2000) break;
  return processorTime() - start;
};

/** Null: it is none, but a path within a comment, say. */
function readExpression(pattern: string, flags: string): RegExp | null {
  try {
    return new RegExp(pattern, /[gy]/.test(flags) ? flags : `${flags}g`);
  } catch {
    return null;
  }
}

/** Once more: it may have been compiled, or garbage collected, meanwhile. */
const takesMore = (expression: RegExp, text: string, ms: number): boolean => costOf(expression, text) > ms && costOf(expression, text) > ms;

function squareRun(expression: RegExp): string | null {
  for (const run of runs) {
    const text = `a${run.repeat(length / run.length)}\u0001`;
    if (takesMore(expression, text, most)) return JSON.stringify(run);
  }
  for (const beginning of longBeginnings(expression.source, expression.flags, ownLength)) {
    if (takesMore(expression, `${beginning}\u0001`, ownMost)) return `${JSON.stringify(beginning.slice(0, 40))} …`;
  }
  return null;
}

const filesOf = (folders: readonly string[]): string[] =>
  folders.flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`)).filter((file) => !file.includes('/generated/'));

/** Of the browsers for which Next writes (firefox 111, safari 16.4) neither is known to all, and each throws where it is met: what was pasted is lost, say. */
it('no page has an expression with the flag "v", nor asks the document for ":has()"', () => {
  const found = filesOf(['app', 'components']).flatMap((file) => {
    const source = readFileSync(file, 'utf8');
    const expressions = [...source.matchAll(literal)].filter(({ 2: flags = '' }) => flags.includes('v'));
    const questions = [...source.matchAll(/\b(?:querySelector(?:All)?|closest|matches)(?:<\w+>)?\([^\n]*?:has\(/g)];
    return [...expressions, ...questions].map(([text]) => `${file} ${text}`);
  });
  expect(found).toEqual([]);
});

it('no regular expression takes the square of the time for a long run of anything, also behind its own beginning', {
  timeout: 600_000,
}, () => {
  const files = filesOf(['lib', 'mail-server', 'app', 'components']);
  const seen = new Set<string>();
  const found: string[] = [];
  for (const file of files) {
    for (const [text, pattern = '', flags = ''] of readFileSync(file, 'utf8').matchAll(literal)) {
      if (seen.has(text) || Object.keys(harmless).some((known) => `${file} ${text}`.startsWith(known))) continue;
      const expression = readExpression(pattern, flags);
      if (!expression) continue;
      seen.add(text);
      const run = squareRun(expression);
      if (run !== null) found.push(`${file} ${text}: a run of ${run}`);
    }
  }
  expect(seen.size).toBeGreaterThan(500);
  expect(found).toEqual([]);
});
