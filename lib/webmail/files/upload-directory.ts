import { rm } from 'node:fs/promises';
import path from 'node:path';
import { parseEnvironment } from '../../config/config.ts';

/** Uploads lay in the data directory before they had a table, and were never taken away. Drafts hold copies of what was in them. */
export const removeUploadDirectory = (): Promise<void> =>
  rm(path.join(path.resolve(parseEnvironment(process.env).POSTAMT_DATA), 'uploads'), { recursive: true, force: true });
