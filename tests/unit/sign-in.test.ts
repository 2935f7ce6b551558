import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkSignIn } from '#lib/auth/check-sign-in.ts';
import { beginSession } from '#lib/auth/web-session/begin-session.ts';
import { findSession } from '#lib/auth/web-session/find-session.ts';
import { mintCustomerScope, type CustomerScope } from '#lib/auth/customer-scope.ts';
import { openDatabase, type Database } from '#lib/db/prisma.ts';
import { createLookup } from '#lib/dns/lookup.ts';
import { addDomain } from '#lib/provisioning/domains/add-domain.ts';
import { createCustomer } from '#lib/provisioning/customers/create-customer.ts';
import { createMailbox } from '#lib/provisioning/mailboxes/create-mailbox.ts';
import { createAppPassword } from '#lib/provisioning/mailboxes/create-app-password.ts';
import { setMailboxPassword } from '#lib/provisioning/mailboxes/set-mailbox-password.ts';
import { suspendMailbox } from '#lib/provisioning/mailboxes/suspend-mailbox.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';

const limits = { failures: 3, waitS: 600, secret: 'a secret of the tests' };
let test: TestDatabase;
let database: Database;
let scope: CustomerScope;
let erika: number;
const erikasPassword = 'Fensterläden aus Lärche';

beforeAll(async () => {
  test = await createTestDatabase();
  database = openDatabase(test.url, 4);
  const created = await createCustomer(database, {
    name: 'Muster',
    email: 'chefin@elsewhere.example',
    password: 'ein langer Satz',
    locale: 'de',
    remote: null,
  });
  if (!created.ok) throw new Error(created.code);
  scope = mintCustomerScope({ customerId: created.value.customerId, role: 'owner', actor: 'system', remote: null });
  await addDomain(database, scope, 'muster.at', {
    secret: 'a secret that only this test knows',
    ownHosts: [],
    lookup: createLookup([]),
    dkimZone: null,
  });
  const box = await createMailbox(database, scope, {
    localPart: 'erika',
    domain: 'muster.at',
    password: erikasPassword,
    quotaBytes: 2 ** 30,
    name: 'Erika',
    locale: 'de',
  });
  if (!box.ok) throw new Error(box.code);
  erika = box.value.id;
});
afterAll(async () => {
  await database.$disconnect();
  await test.drop();
});

const from = (remoteAddress: string) => (address: string, password: string) =>
  checkSignIn(database, { address, password, remoteAddress }, limits);

it('a person and a mailbox sign in with the same form', async () => {
  const signIn = from('192.0.2.10');
  expect(await signIn('Chefin@Elsewhere.example', 'ein langer Satz')).toMatchObject({
    ok: true,
    identity: { kind: 'person', role: 'owner', mailboxId: null },
  });
  expect(await signIn(' erika@muster.at ', erikasPassword)).toMatchObject({
    ok: true,
    identity: { kind: 'mailbox', userId: null, mailboxId: erika },
  });
});

it('an unknown address and a wrong password get the same answer', async () => {
  const signIn = from('192.0.3.10');
  const wrong = { ok: false, failure: 'InvalidCredentials' };
  expect(await signIn('erika@muster.at', 'falsch')).toEqual(wrong);
  expect(await signIn('niemand@muster.at', 'falsch')).toEqual(wrong);
  expect(await signIn('keine Adresse', 'falsch')).toEqual(wrong);
  expect(await signIn('erika@muster.at', '')).toEqual(wrong);
  expect(await signIn('erika@muster.at', '\0')).toMatchObject({ ok: false });
});

it('guesses at the same time are counted one by one', async () => {
  const signIn = from('198.51.100.7');
  const results = await Promise.all(Array.from({ length: 12 }, (_, index) => signIn('erika@muster.at', `geraten ${index}`)));
  expect(results.filter((result) => !result.ok && result.failure === 'InvalidCredentials')).toHaveLength(limits.failures - 1);
  expect(await signIn('erika@muster.at', erikasPassword)).toEqual({ ok: false, failure: 'TooManyAttempts' });
  expect(await from('203.0.113.9')('erika@muster.at', erikasPassword)).toMatchObject({ ok: true });
});

it('who guesses in the same network keeps nobody out who signed in before', async () => {
  const home = from('198.51.101.40');
  expect(await home('erika@muster.at', erikasPassword)).toMatchObject({ ok: true });
  const took = async (): Promise<number> => {
    const begun = performance.now();
    expect(await home('erika@muster.at', erikasPassword)).toMatchObject({ ok: true });
    return performance.now() - begun;
  };
  const alone = await took();
  const guesses = Array.from({ length: 12 }, (_, index) => from('198.51.101.77')('erika@muster.at', `vom Nachbarn geraten ${index}`));
  // who waits behind them does so for two seconds more
  expect(await took()).toBeLessThan(1900 + alone);
  expect((await Promise.all(guesses)).filter(({ ok }) => ok)).toEqual([]);
});

it('an app password opens programs, not the web', async () => {
  const app = await createAppPassword(database, scope, erika, 'iPhone');
  if (!app.ok) throw new Error(app.code);
  expect(await from('192.0.2.20')('erika@muster.at', app.value.password)).toEqual({ ok: false, failure: 'InvalidCredentials' });
});

it('nobody keeps a mailbox out by signing up with its address', async () => {
  const squatter = await createCustomer(database, {
    name: 'X',
    email: 'neu@muster.at',
    password: 'noch ein langer Satz',
    locale: 'de',
    remote: null,
  });
  expect(squatter.ok).toBe(true);
  const box = await createMailbox(database, scope, {
    localPart: 'neu',
    domain: 'muster.at',
    password: 'das echte Postfach',
    quotaBytes: 2 ** 30,
    name: '',
    locale: 'de',
  });
  expect(box.ok).toBe(true);
  expect(await from('192.0.2.30')('neu@muster.at', 'das echte Postfach')).toMatchObject({ ok: true, identity: { kind: 'mailbox' } });
  const late = await createCustomer(database, {
    name: 'X',
    email: 'erika@muster.at',
    password: 'noch ein langer Satz',
    locale: 'de',
    remote: null,
  });
  expect(late).toEqual({ ok: false, code: 'AddressTaken' });
});

it('a changed password, a suspension and a deletion end what was signed in before', async () => {
  const browser = { userAgent: 'test', remoteAddress: '192.0.2.40' };
  const begin = async (password: string): Promise<string> => {
    const signedIn = await from('192.0.2.40')('erika@muster.at', password);
    if (!signedIn.ok) throw new Error(signedIn.failure);
    return beginSession(database, signedIn.identity, browser, { proved: true });
  };
  const find = (key: string) => findSession(database, key, '192.0.2.40');
  const first = await begin(erikasPassword);
  expect(await find(first)).toMatchObject({ mailboxId: erika });
  await suspendMailbox(database, scope, erika, true);
  expect(await find(first)).toBeNull();
  expect(await from('192.0.2.41')('erika@muster.at', erikasPassword)).toEqual({ ok: false, failure: 'Suspended' });
  expect(await from('192.0.2.42')('erika@muster.at', 'falsch')).toEqual({ ok: false, failure: 'InvalidCredentials' });
  await suspendMailbox(database, scope, erika, false);
  expect(await find(first)).toBeNull();
  const second = await begin(erikasPassword);
  expect(await find(second)).toMatchObject({ mailboxId: erika });
  await setMailboxPassword(database, scope, erika, 'ein neues, langes Passwort');
  expect(await find(second)).toBeNull();
});
