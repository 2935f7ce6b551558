import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock-file.ts';
import { projectRoot } from './project.ts';
import { fileFailure, StartupFailure } from './startup-failure.ts';

interface Making {
  /** what is made, as a sentence begins with it */
  what: string;
  lock: string;
  /** told who makes it at the moment */
  waits: (pid: number) => void;
  signal?: AbortSignal;
}

/** Makes a part of the checkout, one launcher at a time. The service may run as a user who only reads there. Throws StartupFailure. */
export async function makeInCheckout({ what, lock, waits, signal }: Making, make: () => Promise<void>): Promise<void> {
  const modules = join(projectRoot, 'node_modules');
  if (![projectRoot, modules].every(isWritable))
    throw new StartupFailure(`${what} has to be made in ${projectRoot}, where this user may not write: start once as its owner.`);
  try {
    await withLock(join(modules, lock), { waits, signal }, make);
  } catch (error) {
    throw fileFailure(error) ?? error;
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
