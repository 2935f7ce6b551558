import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseEnvironment } from '#lib/config/config.ts';
import { openDataDirectory } from '#lib/launcher/data-directory.ts';
import { openDatabase } from '#lib/launcher/database.ts';
import { loadSecrets } from '#lib/launcher/secrets.ts';
import { webProcess } from '#lib/launcher/web-process.ts';

async function emptyDirectory() {
  const path = await mkdtemp(join(tmpdir(), 'postamt-start-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return openDataDirectory(path);
}

test('an installation whose database is gone, as where its disk is not mounted, does not begin anew and refuse the letters of all its mailboxes', async () => {
  const directory = await emptyDirectory();
  const secrets = { ...loadSecrets(directory.secrets), operator: { email: 'operator@example.org', password: 'x' } };
  await expect(openDatabase(parseEnvironment({}), directory, secrets)).rejects.toThrow(/^The database of this installation is missing/);
});

test('a database that was restored without its secrets gets no new ones, which would not open it', async () => {
  const directory = await emptyDirectory();
  await mkdir(join(directory.postgres, 'data'), { recursive: true });
  await writeFile(join(directory.postgres, 'data', 'PG_VERSION'), '18');
  expect(() => loadSecrets(directory.secrets)).toThrow(/secrets\.json is missing, and its database is there: put it back/);
  expect(await readdir(directory.path)).not.toContain('secrets.json');
});

test('a web whose port somebody took while it was away says so', async () => {
  const taker = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => taker.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void taker.close());
  const address = taker.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const { ready } = await webProcess({ ...process.env }, await emptyDirectory(), { port, address: '127.0.0.1', dev: false }).start();
  await expect(ready).rejects.toThrow(`port ${port} is taken by another program`);
});
