import { join } from 'node:path';
import { webServerFile } from './build-web.ts';
import type { DataDirectory } from './data-directory.ts';
import { obstacle } from './ports.ts';
import { RotatingLog } from './rotating-log.ts';
import { spawnNode } from './spawn-node.ts';
import { endOf, type ProcessKind } from './supervised-process.ts';

const READY_MS = 90_000;
const REQUEST_MS = 10_000;
const STOP_MS = 5000;

/** The web: the built server, or `next dev`. `address` and `port` are where it listens. */
export function webProcess(
  env: NodeJS.ProcessEnv,
  directory: DataDirectory,
  { port, address, dev }: { port: number; address: string | undefined; dev: boolean },
): ProcessKind {
  const log = new RotatingLog(join(directory.logs, 'web.log'));
  const host = address ?? '0.0.0.0';
  const mode: 'development' | 'production' = dev ? 'development' : 'production';
  // one bundle, read once: what was compiled before would only lie in memory beside it
  const ownEnv = { ...env, PORT: String(port), HOSTNAME: host, NODE_ENV: mode, NODE_COMPILE_CACHE: undefined };
  const args = dev ? ['node_modules/next/dist/bin/next', 'dev', '--port', String(port), '--hostname', host] : [webServerFile];
  const url = healthUrl(port, address);
  return {
    name: 'web',
    stopSignal: 'SIGTERM',
    stopMs: STOP_MS,
    start: async () => {
      const child = spawnNode(args, ownEnv, log);
      const stop = new AbortController();
      void endOf(child).then(async (how) => {
        // what cannot even be tried says nothing, and must not end the launcher
        const isTaken = (await obstacle(port, address).catch(() => null)) === 'taken';
        stop.abort(new Error(isTaken ? `port ${port} is taken by another program` : `${how} before it was ready`));
      });
      child.on('error', (error) => stop.abort(error));
      const ready = untilHealthy(url, stop.signal);
      ready.catch(() => {});
      return { child, ready };
    },
  };
}

/** Where this machine asks the web how it is; `address` undefined: it listens on all. */
export function healthUrl(port: number, address: string | undefined): string {
  const host = address === undefined || address === '0.0.0.0' || address === '::' ? '127.0.0.1' : address;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/healthz`;
}

/** Resolves when `url` answers 200; rejects with the signal's reason, or after READY_MS with the last answer. */
export async function untilHealthy(url: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + READY_MS;
  let last = 'no answer';
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    try {
      const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MS)]) });
      if (response.status === 200) return;
      last = `status ${response.status}: ${(await response.text()).slice(0, 200)}`;
    } catch (error) {
      signal.throwIfAborted();
      last = error instanceof Error ? error.message : String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the web did not get ready within ${READY_MS / 1000} seconds (${last})`);
}
