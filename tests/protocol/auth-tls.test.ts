import { generateKeyPairSync } from 'node:crypto';
import { copyFile, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { connect as connectPlain } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import 'reflect-metadata';
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ensureCertificates } from '#lib/launcher/certificates.ts';
import { createMetrics } from '#mail-server/metrics.ts';
import { settingsFrom } from '#mail-server/read-configuration.ts';
import { type MailPort, parseEnvironment } from '#lib/config/config.ts';
import { type Listener, listen } from '#mail-server/tls/listen.ts';
import { type CertificateFiles, openServerCertificate, type ServerCertificate } from '#mail-server/tls/server-certificate.ts';
import { LineClient } from '#tests/support/line-client.ts';

let directory: string;
let certificate: ServerCertificate;
let paths: { cert: string; key: string };
const listeners: Listener[] = [];
const logged: Record<string, unknown>[] = [];
const log = pino({ level: 'info' }, { write: (line: string) => logged.push(JSON.parse(line)) });

const rsa = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

async function makeCertificate(files: CertificateFiles, algorithm: typeof rsa | typeof ecdsa, names: string[], days = 90): Promise<string> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const cert = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${names[0]}`,
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + days * 86_400_000),
    extensions: [new SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns' as const, value })))],
  });
  await writeFile(files.cert, cert.toString('pem'));
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  await writeFile(files.key, `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`);
  return cert.serialNumber.toUpperCase();
}

beforeEach(async () => {
  logged.length = 0;
  directory = await mkdtemp(join(tmpdir(), 'postamt-tls-'));
  paths = await ensureCertificates(directory, 'localhost');
  certificate = openServerCertificate([paths], log);
});
afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.close()));
  certificate.close();
  await rm(directory, { recursive: true });
});

async function serve(secure: boolean, environment: Record<string, string> = {}, service: MailPort = 'imap'): Promise<number> {
  const settings = settingsFrom(parseEnvironment({ POSTAMT_ENV: 'test', ...environment }), certificate);
  const listener = await listen(
    { settings, log, metrics: createMetrics() },
    {
      service,
      port: 0,
      secure,
      refusal: 'no\r\n',
      onConnection: ({ socket, remoteAddress }) => {
        socket.on('end', () => socket.end());
        socket.resume().write(`hello ${remoteAddress}\r\n`);
      },
    },
  );
  listeners.push(listener);
  return listener.port;
}

const handshake = (port: number, options: object = {}): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => resolve(socket));
    socket.once('error', reject);
  });
const serialNumber = async (port: number): Promise<string> => {
  const socket = await handshake(port);
  const { serialNumber: serial } = socket.getPeerCertificate();
  socket.destroy();
  return serial;
};

test('TLS 1.3 and 1.2 are spoken, 1.1 is not, and the log says once to whom', async () => {
  const port = await serve(true);
  expect((await handshake(port)).getProtocol()).toBe('TLSv1.3');
  const older = await handshake(port, { maxVersion: 'TLSv1.2' });
  expect([older.getProtocol(), older.getCipher().standardName]).toEqual(['TLSv1.2', expect.stringMatching(/ECDHE.*(GCM|CHACHA)/)]);
  for (let time = 1; time <= 2; time++) {
    await expect(handshake(port, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' })).rejects.toThrow();
  }
  expect(logged.filter(({ msg }) => msg === 'no TLS with a client')).toMatchObject([
    { service: 'imap', remoteAddress: '127.0.0.1', reason: 'unsupported protocol' },
  ]);
});

test.each([
  { maxVersion: 'TLSv1' },
  { maxVersion: 'TLSv1.1' },
  { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-SHA384' },
  { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA', isRsa: true },
] as const)('a host that brings mail may have any TLS, and whoever signs in may not: %j', async (old) => {
  if ('isRsa' in old) {
    await makeCertificate(paths, rsa, ['localhost']);
    certificate.reload();
  }
  const options = { minVersion: 'TLSv1', ...old, ciphers: `${'ciphers' in old ? old.ciphers : 'ALL'}:@SECLEVEL=0` };
  expect((await handshake(await serve(true, {}, 'smtp'), options)).getProtocol()).toBe(old.maxVersion);
  for (const service of ['imap', 'submission'] as const) await expect(handshake(await serve(true, {}, service), options)).rejects.toThrow();
  // and the best that both know is taken
  expect((await handshake(await serve(true, {}, 'smtp'))).getCipher().name).toBe('TLS_AES_128_GCM_SHA256');
});

test.each(['TLSv1.3', 'TLSv1.2'] as const)(
  'a broken record of %s ends the connection, which would hear nothing any more',
  async (version) => {
    const port = await serve(true);
    const wire = connectPlain(port, '127.0.0.1');
    const between = new Duplex({ read: () => undefined, write: (chunk, _, done) => void wire.write(chunk, () => done()) });
    wire.on('data', (chunk) => between.push(chunk));
    const closed = new Promise((resolve) => wire.once('end', resolve));
    const client = connect({ socket: between, rejectUnauthorized: false, maxVersion: version });
    const alert = new Promise<Error>((resolve) => client.once('error', resolve));
    await new Promise((resolve) => client.once('data', resolve));
    wire.write(Buffer.concat([Buffer.from('1703030040', 'hex'), Buffer.alloc(64, 7)]));
    expect((await alert).message).toContain('bad record mac');
    await closed;
    wire.destroy();
  },
);

test('a session is resumed', async () => {
  const port = await serve(true);
  const first = await handshake(port);
  const session = await new Promise<Buffer>((resolve) => first.once('session', resolve));
  expect((await handshake(port, { session })).isSessionReused()).toBe(true);
});

test('a renewed certificate is used from the next connection on, a broken one never', async () => {
  const port = await serve(true);
  const before = await serialNumber(port);
  const other = await mkdtemp(join(tmpdir(), 'postamt-tls-'));
  const renewed = await ensureCertificates(other, 'localhost');
  await copyFile(renewed.cert, paths.cert);
  certificate.reload(); // certificate and key do not fit: half of a renewal
  expect(await serialNumber(port)).toBe(before);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 }); // nor does one of another kind
  await writeFile(paths.key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  certificate.reload();
  expect(await serialNumber(port)).toBe(before);
  await copyFile(renewed.key, paths.key);
  await utimes(paths.key, new Date(), new Date());
  certificate.reload();
  expect(await serialNumber(port)).not.toBe(before);
  await rm(other, { recursive: true });
});

describe('of several certificates', () => {
  const filesOf = (name: string): CertificateFiles => ({ cert: join(directory, `${name}.pem`), key: join(directory, `${name}.key`) });
  const [usual, old, other] = ['usual', 'old', 'other'];
  const serials: Record<string, string> = {};
  let several: ServerCertificate;
  let port: number;

  beforeEach(async () => {
    serials['usual'] = await makeCertificate(filesOf(usual), ecdsa, ['mail.house.at']);
    serials['old'] = await makeCertificate(filesOf(old), rsa, ['mail.house.at']);
    serials['other'] = await makeCertificate(filesOf(other), ecdsa, ['mail.muster.at', '*.example.at'], 5);
    certificate.close();
    several = openServerCertificate([usual, old, other].map(filesOf), log, { host: 'mail.house.at', authority: undefined });
    certificate = several;
    port = await serve(true, {}, 'smtp');
  });

  const shown = async (options: object): Promise<string | undefined> => {
    const socket = await handshake(port, options);
    const { serialNumber: serial } = socket.getPeerCertificate();
    socket.destroy();
    return Object.keys(serials).find((name) => serials[name] === serial);
  };
  const knowsRsaAlone = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' };

  test('a client is shown the one with the kind of key that it knows', async () => {
    expect(await shown({ servername: 'mail.house.at' })).toBe(usual);
    expect(await shown({ servername: 'mail.house.at', ...knowsRsaAlone })).toBe(old);
    expect(await shown({ servername: 'mail.house.at', sigalgs: 'rsa_pss_rsae_sha256' })).toBe(old);
  });

  test('a client is shown the one for the name that it asks for, and without such a name that of the host', async () => {
    expect(await shown({ servername: 'mail.muster.at' })).toBe(other);
    expect(await shown({ servername: 'IMAP.example.at' })).toBe(other);
    expect(await shown({ servername: 'mail.elsewhere.at' })).toBe(usual);
    expect(await shown({ servername: 'mail.elsewhere.at', ...knowsRsaAlone })).toBe(old);
    expect(await shown({})).toBe(usual);
    for (const odd of ['*', '..', 'a b', 'ä', '-', 'x'.repeat(255)]) expect(await shown({ servername: odd })).toBe(usual);
  });

  test('each is judged by its name, and the first that ends counts', async () => {
    await expect
      .poll(() => logged.flatMap(({ certificate: file, host, reason }) => (host ? [[file, host, reason]] : [])).sort())
      .toEqual(
        [
          [filesOf(usual).cert, 'mail.house.at', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
          [filesOf(old).cert, 'mail.house.at', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
          [filesOf(other).cert, 'mail.muster.at', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
        ].sort(),
      );
    expect(several.validTo.getTime()).toBeLessThan(Date.now() + 6 * 86_400_000);
  });

  test('a renewed one is used from the next connection on', async () => {
    serials['other'] = await makeCertificate(filesOf(other), ecdsa, ['mail.muster.at']);
    several.reload();
    expect(await shown({ servername: 'mail.muster.at' })).toBe(other);
    expect(await shown({ servername: 'imap.example.at' })).toBe(usual);
  });
});

test('one more than may connect is told so and let go, and when one leaves another may come', async () => {
  const port = await serve(false, { POSTAMT_CONNECTIONS_PER_ADDRESS: '2' });
  const clients = [await LineClient.open(port), await LineClient.open(port)];
  for (const client of clients) expect(await client.line()).toBe('hello 127.0.0.1');
  const third = await LineClient.open(port);
  expect([await third.line(), await third.line()]).toEqual(['no', null]);
  const elsewhere = await LineClient.open(port, { from: '127.0.0.9' });
  expect(await elsewhere.line()).toBe('hello 127.0.0.9');
  clients[0]?.destroy();
  await expect
    .poll(async () => {
      const next = await LineClient.open(port);
      const said = await next.line();
      next.destroy();
      return said;
    })
    .toBe('hello 127.0.0.1');
  for (const client of [...clients, elsewhere]) client.destroy();
});

test('connections per process are bounded over all listeners', async () => {
  const settings = settingsFrom(parseEnvironment({ POSTAMT_ENV: 'test', POSTAMT_CONNECTIONS: '1' }), certificate);
  const ports = await Promise.all(
    (['imap', 'pop3'] as const).map(async (service) => {
      const listener = await listen(
        { settings, log, metrics: createMetrics() },
        { service, port: 0, secure: false, refusal: 'no\r\n', onConnection: ({ socket }) => socket.write('hello\r\n') },
      );
      listeners.push(listener);
      return listener.port;
    }),
  );
  const first = await LineClient.open(ports[0] ?? 0);
  expect(await first.line()).toBe('hello');
  const second = await LineClient.open(ports[1] ?? 0);
  expect(await second.line()).toBe('no');
  first.destroy();
});

test.each([Buffer.alloc(0), Buffer.from([22, 3, 1])])('who ends its side in the middle of a handshake is not waited for', async (begun) => {
  const port = await serve(true);
  const socket = connectPlain({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  const started = performance.now();
  socket.end(begun);
  socket.resume();
  await new Promise((resolve) => socket.once('close', resolve));
  expect(performance.now() - started).toBeLessThan(15_000); // a handshake may take twenty seconds
});
