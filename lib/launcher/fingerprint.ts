import { createHash, type Hash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { projectRoot } from './project.ts';

/** A hash over names and contents of files and folders of the checkout; missing ones count as missing. `skip` are paths from its root. */
export function fingerprint(paths: string[], skip: string[] = []): string {
  const hash = createHash('sha256').update(process.version);
  for (const path of paths) add(hash, join(projectRoot, path), new Set(skip));
  return hash.digest('hex');
}

function add(hash: Hash, path: string, skip: Set<string>): void {
  const name = relative(projectRoot, path);
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found || skip.has(name)) return;
  if (found.isDirectory()) {
    for (const entry of readdirSync(path).sort()) add(hash, join(path, entry), skip);
  } else if (found.isFile()) {
    hash.update(`${name}\n${found.size}\n`).update(readFileSync(path));
  }
}
