import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { appPasswordHash } from '#lib/auth/app-password-hash.ts';
import { checkNewPassword } from '#lib/auth/check-new-password.ts';
import { hashPassword, PasswordHashingBusy, verifyNobodysPassword, verifyPassword } from '#lib/auth/password-hash.ts';
import { parseAppPassword, randomAppPassword, randomPassword } from '#lib/auth/random-password.ts';
import { openSecret, sealSecret, SecretBoxError } from '#lib/auth/secret-box.ts';
import { createSharedTurns } from '#lib/workers/shared-turns.ts';
import { anyCharacter } from '#tests/support/any-character.ts';

describe('password hashes', () => {
  test('the right password opens, another does not, and the string says how it was made', async () => {
    const phc = await hashPassword('Zwetschkenknödel 7');
    expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword('Zwetschkenknödel 7', phc)).toBe(true);
    expect(await verifyPassword('zwetschkenknödel 7', phc)).toBe(false);
  });

  test('an umlaut typed as two code points is the same password', async () => {
    expect(await verifyPassword('ko\u0308nig', await hashPassword('k\u00f6nig'))).toBe(true);
  });

  test('a string that is no hash opens with nothing', async () => {
    for (const broken of ['', 'x', '$argon2id$', '$2b$10$abc']) expect(await verifyPassword('', broken)).toBe(false);
    expect(await verifyNobodysPassword('')).toBe(false);
  });

  test('more hashes than may wait are refused at once, those that wait are done', async () => {
    const busy = await Promise.allSettled(Array.from({ length: 260 }, () => verifyPassword('x', 'not a hash')));
    const refused = busy.filter((each) => each.status === 'rejected').map((each) => each.reason);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every((error) => error instanceof PasswordHashingBusy)).toBe(true);
    expect(await verifyPassword('x', await hashPassword('x'))).toBe(true);
  });

  test('turns never run more at once than they may, and none is forgotten', async () => {
    let running = 0;
    let most = 0;
    const turns = createSharedTurns<'all'>({ running: 3, ofOne: 3, waiting: 100 });
    const task = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
    };
    await Promise.all(Array.from({ length: 50 }, () => turns.run('all', task)));
    expect([most, running]).toEqual([3, 0]);
  });
});

describe('new passwords', () => {
  const check = (plain: string) => checkNewPassword(plain, { address: 'max.muster@muster-gmbh.at' });
  test.each(['ein langer\0Satz', 'ein langer\nSatz', 'ein langer\tSatz'])('%j cannot be sent by every program', (plain) =>
    expect(check(plain)).toBe('ControlCharacter'),
  );
  test.each([
    ['kurz', 'TooShort'],
    ['x'.repeat(300), 'TooLong'],
    ['max.muster@muster-gmbh.at', 'IsAddress'],
    ['MaxMuster2026', 'IsAddress'],
    ['muster-gmbh!!', 'IsAddress'],
    ['Passwort2026!', 'TooCommon'],
    ['qwertzuiop', 'TooCommon'],
    ['aaaaaaaaaaaaaa', 'TooCommon'],
    ['ab1!ab1!ab1!', 'TooCommon'],
    ['9876543210', 'TooCommon'],
  ])('%s is refused: %s', (plain, problem) => expect(check(plain)).toBe(problem));
  test.each(['drei Katzen im Regen', 'k7mp-29ft-w3xz-h8ra', 'Übergröße42x'])('%s may be used', (plain) => expect(check(plain)).toBeNull());
});

describe('random passwords', () => {
  test('have enough bits, no look-alikes, and pass the check of new ones', () => {
    for (let count = 0; count < 200; count++) {
      const [mailbox, app] = [randomPassword(), randomAppPassword()];
      expect(mailbox).toMatch(/^[2-9a-hjkmnp-z]{4}(-[2-9a-hjkmnp-z]{4}){4}$/);
      expect(app).toMatch(/^[2-9a-hjkmnp-z]{4}(-[2-9a-hjkmnp-z]{4}){6}$/);
      expect(checkNewPassword(mailbox, { address: 'max@muster.at' })).toBeNull();
    }
    expect(20 * Math.log2(31)).toBeGreaterThan(80);
    expect(28 * Math.log2(31)).toBeGreaterThan(130);
  });

  test('an app password is the same however it was copied', () => {
    const app = randomAppPassword();
    const hash = appPasswordHash(app);
    expect(appPasswordHash(app.toUpperCase().replaceAll('-', ' '))).toEqual(hash);
    expect(appPasswordHash(` ${app.replaceAll('-', '')}\n`)).toEqual(hash);
    expect(parseAppPassword(randomPassword())).toBeNull();
    expect(appPasswordHash('')).toBeNull();
  });
});

describe('sealed secrets', () => {
  const secret = randomBytes(32).toString('hex');
  test('every text comes out again, and never seals to the same twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (plain) => {
        const sealed = sealSecret(plain, secret);
        expect(sealed).not.toBe(sealSecret(plain, secret));
        expect(openSecret(sealed, secret)).toBe(Buffer.from(plain).toString());
      }),
      { numRuns: 50 },
    );
  });

  test('another secret, an altered byte and nonsense open nothing', () => {
    const sealed = sealSecret('DKIM', secret);
    const bytes = Buffer.from(sealed.slice(3), 'base64url');
    expect(() => openSecret(sealed, `${secret}x`)).toThrow(SecretBoxError);
    for (let at = 0; at < bytes.length; at++) {
      const altered = Buffer.from(bytes);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(() => openSecret(`v1.${altered.toString('base64url')}`, secret)).toThrow(SecretBoxError);
    }
    for (const nonsense of ['', 'v1.', 'v2.AAAA', 'plain text']) expect(() => openSecret(nonsense, secret)).toThrow(SecretBoxError);
  });
});
