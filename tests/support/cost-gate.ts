import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processorTime, stepOfProcessorTime } from './processor-time.ts';

/**
 * The cost gate: whatever sees a stranger's bytes is run on hostile shapes of n, 2n and 4n characters, and must not take more than
 * linear time. A table of rows, one an entry point; a new exported function in a guarded folder without a row, or a stated reason for
 * having none, fails. To add to it: write rows in a file of tests/unit/cost-gate/ and name their folder in `guarded`.
 */
export interface CostRow {
  /** as `exportedNames` lists it: 'lib/mime/parse-header.ts parseHeader' */
  entry: string;
  /** where in a letter the shape is put, if one entry has several rows */
  place?: string;
  /** runs the entry point once with `text` as the stranger's bytes; its time is what is measured */
  run: (text: string) => unknown;
  /** made outside the measured time, and then given to `run`; default: the shape itself */
  prepare?: (shape: string) => string;
  /** shapes that say nothing here, or that this entry is never given */
  without?: readonly string[];
  /** shapes that only this entry has */
  shapes?: Record<string, (size: number) => string>;
  /** n, characters; small where the entry bounds its input */
  size?: number;
  /** the entry does not run in the event loop but in a worker with a deadline: bounded, but not linear all the way */
  boundedMs?: number;
}

const filled = (unit: string) => (size: number) => unit.repeat(Math.ceil(size / unit.length));
const framed = (open: string, unit: string, close: string) => (size: number) => open + filled(unit)(size) + close;

/** What has stopped parsers: each makes a text of about `size` characters. */
const hostileShapes: Record<string, (size: number) => string> = {
  letters: filled('a'),
  blanks: framed('a', ' ', 'b'),
  'blanks at the end': framed('a', ' ', ''),
  tabs: framed('a', '\t', 'b'),
  folds: framed('a', '\r\n ', 'b'),
  'folds of blanks': framed('a', `${' '.repeat(70)}\r\n `, 'b'),
  'open brackets': filled('('),
  'closed brackets': filled(')'),
  'nested brackets': (size) => '('.repeat(size / 2) + ')'.repeat(size / 2),
  'open angles': filled('<'),
  'pairs of angles': filled('<>'),
  quotes: filled('"'),
  'quoted blanks': framed('"', ' ', '"'),
  'odd quotes': filled('"a\\" '),
  backslashes: filled('\\'),
  'unclosed tags': filled('<a '),
  'unclosed attributes': filled('<a b="'),
  'unclosed comments': filled('<!--'),
  'unclosed styles': filled('<style'),
  'unclosed titles': filled('<title>'),
  'nested elements': filled('<div>'),
  ampersands: filled('&'),
  'character references': filled('&#'),
  commas: filled(','),
  addresses: filled('a@b.at, '),
  'at signs': filled('a@'),
  dots: framed('a@', 'b.', 'at'),
  groups: filled('a:;'),
  colons: filled('a:'),
  semicolons: filled(';'),
  parameters: filled('a=b; '),
  'continued parameters': (size) => Array.from({ length: size / 14 }, (_, at) => `name*${at}*=%41;`).join(' '),
  'tags of a signature': filled(';a=b'),
  references: filled('<a@b> '),
  'open references': filled('<a'),
  'encoded words': filled('=?utf-8?q?a?= '),
  'beginnings of encoded words': filled('=?utf-8?q?'),
  replies: filled('Re: '),
  blobs: filled('[a] '),
  forwards: filled('[fwd:'),
  trailers: filled(' (fwd)'),
  numbers: filled('1 '),
  sets: filled('1,'),
  ranges: filled('1:2,'),
  lines: filled('a: b\r\n'),
  'lines without a name': filled('abc\r\n'),
  'empty lines': framed('a', '\r\n', 'b'),
  dashes: filled('--'),
  delimiters: filled('--b\r\n\r\nx\r\n'),
  'almost delimiters': filled('\r\n--c'),
  'soft line ends': filled('=\r\n'),
  padding: filled('YQ=='),
  marks: framed('a', '\u0301', 'b'),
  // above and below in turn: a normal form puts them into their order
  'marks out of order': framed('a', '\u0301\u0316', 'b'),
  'eight bits': filled('\xe4\xf6'),
  nul: filled('\0'),
};

