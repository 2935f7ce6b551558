// What a script would do with a letter: `npm run sieve -- SCRIPT LETTER`, or this file itself. Stores and sends nothing.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Printed, tryScript, whyUnreadable } from './try-script.ts';

const usage = `Usage: npm run sieve -- SCRIPT.sieve LETTER.eml [-f SENDER] [-a RECIPIENT] [-r FINAL]
       npm run sieve -- --batch FILE.tsv
  -f  envelope sender, "" for none       -a  envelope recipient
  -r  final recipient, whose mailbox it is
  FILE.tsv has a line for each trial: script, letter, sender and recipient, with tabs between them`;

/** npm changes to the project's directory; paths are meant from where the person stands. */
const path = (given: string): string => resolve(process.env['INIT_CWD'] ?? process.cwd(), given);

async function batch(file: string): Promise<number> {
  let rows: string[];
  try {
    rows = readFileSync(path(file), 'utf8').split('\n');
  } catch (error) {
    process.stderr.write(`${whyUnreadable(path(file), error)}\n`);
    return 2;
  }
  if (rows.at(-1) === '') rows.pop();
  for (const row of rows) {
    const [script = '', letter = '', sender = '', recipient = ''] = row.replace(/\r$/, '').split('\t');
    const trial = { script: path(script), letter: path(letter), sender, recipient: recipient || undefined, final: undefined };
    const { lines } = await tryScript(trial).catch(
      (error: unknown): Printed => ({ lines: [`error: ${error instanceof Error ? error.message : String(error)}`], succeeded: false }),
    );
    process.stdout.write(`${JSON.stringify(lines)}\n`);
  }
  return 0;
}

async function main(args: readonly string[]): Promise<number> {
  const options = new Map<string, string>();
  const files: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const argument = args[at] ?? '';
    const value = args[at + 1];
    if (!OPTIONS.has(argument)) files.push(argument);
    else if (value === undefined) return misused();
    else {
      options.set(argument, value);
      at++;
    }
  }
  const rows = options.get('--batch');
  if (rows !== undefined && files.length === 0) return batch(rows);
  const [script, letter] = files;
  if (script === undefined || letter === undefined || files.length > 2) return misused();
  const { lines, succeeded } = await tryScript({
    script: path(script),
    letter: path(letter),
    sender: options.get('-f')?.replace(/^<(.*)>$/, '$1'),
    recipient: options.get('-a'),
    final: options.get('-r'),
  });
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  return succeeded ? 0 : 1;
}

function misused(): number {
  process.stderr.write(`${usage}\n`);
  return 2;
}

const OPTIONS = new Set(['-f', '-a', '-r', '--batch']);

process.exitCode = await main(process.argv.slice(2));
