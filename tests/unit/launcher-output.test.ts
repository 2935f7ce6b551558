import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

/** Runs a script as the launcher runs, with `progress` and `keepProgress`; nobody reads what it writes. */
async function runUnread(script: string): Promise<{ code: number | null; lines: { level: number; msg: string }[] }> {
  const logs = await mkdtemp(join(tmpdir(), 'postamt-launcher-'));
  onTestFinished(() => rm(logs, { recursive: true }));
  const module = join(import.meta.dirname, '../../lib/launcher/progress.ts');
  const source = `import { keepProgress, progress } from ${JSON.stringify(module)}; keepProgress(${JSON.stringify(logs)}); ${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdout.destroy();
  child.stdin.end('go');
  const [code] = await once(child, 'exit');
  const lines = (await readFile(join(logs, 'launcher.log'), 'utf8')).trimEnd().split('\n');
  return { code, lines: lines.map((line) => JSON.parse(line)) };
}
/** resolves when the reader of the output is gone for certain */
const unread = "for await (const _ of process.stdin); const turn = () => new Promise((done) => process.stdout.write('.', done));";

test('a launcher whose output nobody reads any more goes on, and its log says what it did', async () => {
  const { code, lines } = await runUnread(
    `${unread} await turn(); progress('web: it ended'); await turn(); progress('web: serves again');`,
  );
  expect([code, lines.map((line) => line.msg)]).toEqual([0, ['web: it ended', 'web: serves again']]);
});

test('a launcher that ends by a mistake of its own says so in its log', async () => {
  const { code, lines } = await runUnread("throw new Error('a mistake');");
  expect(code).not.toBe(0);
  expect(lines).toEqual([expect.objectContaining({ level: 60, msg: expect.stringContaining('a mistake') })]);
});
