import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from './project.ts';
import type { RotatingLog } from './rotating-log.ts';

const exitWithLauncher = pathToFileURL(join(projectRoot, 'lib', 'launcher', 'exit-with-launcher.mjs')).href;

/** Starts one of our own programs: output to its log, a channel for messages, away from the terminal's Ctrl-C, ending with the launcher. */
export function spawnNode(args: string[], env: NodeJS.ProcessEnv, log: RotatingLog): ChildProcess {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--import', exitWithLauncher, ...args], {
    cwd: projectRoot,
    env,
    // a process group of its own: Ctrl-C reaches it only through us
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => log.write(chunk));
  return child;
}
