import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '#mail-server/sieve/compile.ts';
import { execute } from '#mail-server/sieve/execute.ts';
import { Letter } from '#mail-server/sieve/letter/letter.ts';
import type { Outcome } from '#mail-server/sieve/run/actions.ts';
import { ScriptError } from '#mail-server/sieve/script-error.ts';
import { emptyWorld } from '#tests/support/sieve-world.ts';
import { processorTime } from '#tests/support/processor-time.ts';

const run = (script: string, letter: string): Promise<Outcome> =>
  execute(compile(Buffer.from(script)), new Letter(Buffer.from(letter)), emptyWorld());
const a = (count: number): string => 'a'.repeat(count);
const letterOf = (size: number): string =>
  `Subject: ${a(size)}\r\nDate: ${'1 '.repeat(size / 2)}\r\nTo: ${'a@b.at, '.repeat(size / 8)}\r\n\r\n${a(size)}\r\n`;

/** Scripts that make a naive matcher try again and again; each is run on letters of growing size. */
const PATTERNS: Record<string, string> = {
  'many stars': `if header :matches "subject" "${'*a'.repeat(40)}*b" { discard; }`,
  'stars with match values': `require "variables"; if header :matches "subject" "${'*a'.repeat(40)}*b" { discard; }`,
  'stars with question marks': `if header :matches "subject" "${'*?a'.repeat(60)}b" { discard; }`,
  'question marks in a long segment': `if header :matches "subject" "*${'a?'.repeat(200)}b*" { discard; }`,
  'a key that almost repeats itself': `if header :contains "subject" "${a(300)}b" { discard; }`,
  'nested repetitions': 'require "regex"; if header :regex "subject" "^(a+)+$b" { discard; }',
  'nested repetitions with groups': 'require ["variables", "regex"]; if header :regex "subject" "((a*)*)*b" { discard; }',
  'alternatives that overlap': 'require ["variables", "regex"]; if header :regex "subject" "(a|aa)+c$" { discard; }',
  'repetitions of optional ones': `require "regex"; if header :regex "subject" "${'a?'.repeat(100)}${a(100)}b" { discard; }`,
  'a body': 'require ["body", "regex"]; if body :raw :regex "(a|a)*b" { discard; }',
  'a body with stars': `require "body"; if body :raw :matches "*${'a*'.repeat(30)}b*" { discard; }`,
  addresses: 'if address :matches "to" "*a*a*c*" { discard; }',
  dates: 'require "date"; if date "date" "year" "2020" { discard; }',
};

describe('patterns', () => {
  it.each(Object.entries(PATTERNS))('%s take time in proportion to the letter', async (_, script) => {
    await run(script, letterOf(10_000));
    const times: number[] = [];
    for (const size of [50_000, 100_000, 200_000]) {
      const runs: number[] = [];
      for (let i = 0; i < 3; i++) {
        const start = processorTime();
        await run(script, letterOf(size));
        runs.push(processorTime() - start);
      }
      times.push(Math.min(...runs));
    }
    const [small = 0, , large = 0] = times;
    // four times the letter: what is quadratic takes sixteen times
    expect(large, times.map(Math.round).join(' ')).toBeLessThan(Math.max(10 * small, 250));
  });
});

