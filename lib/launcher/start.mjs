// The one file that must run on Node 20 with nothing installed: it brings the packages and the right Node, then hands over to main.ts.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, constants as system } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = [20, 0];
/** Runs TypeScript by stripping its types. */
const OLDEST_NODE_FOR_TYPESCRIPT = [22, 18];

const root = fileURLToPath(new URL('../../', import.meta.url));
const modules = join(root, 'node_modules');
const lock = join(root, 'package-lock.json');
/** Packages are made in directories of this name and the id of the process that makes them. */
const beside = join(root, '.installing-');
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

/**
 * Installs exactly what package-lock.json says, unless it is installed; the hash of that file stands in node_modules, so a touched one changes
 * nothing. It is made beside what is there and put in its place whole: who interrupts it, or starts twice at once, or has no network, leaves
 * what there was, and what runs from it goes on.
 */
function installPackages() {
  removeLeftovers();
  if (isInstalled()) return;
  if (!isWritable(root) || (existsSync(modules) && !isWritable(modules))) {
    fail(`Packages have to be installed in ${modules}, where this user may not write: start once as the owner of ${root}.`);
  }
  say('Installing packages (a minute or two the first time) …');
  const making = `${beside}${process.pid}`;
  let failure;
  try {
    mkdirSync(making);
    for (const name of ['package.json', 'package-lock.json', '.npmrc'])
      if (existsSync(join(root, name))) copyFileSync(join(root, name), join(making, name));
    failure = install(making);
    // another start may have been faster
    if (!failure && !isInstalled()) failure = putInPlace(making);
  } catch (error) {
    failure = `Packages cannot be installed (${error.code ?? error.message} at ${error.dest ?? error.path ?? making}): make room there, then start again.`;
  }
  rmSync(making, { recursive: true, force: true });
  if (failure) fail(failure);
}

/** Why it failed, in a sentence. */
function install(directory) {
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--loglevel=error', '--no-audit', '--no-fund'];
  if (!hasCache()) args.push(`--cache=${join(`${beside}${process.pid}`, '.npm')}`);
  const npm = spawnSync('npm', args, { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] });
  if (npm.error) return `npm cannot be started (${npm.error.code}): install npm, then start again.`;
  if (npm.status !== 0) return `npm ci failed with exit code ${npm.status ?? npm.signal}; its reason stands above.`;
  writeFileSync(join(directory, 'node_modules', '.postamt-lock'), hashOfLock());
  return undefined;
}

/** Whether npm can keep what it fetches: the user of a service often has no home for it. `npm start` names the place also where there is none. */
function hasCache() {
  const cache = process.env.npm_config_cache || join(homedir(), '.npm');
  return isWritable(existsSync(cache) ? cache : dirname(cache));
}

function putInPlace(making) {
  try {
    if (existsSync(modules)) renameSync(modules, join(making, 'before'));
  } catch (error) {
    // a mount point stays where it is
    if (error.code === 'EBUSY' || error.code === 'EXDEV') return install(root);
    if (error.code !== 'ENOENT') throw error;
  }
  try {
    renameSync(join(making, 'node_modules'), modules);
  } catch (error) {
    if (!isInstalled()) throw error;
  }
  return undefined;
}

/** Of starts that were ended while they installed. */
function removeLeftovers() {
  for (const name of readdirSync(root)) {
    const path = join(root, name);
    const pid = path.startsWith(beside) ? Number(path.slice(beside.length)) : 0;
    if (!pid || (pid !== process.pid && isAlive(pid))) continue;
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // its npm still writes there, or it is somebody else's: the next start looks again
    }
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

const hashOfLock = () => createHash('sha256').update(readFileSync(lock)).digest('hex');

function isInstalled() {
  const marker = join(modules, '.postamt-lock');
  return existsSync(marker) ? readFileSync(marker, 'utf8') === hashOfLock() : isInstalledByHand();
}

/** By an `npm ci` that was not ours. It also says that it is done where packages are missing that it may leave out, and Node and Postgres are such. */
function isInstalledByHand() {
  const said = statSync(join(modules, '.package-lock.json'), { throwIfNoEntry: false });
  if (!said || said.mtimeMs < statSync(lock).mtimeMs) return false;
  const { packages } = JSON.parse(readFileSync(lock, 'utf8'));
  return Object.entries(packages).every(([path, { version, link, optional, devOptional, os, cpu, libc }]) => {
    const isForUs = os?.includes(process.platform) && cpu?.includes(process.arch) && !libc;
    if (path === '' || link || ((optional || devOptional) && !isForUs)) return true;
    const file = join(root, path, 'package.json');
    return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version === version;
  });
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
