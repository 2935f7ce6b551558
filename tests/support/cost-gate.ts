import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cpuMs } from './cpu-time.ts';

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
export const hostileShapes: Record<string, (size: number) => string> = {
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
  'eight bits': filled('\xe4\xf6'),
  nul: filled('\0'),
};

const rounds = 3;
/** faster than this at 4n and there is nothing to compare: the clock is coarser than the work, ms */
const negligibleMs = 12;
/** 4n in 4 times the time is linear, in 16 times quadratic; between them lies the noise of a busy machine */
const mostGrowth = 8.5;

export interface Growth {
  small: number;
  large: number;
  linear: boolean;
}

/** systems count CPU time in steps, of 10 ms at most */
const mostStepMs = 20;

const cpuOf = async (run: (text: string) => unknown, text: string): Promise<number> => {
  const before = cpuMs();
  await run(text);
  return cpuMs() - before;
};

/** By the wall, which counts what else runs as well; by the CPU where the work is so long that its steps no longer matter. */
const shortOf = async (run: (text: string) => unknown, text: string): Promise<number> => {
  const before = performance.now();
  const cpu = await cpuOf(run, text);
  return cpu >= mostStepMs ? cpu : performance.now() - before;
};

/** The best of several, ms. What else the machine does counts in none or in all of them. */
async function best(take: () => Promise<number>, most: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < most; round++) {
    least = Math.min(least, await take());
    if (least < negligibleMs / 4) break;
  }
  return least;
}

/** Times one row on one shape at n, 4n and, if these leave a doubt, 2n. Where noise spoils it, it is measured again, and better. */
export async function growthOf(row: CostRow, make: (size: number) => string): Promise<Growth> {
  const size = row.size ?? 16_384;
  const text = (factor: number): string => (row.prepare ?? ((shape) => shape))(make(size * factor));
  const small = text(1);
  const large = text(4);
  for (let attempt = 0; ; attempt++) {
    // The large one by the CPU time of this thread, since that does not grow with what else runs. Systems count it in steps of some ms, and a
    // small one may seem to take none: that is timed by the clock on the wall. It also warms up what is measured.
    const least = await best(() => shortOf(row.run, small), rounds);
    const most = await best(() => cpuOf(row.run, large), attempt === 0 ? 1 : rounds);
    const half = (): Promise<number> => best(() => shortOf(row.run, text(2)), rounds);
    const linear =
      row.boundedMs !== undefined
        ? most <= row.boundedMs
        : most <= negligibleMs || most / Math.max(least, 0.2) <= mostGrowth || most / Math.max(await half(), 0.2) <= 2.6;
    if (linear || attempt === 2) return { small: least, large: most, linear };
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