it('dashes around the parts of a letter are looked at once', async () => {
  const dashes = '-'.repeat(200_000);
  const letter = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${dashes}x\r\nq\r\n--b\r\n\r\nx\r\n--b--\r\n${dashes}\r\n`;
  const start = processorTime();
  const { actions } = await run('require "body"; if body :content "multipart" :contains "-x" { discard; }', letter);
  expect(actions.map(({ kind }) => kind)).toEqual(['discard']);
  // each begun anew at every dash would be twenty thousand million steps
  expect(processorTime() - start).toBeLessThan(3000);
});

/** Scripts of n pieces that must be read, or refused, in time in proportion to n. */
const SCRIPTS: Record<string, (n: number) => string> = {
  blocks: (n) => 'if true {'.repeat(n),
  'tests in tests': (n) => `if ${'not '.repeat(n)}true {}`,
  parentheses: (n) => `if ${'anyof('.repeat(n)}`,
  'a long list': (n) => `if header "a" [${'"x",'.repeat(n)}"y"] {}`,
  'an open comment': (n) => `/*${'*'.repeat(n)}`,
  'many comments': (n) => '/**/'.repeat(n),
  backslashes: (n) => `"${'\\'.repeat(n)}`,
  'open texts': (n) => 'text:\r\n'.repeat(n),
  'encoded characters': (n) => `require ["encoded-character", "fileinto"]; fileinto "${'${hex:4 '.repeat(n)}";`,
  'blanks in encoded characters': (n) => `require ["encoded-character", "fileinto"]; fileinto "\${hex:${' '.repeat(n)}";`,
  variables: (n) => `require ["variables", "fileinto"]; fileinto "${`\${a}`.repeat(n)}";`,
  'open variables': (n) => `require ["variables", "fileinto"]; fileinto "${'${a.b'.repeat(n)}";`,
  'an address': (n) => `redirect "${'('.repeat(n)}a@b.at";`,
  'an address of quotes': (n) => `redirect "${'\\"a'.repeat(n)}@b.at";`,
  'a mailto URI': (n) => `require "enotify"; notify "mailto:a@b.at?${'&'.repeat(n)}";`,
  faults: (n) => 'nothing;'.repeat(n),
  keeps: (n) => 'keep;'.repeat(n),
  requires: (n) => 'require "fileinto";'.repeat(n),
  'regular expressions': (n) => `require "regex"; ${'if header :regex "a" "(a{1,50}){1,20}" {}'.repeat(n / 50)}`,
  brackets: (n) => `require "regex"; if header :regex "a" "${'['.repeat(n)}" {}`,
  'line ends in a field': (n) => `require "editheader"; addheader "X" "a${'\n'.repeat(10 * n)}b";`,
  'blanks in a subject': (n) => `require "vacation"; vacation :subject "a${' '.repeat(10 * n)}b" "x";`,
  'blanks in a notification': (n) => `require "enotify"; notify :message "a${' '.repeat(10 * n)}b" "mailto:a@b.at";`,
  'header fields': (n) => `require "editheader"; ${'addheader "X" "y";'.repeat(n)}`,
};

describe('scripts', () => {
  it.each(Object.entries(SCRIPTS))('%s end soon, in a script or in a fault', async (_, make) => {
    const start = processorTime();
    for (const n of [10_000, 20_000]) {
      try {
        await run(make(n), letterOf(1000));
      } catch (error) {
        expect(error).toBeInstanceOf(ScriptError);
      }
    }
    expect(processorTime() - start).toBeLessThan(8000);
  });

  it('of any bytes are a script or a fault with a line', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          compile(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ScriptError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('of any words are a script that runs, or a fault with a line that is there', async () => {
    const word = fc.constantFrom(...WORDS);
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 40 }), async (words) => {
        const source = `require [${REQUIRED}];\n${words.join(' ')}`;
        try {
          const outcome = await run(source, letterOf(100));
          expect(outcome.failure === null || outcome.failure.line >= 1).toBe(true);
        } catch (error) {
          if (!(error instanceof ScriptError)) throw error;
          const lines = source.split('\n').length;
          for (const fault of error.faults) expect(fault.line >= 1 && fault.line <= lines).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

const REQUIRED =
  '"fileinto","variables","imap4flags","vacation","regex","relational","body","date","editheader","mime","foreverypart","extracttext","include","ihave","copy","envelope","duplicate","enotify","reject","encoded-character"';
const WORDS = (
  `if elsif else { } { } ; ; ; ( ) , [ ] keep discard stop fileinto "a" "\${a}" ["a","b"] set addflag removeflag vacation :days 3 :handle "h" header :is :contains ` +
  ':matches :regex "*" "(" "a.*" address envelope exists "subject" "from" size :over 10 :under not anyof allof true false string body :raw date "date" "year" ' +
  'foreverypart break extracttext include return global redirect "a@b.at" reject notify "mailto:a@b.at" duplicate :uniqueid hasflag addheader deleteheader :index ' +
  `:last :value "gt" :count text: \n . \n error ihave :mime :anychild :copy :flags "\${hex:41}" "\${1}"`
).split(' ');
