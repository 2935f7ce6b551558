import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { corpus, type CorpusTrial } from './sieve-corpus.ts';

/** Debian's sieve-test, told to live in the world of `npm run sieve`. */
export class Pigeonhole implements Disposable {
  private readonly directory = mkdtempSync(join(tmpdir(), 'postamt-pigeonhole-'));

  constructor() {
    // it writes compiled scripts beside the scripts
    cpSync(join(corpus, 'scripts'), join(this.directory, 'scripts'), { recursive: true });
    mkdirSync(join(this.directory, 'home'));
    writeFileSync(join(this.directory, 'dovecot.conf'), configuration(this.directory));
    // it refuses to work as root
    if (user.isNobody) execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, this.directory]);
  }

  run({ script, letter, sender, recipient }: CorpusTrial): string[] {
    const copy = join(this.directory, 'scripts', basename(script));
    const argv = ['-c', join(this.directory, 'dovecot.conf'), '-f', sender, '-a', recipient, copy, letter];
    const { stdout, stderr } = spawnSync('sieve-test', argv, { encoding: 'utf8', env: { ...process.env, TZ: 'UTC' }, timeout: 20_000 });
    return `${stderr}${stdout}`.replaceAll('\r', '').split('\n');
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true });
  }
}

const NOBODY = 65_534;
const { uid, gid } = userInfo();
const user = uid === 0 ? { uid: NOBODY, gid: NOBODY, isNobody: true } : { uid, gid, isNobody: false };

const configuration = (directory: string): string => `
mail_location = maildir:${directory}/home/Maildir
mail_home = ${directory}/home
mail_uid = ${user.uid}
mail_gid = ${user.gid}
first_valid_uid = 1
first_valid_gid = 1
postmaster_address = postmaster@example.com
recipient_delimiter = +
mail_attribute_dict = file:${directory}/home/attributes
log_path = /dev/stderr
namespace inbox {
  inbox = yes
  separator = /
}
plugin {
  sieve = file:${directory}/scripts/include;active=${directory}/none.sieve
  sieve_global = file:${directory}/scripts/include/global
  sieve_extensions = +spamtest +spamtestplus +virustest +editheader +vacation-seconds +mboxmetadata +servermetadata +special-use
  sieve_vacation_min_period = 0
  sieve_spamtest_status_type = score
  sieve_spamtest_status_header = X-Spam-Score: (-?[0-9.]+)
  sieve_spamtest_max_value = 10
  sieve_virustest_status_type = text
  sieve_virustest_status_header = X-Virus-Scan: (.+)
  sieve_virustest_text_value1 = clean
  sieve_virustest_text_value5 = infected
}
`;

/** Either output, without what the two show in different ways; see docs/protocols.md. */
export function comparable(lines: readonly string[]): string[] {
  if (lines.some((line) => line.includes('failed; resolved with'))) return ['failed'];
  if (!lines.includes('Performed actions:')) {
    const first = lines.map((line) => /line (\d+): error/.exec(line)?.[1]).find((line) => line !== undefined);
    return [`not valid, line ${first ?? 'unknown'}`];
  }
  const kept: string[] = [];
  const shown = withoutOwnHandles(lines.slice(lines.indexOf('Performed actions:')));
  for (const line of shown) {
    const shownOnlyHere = /^ {8}\+ (add|remove) header|^ \* do not send /.test(line);
    if (!shownOnlyHere && line.trim() !== '' && !line.startsWith('sieve-test')) kept.push(line);
  }
  return kept.map((line) => (line.startsWith(' * reject message') ? line.replaceAll('?', ' ').trimEnd() : line));
}

/** A handle of Pigeonhole's own making ends so, and has as many lines as the text that it is made of. */
function withoutOwnHandles(lines: readonly string[]): string[] {
  const result: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (lines[at]?.startsWith('    => handle  : ')) {
      const start = lines.indexOf('START MESSAGE', at);
      if (lines.slice(at, start).some((line) => /<(NO-)?MIME>$/.test(line))) at = start;
    }
    result.push(lines[at] ?? '');
  }
  return result;
}

/** Answers that are withheld; sieve-test shows them all the same. */
export function withoutAnswers(lines: readonly string[]): string[] {
  const result: string[] = [];
  let inside = false;
  for (const line of lines) {
    if (/^ \* (send vacation message|send notification)/.test(line)) inside = true;
    else if (/^ \* |^Implicit keep/.test(line)) inside = false;
    if (!inside) result.push(line);
  }
  return result
    .map((line, at) =>
      line === '  (none)' || result[at - 1] !== 'Performed actions:' || line.startsWith(' *') ? line : `  (none)\n${line}`,
    )
    .flatMap((line) => line.split('\n'));
}
