import { accessSync, chmodSync, constants } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeDirectories } from './make-directories.ts';
import { projectRoot } from './project.ts';
import { fileFailure } from './startup-failure.ts';

/** Paths in the data directory. */
export interface DataDirectory {
  path: string;
  lock: string;
  secrets: string;
  runningFile: string;
  /** ids of the processes we started, to find them after the launcher was killed */
  processFile: string;
  tls: string;
  logs: string;
  /** home of the embedded Postgres; a symbolic link where Postgres may not reach the data directory */
  postgres: string;
}

/** Where everything of a data directory lies, whether it is there or not. A relative path counts from the checkout. */
export function dataDirectoryAt(given: string): DataDirectory {
  const path = resolve(projectRoot, given);
  return {
    path,
    lock: join(path, 'launcher.lock'),
    secrets: join(path, 'secrets.json'),
    runningFile: join(path, 'running.json'),
    processFile: join(path, 'processes.json'),
    tls: join(path, 'tls'),
    logs: join(path, 'logs'),
    postgres: join(path, 'postgres'),
  };
}

/** Makes the data directory. Throws StartupFailure if it cannot be written. */
export function openDataDirectory(given: string): DataDirectory {
  const directory = dataDirectoryAt(given);
  const { path } = directory;
  try {
    makeDirectories(path);
    accessSync(path, constants.W_OK | constants.X_OK);
    // Started as root, the database runs as another user, who must pass through here; each secret in it has rights of its own.
    if (process.getuid?.() === 0) chmodSync(path, 0o711);
    makeDirectories(directory.tls, 0o755);
    makeDirectories(directory.logs, 0o700);
  } catch (error) {
    throw fileFailure(error) ?? error;
  }
  return directory;
}
