import { closeSync, fstatSync, openSync, readdirSync, readSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StartupFailure } from '../startup-failure.ts';

const LOG_READ = 4000;

/** Postgres cannot go on without room for one more segment of its write-ahead log. */
const SEGMENT_BYTES = 16 * 1024 * 1024;

interface Start {
  /** the directory that the server was started on */
  data: string;
  /** when, in milliseconds */
  began: number;
}

/** Why a program of Postgres ended, in one sentence. */
export function serverFailure(what: string, output: string, start?: Start): StartupFailure {
  const said = start === undefined ? output : output + logged(start);
  if (/No space left on device/.test(said) || (start !== undefined && isFull(start.data)))
    return new StartupFailure('The disk is full: Postgres cannot write its data until there is room.');
  const line = said
    .split('\n')
    .map((text) => text.replace(/^\S+ \S+ UTC \[\d+\] /, '').trim())
    // clients that ask meanwhile are told that it is not there yet
    .filter((text) => text !== '' && !/^(HINT|DETAIL|LOG)|logging collector|Future log output|FATAL: {2}the database system is/.test(text))
    .at(-1);
  return new StartupFailure(`The embedded Postgres cannot ${what}: ${line ?? 'it gave no reason; see the log in the data directory'}`);
}

/** What it wrote into its log since it began: as soon as it can, the server says no more to who started it. */
function logged({ data, began }: Start): string {
  const beginning = new Date(began).toISOString().slice(0, -1).replace('T', ' ');
  try {
    const files = readdirSync(join(data, 'log')).map((name) => join(data, 'log', name));
    const newest = files.sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs).at(-1);
    const lines = newest === undefined ? [] : endOf(newest).split('\n');
    return lines.filter((line) => line >= beginning).join('\n');
  } catch {
    return '';
  }
}

/** The log of a day may be larger than what fits into memory. */
function endOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, LOG_READ));
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString();
  } finally {
    closeSync(file);
  }
}

function isFull(data: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(data);
    return bavail * bsize < SEGMENT_BYTES;
  } catch {
    return false;
  }
}
