import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Scripts, letters and what they are tried with; written for Postamt. */
export const corpus = new URL('../fixtures/sieve/', import.meta.url).pathname;

export interface CorpusTrial {
  id: string;
  script: string;
  letter: string;
  sender: string;
  recipient: string;
}

export function readTrials(): CorpusTrial[] {
  return readFileSync(join(corpus, 'trials.tsv'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((row) => {
      const [script = '', letter = '', sender = '', recipient = ''] = row.split('\t');
      const id = `${script} × ${letter}${sender === '' ? ' from nobody' : ''}`;
      return {
        id,
        script: join(corpus, 'scripts', `${script}.sieve`),
        letter: join(corpus, 'letters', `${letter}.eml`),
        sender,
        recipient,
      };
    });
}

/** What `npm run sieve -- --batch` prints for them. */
export function runBatch(trials: readonly CorpusTrial[]): string[][] {
  const directory = mkdtempSync(join(tmpdir(), 'postamt-sieve-'));
  try {
    const file = join(directory, 'trials.tsv');
    writeFileSync(file, trials.map(({ script, letter, sender, recipient }) => `${script}\t${letter}\t${sender}\t${recipient}\n`).join(''));
    const command = new URL('../../mail-server/sieve/command/sieve-command.ts', import.meta.url).pathname;
    const { stdout, stderr } = spawnSync(process.execPath, [command, '--batch', file], {
      encoding: 'utf8',
      maxBuffer: 1e8,
      env: { ...process.env, TZ: 'UTC' },
    });
    if (stderr !== '') throw new Error(stderr);
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as string[]);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
