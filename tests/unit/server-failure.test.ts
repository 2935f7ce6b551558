import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { serverFailure } from '#lib/launcher/postgres/server-failure.ts';

const data = mkdtempSync(join(tmpdir(), 'postamt-failure-'));
const began = Date.UTC(2026, 10, 28, 16, 0, 0);
const TOLD_WHERE = '2026-11-28 16:00:00.100 UTC [7] LOG:  redirecting log output to logging collector process\n';

afterAll(() => rmSync(data, { recursive: true }));

/** The sentence for a server that wrote these lines into its log. */
function sentence(...lines: string[]): string {
  mkdirSync(join(data, 'log'), { recursive: true });
  writeFileSync(join(data, 'log', 'postgres-Sat.log'), lines.map((line) => `${line}\n`).join(''));
  return serverFailure('start', TOLD_WHERE, { data, began }).message;
}

describe('why the embedded Postgres does not start', () => {
  it('is read in its log, where the server says it', () => {
    expect(
      sentence(
        '2026-11-28 16:00:01.000 UTC [9] PANIC:  could not locate a valid checkpoint record at 0/1',
        '2026-11-28 16:00:01.001 UTC [7] LOG:  aborting startup due to startup process failure',
        '2026-11-28 16:00:01.002 UTC [8] FATAL:  the database system is starting up',
      ),
    ).toBe('The embedded Postgres cannot start: PANIC:  could not locate a valid checkpoint record at 0/1');
  });

  it('is a full disk where the server found no room', () => {
    expect(sentence('2026-11-28 16:00:01.000 UTC [9] FATAL:  could not write to file "pg_wal/xlogtemp.9": No space left on device')).toBe(
      'The disk is full: Postgres cannot write its data until there is room.',
    );
  });

  it('is not what was the matter with an earlier start', () => {
    expect(
      sentence('2026-11-28 15:59:59.999 UTC [9] PANIC:  could not write to file "pg_wal/xlogtemp.9": No space left on device'),
    ).toMatch(/gave no reason/);
  });
});
