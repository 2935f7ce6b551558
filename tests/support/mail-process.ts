import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { onTestFinished } from 'vitest';
import { basePorts } from '#lib/config/config.ts';
import type { Certificates } from '#lib/launcher/certificates.ts';
import { testSecret } from './services.ts';

const given = new Set<number>();

/** An offset at which all ports of the mail server are free, below those that the system takes for outgoing connections. */
export async function freePortOffset(): Promise<number> {
  for (let tries = 0; tries < 50; tries++) {
    const candidate = 20_000 + Math.floor(Math.random() * 1_100) * 10;
    const free = await Promise.all(Object.values(basePorts).map((port) => isFree(port + candidate)));
    if (!free.every(Boolean) || given.has(candidate)) continue;
    given.add(candidate);
    return candidate;
  }
  throw new Error('no free ports');
}
const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** Starts mail-server/main.ts as the launcher does; killed when the test has finished. */
export function startMailProcess(
  options: { databaseUrl: string; certificates: Certificates; portOffset: number },
  environment: Record<string, string | undefined> = {},
): ChildProcess {
  const child = fork('mail-server/main.ts', {
    silent: true,
    env: {
      ...process.env,
      DATABASE_URL: options.databaseUrl,
      POSTAMT_SECRET: testSecret,
      POSTAMT_TLS_CERT: options.certificates.cert,
      POSTAMT_TLS_KEY: options.certificates.key,
      POSTAMT_PORT_OFFSET: String(options.portOffset),
      POSTAMT_METRICS_PORT: '0',
      ...environment,
    },
  });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return child;
}

/** What the process tells its launcher first. */
export const firstMessage = async (child: ChildProcess): Promise<unknown> => (await once(child, 'message'))[0];
