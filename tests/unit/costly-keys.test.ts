import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { isCostlyKey } from '#mail-server/delivery/authenticity/costly-key.ts';

const tagged = (tag: number, value: Buffer): Buffer => {
  const length = value.length < 128 ? [value.length] : [0x82, value.length >> 8, value.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), value]);
};
/** A number with that many bits, as DER has it. */
const number = (bits: number): Buffer => {
  const bytes = randomBytes(bits / 8);
  bytes[0] = 0xc0;
  bytes[bytes.length - 1] = 0xff;
  return tagged(2, Buffer.concat([Buffer.from([0]), bytes]));
};
const bare = (modulusBits: number, exponentBits: number): Buffer =>
  tagged(0x30, Buffer.concat([number(modulusBits), exponentBits === 17 ? tagged(2, Buffer.from([1, 0, 1])) : number(exponentBits)]));
const wrapped = (key: Buffer): Buffer =>
  tagged(0x30, Buffer.concat([Buffer.from('300d06092a864886f70d0101010500', 'hex'), tagged(3, Buffer.concat([Buffer.from([0]), key]))]));
const record = (key: Buffer): string => `v=DKIM1; k=rsa; p=${key.toString('base64').replace(/(.{70})/g, '$1 ')}`;

test.each([
  ['of 16384 bits', 16_384, 17],
  ['of 8192 bits', 8_192, 17],
  ['with an exponent as long as itself', 2_048, 2_048],
  ['with a long exponent', 3_072, 64],
] as const)('a key %s is as none', (_, modulusBits, exponentBits) => {
  const key = bare(modulusBits, exponentBits);
  expect(isCostlyKey(record(wrapped(key)))).toBe(true);
  expect(isCostlyKey(record(key))).toBe(true);
  expect(isCostlyKey(`v=DKIM1; p=; ${record(key).replace('v=DKIM1; ', '')}`)).toBe(true);
});

test.each([1_024, 2_048, 4_096])('a key of %d bits, as people have it, counts', (modulusLength) => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength });
  expect(isCostlyKey(record(publicKey.export({ type: 'spki', format: 'der' })))).toBe(false);
  expect(isCostlyKey(record(publicKey.export({ type: 'pkcs1', format: 'der' })))).toBe(false);
});

test('what is no key is left to the check', () => {
  for (const text of ['', 'v=DKIM1; p=', `p=${'A'.repeat(2_000)}`, 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='])
    expect(isCostlyKey(text)).toBe(false);
});
