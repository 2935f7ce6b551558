import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { ensureCertificates, renewCertificate } from '#lib/launcher/certificates.ts';

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
