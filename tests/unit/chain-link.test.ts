import { generateKeyPairSync } from 'node:crypto';
import { authenticate } from 'mailauth';
import { expect, test } from 'vitest';
import { makeChainLink } from '#mail-server/delivery/signing/make-chain-link.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const record = `v=DKIM1; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
const letter = 'From: Bank <info@bank.example>\r\nTo: max@muster.at\r\nSubject: x\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\n\r\ny\r\n';

const link = (content: string, holds: boolean, results = 'spf=pass smtp.mailfrom=bank.example') =>
  makeChainLink({
    message: Buffer.from(content),
    domain: 'muster.at',
    selector: 's',
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    hostName: 'mail.muster.at',
    results,
    holds,
  });

/** As the next host sees it. */
async function chainOf(content: string): Promise<unknown> {
  const resolver = async (name: string): Promise<string[][]> => {
    if (name.endsWith('._domainkey.muster.at')) return [[record]];
    throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
  };
  const { arc } = await authenticate(Buffer.from(content), { ip: '192.0.2.1', helo: 'x', sender: 'x@muster.at', mta: 'test', resolver });
  const { status, i } = arc as { status: { result: string }; i: number };
  return [status.result, i];
}

test('a letter without a chain gets the first link, one with a chain that holds the next', async () => {
  const first = (await link(letter, false)) + letter;
  expect(await chainOf(first)).toEqual(['pass', 1]);
  const second = (await link(first, true, 'arc=pass')) + first;
  expect(await chainOf(second)).toEqual(['pass', 2]);
});

test('a chain that nobody checked here, or that is broken, gets no link: ours would break one that holds', async () => {
  const first = (await link(letter, false)) + letter;
  expect(await link(first, false, 'none')).toBe('');
  expect(await link(first, false, 'arc=fail')).toBe('');
  // part of a chain, which says nothing of itself
  expect(await link(`ARC-Authentication-Results: i=1; mx.example; none\r\n${letter}`, false, 'none')).toBe('');
});
