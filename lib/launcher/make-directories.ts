import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory that somebody named, and those above it. Not by `recursive`: of a place where nothing can be made (/proc/nope) Node asks
 * without end.
 */
export function makeDirectories(path: string, mode?: number): void {
  const above = dirname(path);
  if (above !== path && !existsSync(above)) makeDirectories(above, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}
