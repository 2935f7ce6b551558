import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { progress } from '../progress.ts';
import { runCommand } from '../run-command.ts';

const APT_MS = 600_000;

/** Programs that tests talk to the servers with, and Debian's names of their packages and of what these only recommend. */
const needs: Record<string, string> = {
  chromium: 'chromium',
  // the same browser, for less of the processor; where it is not, the whole one does
  'chromium-headless-shell': 'chromium-headless-shell',
  swaks: 'swaks libnet-ssleay-perl',
  mutt: 'mutt',
  fetchmail: 'fetchmail',
  mbsync: 'isync',
  msmtp: 'msmtp',
  mpop: 'mpop',
  offlineimap: 'offlineimap3',
  ruby: 'ruby',
  curl: 'curl',
  tmux: 'tmux',
  python3: 'python3',
  openssl: 'openssl',
  haproxy: 'haproxy',
  ps: 'procps',
  'sieve-test': 'dovecot-sieve',
  'sieve-connect': 'sieve-connect',
  gsasl: 'gsasl',
  unbound: 'unbound',
  'ldns-signzone': 'ldnsutils',
  rspamd: 'rspamd',
  clamd: 'clamav-daemon',
};

/** Some systems give their browser another name. */
const otherNames: Record<string, string[]> = { chromium: ['chromium-browser', 'google-chrome', 'google-chrome-stable'] };

const isInstalled = (program: string): boolean => [program, ...(otherNames[program] ?? [])].some(isOnPath);

const isOnPath = (program: string): boolean =>
  [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/bin'].some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/**
 * Installs the programs that are missing, where we are root on a Debian; elsewhere says what is missing and how to get it. Tests that
 * need a missing program are skipped and counted as such.
 */
export async function provideSystemNeeds(): Promise<void> {
  const missing = (): string[] => Object.keys(needs).filter((program) => !isInstalled(program));
  const packages = missing().flatMap((program) => needs[program]?.split(' ') ?? []);
  if (packages.length === 0) return;
  const install = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    progress(`Not installed: ${missing().join(', ')}. Tests with them are skipped; to have them run, as root: ${install}`);
    return;
  }
  progress(`Installing ${packages.join(', ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quiet = ['-q', '-o', 'DPkg::Lock::Timeout=300'];
  await runCommand('apt-get', ['update', ...quiet], { env, timeoutMs: APT_MS });
  const add = (names: readonly string[]) =>
    runCommand('apt-get', ['install', '-y', '--no-install-recommends', ...quiet, ...names], { env, timeoutMs: APT_MS });
  const { status, output } = await add(packages);
  if (status === 0) return;
  // a name that this system does not know keeps none of the others away
  for (const name of packages) await add([name]);
  if (missing().length > 0)
    progress(`Could not be installed: ${missing().join(', ')}. Tests with them are skipped. apt-get said:\n${output.slice(-1000)}`);
}
