import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { pino } from 'pino';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { ensureCertificates, renewCertificate } from '#lib/launcher/certificates.ts';
import { ownCertificate } from '#lib/webmail/connection/own-certificate.ts';
import { judgeCertificate } from '#mail-server/tls/judge-certificate.ts';
import { openServerCertificate } from '#mail-server/tls/server-certificate.ts';

const dayMs = 86_400_000;
afterEach(() => vi.useRealTimers());

test('a local certificate is renewed while the service runs, a month before its end, by the authority that programs trust', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'postamt-tls-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const now = Date.now();
  vi.useFakeTimers({ toFake: ['Date'], now: now - 360 * dayMs });
  const paths = await ensureCertificates(directory, 'mail.muster.at');
  const read = async () => ({ ca: await readFile(paths.ca, 'utf8'), cert: await readFile(paths.cert, 'utf8') });
  const before = await read();
  expect(await renewCertificate(directory, 'mail.muster.at')).toBe(false);

  vi.setSystemTime(now + 8 * dayMs);
  expect(await renewCertificate(directory, 'mail.muster.at')).toBe(true);
  const after = await read();
  expect(after.ca).toBe(before.ca);
  const renewed = new X509Certificate(after.cert);
  expect(renewed.verify(new X509Certificate(after.ca).publicKey)).toBe(true);
  expect(renewed.validToDate.getTime()).toBeGreaterThan(now + 390 * dayMs);
  expect(await renewCertificate(directory, 'mail.muster.at')).toBe(false);
});

test('what programs and the webmail would say against the certificate is in the log before they do', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'postamt-tls-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const host = 'mail.muster.at';
  const said = async (age: number, audience: { host: string; authority: 'ours' | undefined }): Promise<string> => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - age * dayMs });
    const paths = await ensureCertificates(join(directory, String(age)), host);
    vi.useRealTimers();
    const lines: string[] = [];
    const log = pino({}, { write: (line: string) => lines.push(line) });
    const certificate = openServerCertificate([paths], pino({ level: 'silent' }));
    certificate.close();
    await judgeCertificate(certificate.context, { host: audience.host, authority: audience.authority && paths.ca }, log);
    return lines.join('');
  };
  for (const age of [0, 380, 390, 400]) await mkdir(join(directory, String(age)));
  expect(await said(0, { host, authority: 'ours' })).toBe('');
  expect(await said(0, { host: '127.0.0.1', authority: 'ours' })).toBe('');
  expect(await said(380, { host, authority: 'ours' })).toBe('');
  expect(await said(390, { host, authority: 'ours' })).toContain('"days":5');
  expect(await said(400, { host, authority: 'ours' })).toContain('CERT_HAS_EXPIRED');
  expect(await said(0, { host: 'mail.other.at', authority: 'ours' })).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
  expect(await said(0, { host, authority: undefined })).toContain('SELF_SIGNED_CERT_IN_CHAIN');

  await writeFile(join(directory, 'empty.pem'), '');
  const { cert, key } = await ensureCertificates(join(directory, '0'), host);
  const opened = (paths: { cert: string; key: string }) => () => openServerCertificate([paths], pino({ level: 'silent' }));
  expect(opened({ cert: join(directory, 'empty.pem'), key })).toThrow('empty.pem holds no certificate');
  expect(opened({ cert, key: join(directory, 'empty.pem') })).toThrow('empty.pem holds no key');
});

test('the operator sees on his page what programs and the webmail see of the certificate, and nothing where no server answers', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'postamt-tls-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const name = 'mail.muster.at';
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 390 * dayMs });
  const paths = await ensureCertificates(directory, name);
  vi.useRealTimers();
  const ca = await readFile(paths.ca, 'utf8');
  const server = createServer({ cert: await readFile(paths.cert), key: await readFile(paths.key) });
  server.on('tlsClientError', () => undefined);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const host = { connectTo: '127.0.0.1', imapsPort: (server.address() as AddressInfo).port, name, ca };
  const validTo = new X509Certificate(await readFile(paths.cert)).validToDate;
  expect(await ownCertificate(host)).toEqual({ refusal: null, validTo, endsSoon: true });
  expect(await ownCertificate({ ...host, name: 'mail.other.at' })).toMatchObject({ refusal: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  await new Promise((closed) => server.close(closed));
  expect(await ownCertificate(host)).toBeNull();
});
