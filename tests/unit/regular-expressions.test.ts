import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { processorTime } from '#tests/support/processor-time.ts';

/** What only looks at so little, or at nobody else's words, that its square does no harm. */
const harmless: Record<string, string> = {
  'lib/mime/charset-names.ts /^["\']|["\';]+$|\\*.*$/g': 'a hundred characters',
  'lib/webmail/files/zip-names.ts /^\\.+|[. ]+$/g': 'a name of 250 characters',
  'lib/webmail/reading/quotes-only.ts /^\\s*[>*]*\\s*(von|gesendet|an|cc|': 'a line of a thousand characters',
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

const costOf = (expression: RegExp, text: string): number => {
  const start = processorTime();
  let matches = 0;
  // one that is bound to its place is asked there only
  expression.lastIndex = 0;
  if (expression.sticky) expression.exec(text);
  else for (const _ of text.matchAll(expression)) if (++matches > 10_000) break;
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

function squareRun(expression: RegExp): string | null {
  for (const run of runs) {
    const text = `a${run.repeat(length / run.length)}\u0001`;
    // once more: it may have been compiled, or garbage collected, meanwhile
    if (costOf(expression, text) > most && costOf(expression, text) > most) return JSON.stringify(run);
  }
  return null;
}

it('no regular expression takes the square of the time for a long run of anything', { timeout: 300_000 }, () => {
  const files = ['lib', 'mail-server', 'app']
    .flatMap((folder) => globSync(`${folder}/**/*.ts`))
    .filter((file) => !file.includes('/generated/'));
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
