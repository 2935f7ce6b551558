import { spawn, type ChildProcess } from 'node:child_process';
import { readFile, writeFile, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#lib/launcher/ports.ts';
import { eventually } from './eventually.ts';

export interface Balanced {
  /** port of the server behind it */
  to: number;
  /** how HAProxy tells it the client: "send-proxy-v2", "send-proxy-v2-ssl", "send-proxy" */
  says: string;
  /** ends TLS itself */
  tls?: boolean;
}

/** Debian's HAProxy with one port of its own for each of `ways`, in their order. */
export async function startHaproxy(
  ways: readonly Balanced[],
  certificate: { cert: string; key: string },
): Promise<{ ports: number[]; stop(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'postamt-haproxy-'));
  const both = join(directory, 'both.pem');
  await writeFile(both, (await readFile(certificate.cert, 'utf8')) + (await readFile(certificate.key, 'utf8')));
  const ports = await Promise.all(ways.map(() => freePort()));
  const sections = ways.map(
    ({ to, says, tls }, index) =>
      `listen way${index}\n  bind 127.0.0.1:${ports[index]}${tls ? ` ssl crt ${both}` : ''}\n  server mail 127.0.0.1:${to} ${says}\n`,
  );
  const file = join(directory, 'haproxy.cfg');
  const times = 'timeout connect 5s\n  timeout client 60s\n  timeout server 60s';
  await writeFile(file, `global\n  maxconn 200\ndefaults\n  mode tcp\n  ${times}\n${sections.join('')}`);
  const child: ChildProcess = spawn('haproxy', ['-db', '-f', file], { stdio: 'ignore' });
  await eventually('HAProxy', async () => (await Promise.all(ports.map(isOpen))).every(Boolean));
  return {
    ports,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      await rm(directory, { recursive: true });
    },
  };
}

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
