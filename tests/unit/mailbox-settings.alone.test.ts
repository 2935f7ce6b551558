import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import { database } from '#lib/db/prisma.ts';
import { readSettings, saveSettings } from '#lib/webmail/mailbox-settings.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';

let store: TestDatabase;
let mailboxId: AccountId;

beforeAll(async () => {
  store = await createTestDatabase();
  process.env['DATABASE_URL'] = store.url;
  process.env['POSTAMT_SECRET'] = 'a secret of this test that is long enough';
  mailboxId = await createAccount(store.url, 'max@muster.at');
});
afterAll(async () => {
  await database().$disconnect();
  await store.drop();
});

test('what one window saves takes nothing back that another one saved at the same time', async () => {
  await Promise.all([saveSettings({ mailboxId }, { darkLetters: false }), saveSettings({ mailboxId }, { shortcuts: false })]);
  expect(await readSettings({ mailboxId })).toMatchObject({ darkLetters: false, shortcuts: false });
  await Promise.all([saveSettings({ mailboxId }, { darkLetters: true }), saveSettings({ mailboxId }, { shortcuts: true })]);
  expect(await readSettings({ mailboxId })).toMatchObject({ darkLetters: true, shortcuts: true });
});

test('a mailbox whose usual sender address was taken away still saves everything else', async () => {
  await saveSettings({ mailboxId }, { defaultFrom: 'max@muster.at', timeZone: 'Europe/Vienna' });
  await sql(store.url, "update mailbox_settings set default_from = 'weg@muster.at'");
  expect(await saveSettings({ mailboxId }, { pictures: 'always' })).toMatchObject({ pictures: 'always', timeZone: 'Europe/Vienna' });
});

test('a sender address that is none, or another mailbox’s, and a zone that is none are refused', async () => {
  const before = await readSettings({ mailboxId });
  for (const wrong of [{ defaultFrom: 'max' }, { defaultFrom: 'erika@muster.at' }, { timeZone: 'Mitte/Erde' }]) {
    await expect(saveSettings({ mailboxId }, { ...wrong, undoSeconds: 30 })).rejects.toMatchObject({ code: 'InvalidRequest' });
  }
  expect(await readSettings({ mailboxId })).toEqual(before);
});
