import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#lib/launcher/ports.ts';
import { eventually } from './eventually.ts';

export interface Checker {
  /** for settings.spam */
  where: string;
  close(): Promise<void>;
}

/** The test file that every virus scanner finds; written in two halves, so that none finds this file. */
export const eicar = `X5O!P%@AP[4\\PZX54(P^)7CC)7}$${'EICAR-STANDARD-ANTIVIRUS-'}TEST-FILE!$H+H*`;
export const gtube = `XJS*C4JDBQADN1.NSBN3*2IDNEN*${'GTUBE-STANDARD-'}ANTI-UBE-TEST-EMAIL*C.34X`;

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

async function started(child: ChildProcess, port: number, directory: string, what: string): Promise<() => Promise<void>> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (let tries = 0; !(await answers(port)); tries++) {
    // a machine that is busy with other tests takes its time
    if (tries > 8 || child.exitCode !== null) throw new Error(`${what} does not start`);
    await eventually(what, () => answers(port)).catch(() => undefined);
  }
  return async () => {
    child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(hard);
    await rm(directory, { recursive: true, force: true });
  };
}

/** Debian's clamd with one signature, that of the test file: its own are a download. */
export async function startClamd(): Promise<Checker> {
  const directory = await mkdtemp(join(tmpdir(), 'postamt-clamd-'));
  const port = await freePort();
  await mkdir(join(directory, 'signatures'));
  await writeFile(join(directory, 'signatures', 'test.ndb'), `Eicar-Test-Signature:0:*:${Buffer.from(eicar).toString('hex')}\n`);
  const lines = [
    `TCPSocket ${port}`,
    'TCPAddr 127.0.0.1',
    `DatabaseDirectory ${directory}/signatures`,
    'Foreground yes',
    `User ${userInfo().username}`,
  ];
  await writeFile(join(directory, 'clamd.conf'), `${lines.join('\n')}\n`);
  const child = spawn('clamd', ['-c', join(directory, 'clamd.conf')], { stdio: 'ignore' });
  return { where: `127.0.0.1:${port}`, close: await started(child, port, directory, 'clamd') };
}

/** Debian's rspamd with its controller alone and no rules beside the test pattern. */
export async function startRspamd(): Promise<Checker> {
  const directory = await mkdtemp(join(tmpdir(), 'postamt-rspamd-'));
  const port = await freePort();
  const configuration = `options {
  pidfile = "${directory}/rspamd.pid"; filters = ""; hs_cache_dir = "${directory}"; cache_file = "${directory}/symbols.cache";
  control_socket = "${directory}/control.sock mode=0600"; gtube_patterns = "reject"; tempdir = "${directory}";
  dns { nameserver = ["127.0.0.1:1"]; timeout = 0.2s; retransmits = 1; }
}
logging { type = "console"; level = "error"; }
actions { reject = 15; add_header = 6; greylist = 4; }
worker "controller" { bind_socket = "127.0.0.1:${port}"; count = 1; password = "secret of the test"; }
`;
  await writeFile(join(directory, 'rspamd.conf'), configuration);
  const child = spawn('rspamd', ['-f', '-i', '-c', join(directory, 'rspamd.conf')], { stdio: 'ignore' });
  return { where: `http://:secret%20of%20the%20test@127.0.0.1:${port}`, close: await started(child, port, directory, 'rspamd') };
}

/** A host that takes connections and says nothing. */
export async function startSilentHost(): Promise<Checker> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { where: `127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
