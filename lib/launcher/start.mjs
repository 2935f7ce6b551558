// The one file that must run on Node 20 with nothing installed: it brings the packages and the right Node, then hands over to main.ts.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { constants as system } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = [20, 0];
/** Runs TypeScript by stripping its types. */
const OLDEST_NODE_FOR_TYPESCRIPT = [22, 18];

const root = fileURLToPath(new URL('../../', import.meta.url));
const modules = join(root, 'node_modules');
/** What a script would do is read by programs: nothing else may stand on its standard output, and it needs nothing of the launcher. */
const triesScript = process.argv[2] === '--sieve';
const say = (text) => (triesScript ? process.stderr : process.stdout).write(`${text}\n`);

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function isAtLeast(version, [major, minor]) {
  const [haveMajor = 0, haveMinor = 0] = version.split('.').map(Number);
  return haveMajor > major || (haveMajor === major && haveMinor >= minor);
}

function isWritable(path) {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Installs exactly what package-lock.json says, unless it is installed. Its hash stands in node_modules, so a touched file changes nothing. */
function installPackages() {
  const marker = join(modules, '.postamt-lock');
  const lock = join(root, 'package-lock.json');
  const hash = createHash('sha256').update(readFileSync(lock)).digest('hex');
  if (existsSync(marker) ? readFileSync(marker, 'utf8') === hash : isNewerInstallation(lock)) return;
  if (!isWritable(root) || (existsSync(modules) && !isWritable(modules))) {
    fail(`Packages have to be installed in ${modules}, where this user may not write: start once as the owner of ${root}.`);
  }
  say('Installing packages (a minute or two the first time) …');
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--loglevel=error', '--no-audit', '--no-fund'];
  const npm = spawnSync('npm', args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (npm.error) fail(`npm cannot be started (${npm.error.code}): install npm, then start again.`);
  if (npm.status !== 0) fail(`npm ci failed with exit code ${npm.status ?? npm.signal}; its reason stands above.`);
  writeFileSync(marker, hash);
}

function isNewerInstallation(lock) {
  const installed = join(modules, '.package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
}

/** The Node that came with the packages; where there is none for this machine, the one that runs now if it is new enough. */
function chooseNode() {
  const bundled = join(modules, `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(bundled) && spawnSync(bundled, ['--version']).status === 0) return realpathSync(bundled);
  if (isAtLeast(process.versions.node, OLDEST_NODE_FOR_TYPESCRIPT)) return process.execPath;
  return fail(
    `No Node.js comes with Postamt for ${process.platform} ${process.arch}: install Node.js 24 (this is ${process.version}) and start again.`,
  );
}

function handOver(node) {
  const env = {
    // what is compiled once is read by the next process: without it each of ours keeps a compiler of TypeScript in its memory
    NODE_COMPILE_CACHE: join(modules, '.cache', 'postamt'),
    ...process.env,
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
  };
  const command = triesScript
    ? [join(root, 'mail-server', 'sieve', 'command', 'sieve-command.ts'), ...process.argv.slice(3)]
    : [join(root, 'lib', 'launcher', 'main.ts'), ...process.argv.slice(2)];
  const args = ['--disable-warning=ExperimentalWarning', ...command];
  // the channel tells the launcher when this process is gone, however it went
  const launcher = spawn(node, args, { cwd: root, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => launcher.kill(signal));
  launcher.on('error', (error) => fail(`${node} cannot be started: ${error.message}.`));
  launcher.on('exit', (code, signal) => process.exit(code ?? 128 + (system.signals[signal] ?? 0)));
}

if (!isAtLeast(process.versions.node, OLDEST_NODE)) {
  fail(`Postamt needs Node.js 20 or newer to start; this is ${process.version}.`);
}
installPackages();
handOver(chooseNode());
