import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import type { Certificates } from '#lib/launcher/certificates.ts';
import { testSecret } from './services.ts';

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
