import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Finished {
  status: number;
  stdout: Buffer;
  /** what it said on both, as text, for messages of failures */
  output: string;
}

/** True if the program is on the PATH; tests that need it are skipped otherwise, and `npm test` says how to get it. */
export function isInstalled(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Runs a third-party program to its end, in a home of its own; after 60 s it is killed and counts as failed. */
export async function runProgram(
  command: string,
  argv: readonly string[],
  options: { home: string; input?: Buffer | string } = { home: '/' },
): Promise<Finished> {
  const child = spawn(command, [...argv], {
    env: { ...process.env, HOME: options.home, LC_ALL: 'C.UTF-8', TERM: 'xterm' },
    cwd: options.home,
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  const out: Buffer[] = [];
  const both: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    out.push(chunk);
    both.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => both.push(chunk));
  child.stdin.on('error', () => undefined); // a program that does not read its input closes it
  child.stdin.end(options.input ?? '');
  const status = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? -1));
  });
  return { status, stdout: Buffer.concat(out), output: Buffer.concat(both).toString().slice(-4000) };
}

/** A directory that is removed at the end of its `await using` block. */
export async function temporaryDirectory(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'postamt-client-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
