import { mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { RotatingLog } from '#lib/launcher/rotating-log.ts';

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  return { ...real, writeSync: vi.fn(real.writeSync) };
});

function folder() {
  const directory = mkdtempSync(join(tmpdir(), 'postamt-log-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return { directory, path: join(directory, 'mail.log') };
}

test('a log is put aside after a week, also when the launcher was started in between, and of the old ones three are kept', () => {
  const { directory, path } = folder();
  writeFileSync(`${path}.1`, 'first\n');
  for (const week of ['second', 'third', 'fourth']) {
    const weekAgo = new Date(Date.now() - 8 * 86_400_000);
    utimesSync(`${path}.1`, weekAgo, weekAgo);
    new RotatingLog(path).write(Buffer.from(`${week}\n`));
  }
  expect(readdirSync(directory).sort()).toEqual(['mail.log', 'mail.log.1', 'mail.log.2', 'mail.log.3']);
  const said = ['mail.log.3', 'mail.log.2', 'mail.log.1', 'mail.log'].map((name) => readFileSync(join(directory, name), 'utf8'));
  expect(said).toEqual(['second\n', 'third\n', 'fourth\n', '']);
});

test('a log of less than a week and 20 MB goes on', () => {
  const { directory, path } = folder();
  new RotatingLog(path).write(Buffer.from('a\n'));
  new RotatingLog(path).write(Buffer.from('b\n'));
  expect(readdirSync(directory)).toEqual(['mail.log']);
  expect(readFileSync(path, 'utf8')).toBe('a\nb\n');
});

test('of a line that a full disk cut nothing is mixed with the next one, so that programs read on', () => {
  const { path } = folder();
  const log = new RotatingLog(path);
  const write = vi.mocked(writeSync).getMockImplementation() as unknown as (file: number, bytes: Buffer) => number;
  const full = (file: number, bytes: unknown): number => write(file, Buffer.from(String(bytes)).subarray(0, 6));
  for (const line of ['{"a":1}\n{"b":2}\n', '{"c":3}\n', '{"d":4}\n']) {
    if (line.includes('b')) vi.mocked(writeSync).mockImplementationOnce(full);
    log.write(Buffer.from(line));
  }
  expect(readFileSync(path, 'utf8')).toBe('{"a":1\n{"c":3}\n{"d":4}\n');
});

test('a log that somebody took away begins anew with the next file', () => {
  const { path } = folder();
  writeFileSync(`${path}.1`, 'before\n');
  utimesSync(`${path}.1`, new Date(0), new Date(0));
  const log = new RotatingLog(path);
  rmSync(path);
  log.write(Buffer.from('lost\n'));
  log.write(Buffer.from('kept\n'));
  expect(readFileSync(path, 'utf8')).toBe('kept\n');
});

test('the log of a quiet host is put aside too: what it says is gone after some four weeks, also when the launcher was started again', () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const { directory, path } = folder();
  new RotatingLog(path).write(Buffer.from('who wrote to whom\n'));
  const says = () => readdirSync(directory).some((name) => readFileSync(join(directory, name), 'utf8') !== '');
  vi.advanceTimersByTime(22 * 86_400_000);
  expect(says()).toBe(true);
  const stoppedAt = Date.now();
  vi.clearAllTimers();
  vi.setSystemTime(stoppedAt);
  new RotatingLog(path);
  vi.advanceTimersByTime(6 * 86_400_000);
  expect(says()).toBe(true);
  vi.advanceTimersByTime(3 * 86_400_000);
  expect(says()).toBe(false);
});
