import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { projectRoot } from '#lib/launcher/project.ts';

const run = promisify(execFile);
/** npm alone takes seconds on a busy machine */
vi.setConfig({ testTimeout: 240_000 });

/** A checkout with the real start.mjs and two packages, one of which is for some machines only; what it starts says that both are there. */
async function checkout(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'postamt-checkout-'));
  onTestFinished(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));
  await mkdir(join(root, 'lib/launcher'), { recursive: true });
  await cp(join(projectRoot, 'lib/launcher/start.mjs'), join(root, 'lib/launcher/start.mjs'));
  await writeFile(join(root, 'lib/launcher/main.ts'), `import every from 'every'; import some from 'some'; console.log(every, some);\n`);
  for (const name of ['every', 'some']) {
    const made = join(root, 'made', name, 'package');
    await mkdir(made, { recursive: true });
    await writeFile(join(made, 'package.json'), JSON.stringify({ name, version: '1.0.0', type: 'module', main: 'index.js' }));
    await writeFile(join(made, 'index.js'), `export default '${name} package';\n`);
    await run('tar', ['-czf', join(root, `${name}.tgz`), '-C', join(root, 'made', name), 'package']);
  }
  const wanted = { dependencies: { every: `file:${root}/every.tgz` }, optionalDependencies: { some: `file:${root}/some.tgz` } };
  await writeFile(join(root, 'package.json'), JSON.stringify({ name: 'checkout', version: '1.0.0', type: 'module', ...wanted }));
  const some = { optional: true, os: [process.platform], cpu: [process.arch] };
  const packages = {
    '': { name: 'checkout', version: '1.0.0', ...wanted },
    'node_modules/every': { version: '1.0.0', resolved: `file:${root}/every.tgz` },
    'node_modules/some': { version: '1.0.0', resolved: `file:${root}/some.tgz`, ...some },
  };
  await writeFile(
    join(root, 'package-lock.json'),
    JSON.stringify({ name: 'checkout', version: '1.0.0', lockfileVersion: 3, requires: true, packages }),
  );
  return root;
}

async function start(root: string, others?: { HOME: string; npm_config_cache?: string }): Promise<{ code: number; said: string }> {
  const env = others ? { NODE_ENV: process.env['NODE_ENV'], PATH: process.env['PATH'], ...others } : process.env;
  try {
    const { stdout } = await run(process.execPath, ['lib/launcher/start.mjs'], { cwd: root, env });
    return { code: 0, said: stdout };
  } catch (error) {
    const { code, stderr } = error as { code: number; stderr: string };
    return { code, said: stderr };
  }
}
const works = { code: 0, said: expect.stringContaining('every package some package') };
const leftovers = async (root: string) => (await readdir(root)).filter((name) => name.startsWith('.installing'));

test('starts of a fresh checkout at the same time do not take the packages from each other', async () => {
  const root = await checkout();
  expect(await Promise.all([start(root), start(root), start(root)])).toEqual([works, works, works]);
  expect(await leftovers(root)).toEqual([]);
});

test.each(['node', 'npm start'])(
  'the user of a service needs no home where %s starts it: npm keeps what it fetches elsewhere then',
  async (by) => {
    const root = await checkout();
    // nobody, root neither, makes a directory below a file
    const HOME = join(root, 'package.json', 'home');
    const told = by === 'node' ? {} : { npm_config_cache: join(HOME, '.npm') };
    expect(await start(root, { HOME, ...told })).toEqual(works);
    expect(await leftovers(root)).toEqual([]);
  },
);

test('a first start that was killed while it installed is done again by the next one, which clears up after it', async () => {
  const root = await checkout();
  const killed = spawn(process.execPath, ['lib/launcher/start.mjs'], { cwd: root, stdio: 'ignore', detached: true });
  const ended = once(killed, 'exit');
  while ((await leftovers(root)).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  process.kill(-(killed.pid ?? 0), 'SIGKILL');
  await ended;
  expect(await start(root)).toEqual(works);
  expect(await leftovers(root)).toEqual([]);
});

test('an upgrade whose packages cannot be had says so and leaves those there were: the version before starts', async () => {
  const root = await checkout();
  expect(await start(root)).toEqual(works);
  const before = await readFile(join(root, 'package-lock.json'), 'utf8');
  await writeFile(join(root, 'package-lock.json'), `${before}\n`);
  await rm(join(root, 'every.tgz'));
  expect(await start(root)).toEqual({ code: 1, said: expect.stringContaining('npm ci failed with exit code') });
  await writeFile(join(root, 'package-lock.json'), before);
  expect(await start(root)).toEqual(works);
});

test('npm by hand is believed where it brought everything, and not where it left out what this machine needs', async () => {
  const root = await checkout();
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root });
  const old = new Date(Date.now() - 60_000);
  await utimes(join(root, 'package-lock.json'), old, old);
  expect((await start(root)).said).toBe('every package some package\n');
  await rm(join(root, 'node_modules/some'), { recursive: true });
  expect(await start(root)).toEqual(works);
});