/** faster than this at 4n and there is nothing to compare, ms */
const negligibleMs = 12;
/** 4n in 4 times the time is linear, in 16 times quadratic; between them lies what collecting memory and compiling add */
const mostGrowth = 8.5;
/** Between 4n and 16n, where what starts at some size (memory that is collected, a cache that is full) is behind both; less than linear would be a text that was cut. */
const growthBeyond = { least: 3, most: 8 };
/** So much is measured together, and so much in all: where the system counts the time of a thread in steps, many of them. */
const countableMs = Math.max(1, 3 * stepOfProcessorTime());
const enoughMs = 15 + 3 * countableMs;
/** most of them need one; what really takes the square takes it each time */
const attempts = 6;

export interface Growth {
  small: number;
  large: number;
  linear: boolean;
}

/**
 * CPU time of this thread for one run, ms: what else the machine does is not in it, but for what programs beside it take from the processor's
 * caches and units, which can double it for a while. So the least of several looks counts.
 */
async function costOf({ run }: Pick<CostRow, 'run'>, text: string): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  let all = 0;
  for (let runs = 0; all < enoughMs && runs < 200; ) {
    const before = processorTime();
    let ms = 0;
    let together = 0;
    while (ms < countableMs && runs < 200) {
      await run(text);
      runs++;
      together++;
      ms = processorTime() - before;
    }
    all += ms;
    least = Math.min(least, ms / together);
  }
  return least;
}

/** Times one row on one shape at 4n and, if that takes any time, n; if these leave a doubt, 2n, and at the last 16n. Where chance spoils it, it is measured again. */
export async function growthOf(row: CostRow, make: (size: number) => string): Promise<Growth> {
  const size = row.size ?? 16_384;
  const text = (factor: number): string => (row.prepare ?? ((shape) => shape))(make(size * factor));
  const large = text(4);
  const once = async (): Promise<number> => {
    const before = processorTime();
    await row.run(large);
    return processorTime() - before;
  };
  const negligible = row.boundedMs ?? negligibleMs;
  let most = await once();
  // compiling, and memory that is collected, are in the first run and seldom in the next
  if (most > negligible && most < enoughMs) most = Math.min(most, await once());
  if (most <= negligible) return { small: most, large: most, linear: true };
  const least = { 1: Number.POSITIVE_INFINITY, 2: Number.POSITIVE_INFINITY };
  const leastOf = async (factor: 1 | 2): Promise<number> => (least[factor] = Math.min(least[factor], await costOf(row, text(factor))));
  for (let attempt = 1; ; attempt++) {
    const small = await leastOf(1);
    // that run says it already, more often than not
    if (attempt > 1) most = Math.min(most, await costOf(row, large));
    const linear =
      row.boundedMs === undefined
        ? most <= negligibleMs || most <= small * mostGrowth || most <= (await leastOf(2)) * 2.6
        : most <= row.boundedMs;
    if (linear) return { small, large: most, linear };
    if (attempt === attempts) {
      const growth = row.boundedMs === undefined ? (await costOf(row, text(16))) / most : Number.POSITIVE_INFINITY;
      return { small, large: most, linear: growth >= growthBeyond.least && growth <= growthBeyond.most };
    }
  }
}

export const shapesOf = (row: CostRow): [string, (size: number) => string][] =>
  Object.entries({ ...hostileShapes, ...row.shapes }).filter(([name]) => !row.without?.includes(name));

const root = fileURLToPath(new URL('../..', import.meta.url));
const exported = /^export (?:default )?(?:async )?(?:function\*? |class |const )([A-Za-z0-9_]+)/gm;

/** 'folder/file.ts name' of every function, class and constant that the files of a folder export. */
export function exportedNames(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .flatMap((entry) =>
      [...readFileSync(join(root, folder, entry.name), 'utf8').matchAll(exported)].map((match) => `${folder}/${entry.name} ${match[1]}`),
    )
    .sort();
}
