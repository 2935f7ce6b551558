import { statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the embedded Postgres has its files, in a data directory. With a Postgres elsewhere there is no such folder. */
export const databaseFiles = (dataDirectory: string): string => join(dataDirectory, 'postgres', 'data');

/** Bytes that are free on the disk of this folder; null: there is no such folder. */
export async function freeBytes(directory: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  } catch {
    return null;
  }
}
