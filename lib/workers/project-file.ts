import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const found = new Map<string, string>();

/**
 * A file of the project by its path below the project's folder, wherever a process runs: the built web runs in `.next/standalone`, below it.
 * Bundlers move code, so no module can say where it lay.
 */
export function projectFile(path: string): string {
  const known = found.get(path);
  if (known !== undefined) return known;
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const candidate = join(/* turbopackIgnore: true */ folder, path);
    if (existsSync(candidate)) {
      found.set(path, candidate);
      return candidate;
    }
    if (dirname(folder) === folder) throw new Error(`${path} is in no folder above ${process.cwd()}`);
  }
}
