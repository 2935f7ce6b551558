import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { IncludeLoader } from '../compile/project.ts';
import { compile } from '../compile.ts';
import { execute } from '../execute.ts';
import { readMailboxes, joinMailbox } from '../letter/addresses.ts';
import type { Header } from '../letter/header.ts';
import { Letter } from '../letter/letter.ts';
import type { Environment } from '../run/environment.ts';
import { ScriptError } from '../script-error.ts';
import { printOutcome } from './print-outcome.ts';

export interface Trial {
  script: string;
  letter: string;
  /** undefined: as the letter says */
  sender: string | undefined;
  recipient: string | undefined;
  final: string | undefined;
}

export interface Printed {
  lines: string[];
  /** false for a script that is not valid or failed, and for files that cannot be read */
  succeeded: boolean;
}

/** Runs a script for a letter in the fixed world of the command. Nothing is stored or sent. */
export async function tryScript(trial: Trial): Promise<Printed> {
  const name = basename(trial.script).replace(/\.sieve$/, '');
  try {
    const script = compile(read(trial.script), { load: includeBeside(trial.script) });
    const letter = new Letter(read(trial.letter));
    const outcome = await execute(script, letter, fixedWorld(trial, letter));
    return { lines: printOutcome(name, outcome, letter), succeeded: outcome.failure === null };
  } catch (error) {
    if (error instanceof ScriptError) {
      return {
        lines: error.faults.map((fault) => `${fault.script || name}: line ${fault.line}: error: ${fault.sentence}.`),
        succeeded: false,
      };
    }
    if (error instanceof Unreadable) return { lines: [`${name}: error: ${error.message}.`], succeeded: false };
    throw error;
  }
}

class Unreadable extends Error {}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Unreadable(whyUnreadable(path, error));
  }
}

export function whyUnreadable(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return `there is no file ${path}`;
  if (code === 'EISDIR') return `${path} is a folder`;
  if (code === 'EACCES' || code === 'EPERM') return `${path} may not be read`;
  return `${path} cannot be read${error instanceof Error ? `: ${error.message}` : ''}`;
}

function includeBeside(script: string): IncludeLoader {
  return (location, name) => {
    const directory = join(dirname(script), 'include', location === 'global' ? 'global' : '');
    try {
      return readFileSync(join(directory, `${name}.sieve`));
    } catch {
      return null;
    }
  };
}

function fixedWorld({ sender, recipient, final }: Trial, letter: Letter): Environment {
  const header = letter.header;
  const to = recipient ?? final ?? firstAddress(header, ['envelope-to', 'to']) ?? 'recipient@example.com';
  const from = sender ?? firstAddress(header, ['return-path', 'sender', 'from']) ?? 'sender@example.com';
  const own = final ?? to;
  return {
    envelope: { from, to },
    recipient: own,
    ownAddresses: [own],
    now: new Date(),
    zoneMinutes: (at) => -at.getTimezoneOffset(),
    detailSeparator: '+',
    items: { domain: hostname(), host: hostname(), location: 'MS', phase: 'post', name: 'Postamt Sieve', version: '1' },
    ...judgements(header),
    vacationSeconds: { usual: 7 * 86_400, least: 0, most: Number.MAX_SAFE_INTEGER },
    mailboxes: async () => [{ name: 'INBOX', specialUse: [], mailboxId: 'inbox' }],
    metadata: async () => null,
    seenBefore: async () => false,
  };
}

function firstAddress(header: Header, names: readonly string[]): string | undefined {
  for (const name of names) {
    const [field] = header.all(name);
    if (field === undefined) continue;
    if (name === 'return-path' && /^<\s*>$/.test(field.value.trim())) return '';
    const [first] = readMailboxes(field.value, 10);
    if (first !== undefined) return joinMailbox(first);
  }
  return undefined;
}

function judgements(header: Header): { spamPercent: number | null; virus: number } {
  const score = /^\s*(-?[0-9.]+)/.exec(header.values('x-spam-score')[0] ?? '')?.[1];
  const scan = header.values('x-virus-scan')[0]?.trim();
  const percent = score === undefined || Number.isNaN(Number(score)) ? null : Math.min(100, Math.max(0, (100 * Number(score)) / 10));
  return { spamPercent: percent, virus: scan === 'clean' ? 1 : scan === 'infected' ? 5 : 0 };
}
