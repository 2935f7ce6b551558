import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { projectRoot } from '#lib/launcher/project.ts';

/** A checkout in which nothing was ever started: packages are there, but neither the database client nor any data. */
async function checkout(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'postamt-checkout-'));
  onTestFinished(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));
  const filter = (path: string) => !path.endsWith('lib/db/generated');
  for (const name of ['lib', 'mail-server', 'prisma', 'package.json', 'package-lock.json', 'prisma.config.ts'])
    await cp(join(projectRoot, name), join(root, name), { recursive: true, filter });
  await symlink(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
  return root;
}

function run(root: string, args: string[], environment: Record<string, string>): Promise<{ code: unknown; lines: string[] }> {
  const env = { ...process.env, DATABASE_URL: '', POSTAMT_ENV: '', ...environment, POSTAMT_DATA: join(root, 'data') };
  return new Promise((resolve) =>
    execFile(process.execPath, ['lib/launcher/start.mjs', ...args], { cwd: root, env }, (error, _, stderr) =>
      resolve({ code: error?.code ?? 0, lines: stderr.trim().split('\n') }),
    ),
  );
}

test("each operator's command says a sentence in a checkout that was never started, also where all are typed at once, and makes no data", async () => {
  const root = await checkout();
  const away = { DATABASE_URL: 'postgresql://nobody:x@127.0.0.1:1/nothing', POSTAMT_DKIM_ZONE: 'dkim.muster.at' };
  const cannotReach = 'The database cannot be reached: is Postamt running?';
  const noInstallation = expect.stringMatching(
    /^There is no installation here \(.*secrets\.json is missing\): set POSTAMT_DATA or DATABASE_URL\.$/,
  );
  const cases: [string[], Record<string, string>, unknown][] = [
    [['--queue', 'list'], away, cannotReach],
    [['--mailboxes', 'list'], away, cannotReach],
    [['--dkim-zone'], away, cannotReach],
    [['--operator-password'], away, cannotReach],
    [['--queue', 'list'], {}, noInstallation],
    [['--backup', join(root, 'copy')], {}, noInstallation],
    [['--prepare'], {}, 'DATABASE_URL is not set: --prepare is for a Postgres of your own.'],
    [['--quue'], {}, expect.stringMatching(/^Unknown argument --quue: there are /)],
  ];
  const answers = await Promise.all(cases.map(([args, environment]) => run(root, args, environment)));
  const said = answers.map(({ lines }) => lines.filter((line) => !/generat(ing|es) the database client …$/i.test(line)));
  expect(said).toEqual(cases.map(([, , sentence]) => [sentence]));
  expect(answers.map(({ code }) => code)).not.toContain(0);
  expect(await readdir(root)).not.toContain('data');
}, 300_000);

test('each command that package.json names is one that the launcher knows', async () => {
  const { scripts } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const known =
    (await readFile(join(projectRoot, 'lib/launcher/main.ts'), 'utf8')) +
    (await readFile(join(projectRoot, 'lib/launcher/start.mjs'), 'utf8'));
  const modes = Object.values(scripts).flatMap((script) => /start\.mjs (--\S+)/.exec(script)?.[1] ?? []);
  expect(modes.length).toBeGreaterThan(6);
  for (const mode of modes) expect(known).toContain(`=== '${mode}'`);
});
