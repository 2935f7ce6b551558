import { expect, test } from 'vitest';
import { deriveScramKeys, scramKeysOf, verifyScramProof } from '#lib/auth/scram-keys.ts';
import { ScramClient } from '#tests/support/scram-client.ts';

// RFC 7677 section 3
const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
const authMessage = `n=user,r=rOprNGfwEbeRWgbNEkqO,r=${nonce},s=${salt.toString('base64')},i=4096,c=biws,r=${nonce}`;
const proof = Buffer.from('dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=', 'base64');
const signature = '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=';

test('the example of RFC 7677 is proved, and signed as there', async () => {
  const keys = await deriveScramKeys('pencil', salt);
  expect(verifyScramProof(keys, authMessage, proof)?.toString('base64')).toBe(signature);
});

test('another proof, another exchange and another password prove nothing', async () => {
  const keys = await deriveScramKeys('pencil', salt);
  const wrong = Buffer.from(proof);
  wrong[31] = (wrong[31] ?? 0) ^ 1;
  expect(verifyScramProof(keys, authMessage, wrong)).toBeNull();
  expect(verifyScramProof(keys, `${authMessage}x`, proof)).toBeNull();
  expect(verifyScramProof(await deriveScramKeys('Pencil', salt), authMessage, proof)).toBeNull();
  expect(verifyScramProof(keys, authMessage, Buffer.alloc(0))).toBeNull();
  expect(verifyScramProof(Buffer.alloc(0), authMessage, proof)).toBeNull();
});

test('the client of the tests says what the RFC says', () => {
  const client = new ScramClient({ user: 'user', password: 'pencil' });
  expect(client.first).toBe('n,,n=user,r=rOprNGfwEbeRWgbNEkqO');
  expect(client.final(`r=${nonce},s=${salt.toString('base64')},i=4096`)).toBe(`c=biws,r=${nonce},p=${proof.toString('base64')}`);
  expect(client.trusts(`v=${signature}`)).toBe(true);
});

test('an app password is proved with its dashes and without', async () => {
  const keys = await scramKeysOf('k7mp-29ft-w3xz-h8ra-q5nd-2222-3333', salt);
  for (const password of ['k7mp-29ft-w3xz-h8ra-q5nd-2222-3333', 'k7mp29ftw3xzh8raq5nd22223333']) {
    const client = new ScramClient({ user: 'user', password });
    const challenge = `r=${nonce},s=${salt.toString('base64')},i=4096`;
    const [, without = '', given = ''] = /^(.*),p=(.*)$/.exec(client.final(challenge)) ?? [];
    const proved = verifyScramProof(keys, `n=user,r=rOprNGfwEbeRWgbNEkqO,${challenge},${without}`, Buffer.from(given, 'base64'));
    expect(client.trusts(`v=${proved?.toString('base64')}`)).toBe(true);
  }
});
