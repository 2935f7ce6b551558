import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hashPassword, verifyPassword } from '#lib/auth/password-hash.ts';
import { mintCustomerScope, mintPersonScope, type CustomerScope } from '#lib/auth/customer-scope.ts';
import { customerId } from '#lib/db/ids.ts';
import { openDatabase, type Database } from '#lib/db/prisma.ts';
import { setPersonPassword } from '#lib/provisioning/customers/set-person-password.ts';
import { setRole } from '#lib/provisioning/customers/set-role.ts';
import { createAppPassword } from '#lib/provisioning/mailboxes/create-app-password.ts';
import { createMailbox } from '#lib/provisioning/mailboxes/create-mailbox.ts';
import { deleteMailbox } from '#lib/provisioning/mailboxes/delete-mailbox.ts';
import { purgeMailbox } from '#lib/provisioning/mailboxes/purge-mailbox.ts';
import { restoreMailbox } from '#lib/provisioning/mailboxes/restore-mailbox.ts';
import { setMailboxPassword } from '#lib/provisioning/mailboxes/set-mailbox-password.ts';
import { saveMailboxDetails } from '#lib/provisioning/mailboxes/save-mailbox-details.ts';
import { suspendMailbox } from '#lib/provisioning/mailboxes/suspend-mailbox.ts';
import { atOnce, type Stop } from '#tests/support/at-once.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';

const gigabyte = 2 ** 30;
let test: TestDatabase;
let database: Database;
let customer: bigint;
let domain: bigint;
let owner: CustomerScope;
let administrator: CustomerScope;
let passwordHash: string;
let count = 0;

beforeAll(async () => {
  test = await createTestDatabase();
  database = openDatabase(test.url, 6);
  passwordHash = await hashPassword('Lärchenladen im Tal');
  customer = (
    await database.customer.create({ data: { name: 'Lärche', maxMailboxes: 10_000, maxStorageBytes: 2 ** 50, maxAppPasswords: 10_000 } })
  ).id;
  const keys = { verificationToken: 't', dkimSelector: 'p1', dkimPrivateKey: 'x', dkimPublicKey: 'x' };
  domain = (await database.domain.create({ data: { customerId: customer, name: 'laerche.at', verifiedAt: new Date(), ...keys } })).id;
  const scope = (role: 'owner' | 'administrator') =>
    mintCustomerScope({ customerId: customerId(customer), role, actor: 'system', remote: null });
  owner = scope('owner');
  administrator = scope('administrator');
});
afterAll(async () => {
  await database.$disconnect();
  await test.drop();
});

/** A mailbox, of somebody who has the panel where `role` says so. */
async function mailbox(role?: 'owner' | 'administrator'): Promise<number> {
  const localPart = `max${++count}`;
  const address = `${localPart}@laerche.at`;
  const data = { customerId: customer, domainId: domain, localPart, address, passwordHash, quotaBytes: gigabyte };
  const { id } = await database.mailbox.create({ data });
  await database.address.create({ data: { domainId: domain, address, mailboxId: id, isPrimary: true } });
  if (role) await database.user.create({ data: { customerId: customer, email: address, name: '', role, mailboxId: id } });
  return Number(id);
}

type Change = (database: Database, id: number) => Promise<{ ok: boolean; code?: string }>;

const changes: Record<string, Change> = {
  suspend: (at, id) => suspendMailbox(at, administrator, id, true),
  resume: (at, id) => suspendMailbox(at, administrator, id, false),
  delete: (at, id) => deleteMailbox(at, administrator, id),
  restore: (at, id) => restoreMailbox(at, administrator, id),
  purge: (at, id) => purgeMailbox(at, administrator, id),
  password: (at, id) => setMailboxPassword(at, administrator, id, 'Zirbenstube am Berg'),
  quota: (at, id) => saveMailboxDetails(at, administrator, id, { name: '', quotaBytes: 2 * gigabyte }),
  device: (at, id) => createAppPassword(at, administrator, id, 'Telefon'),
  'an owner': (at, id) => setRole(at, owner, id, 'owner'),
  'no panel': (at, id) => setRole(at, owner, id, 'none'),
};

const begins = { active: {}, suspended: { status: 'suspended' }, deleted: { status: 'deleted', purgeAfter: new Date(4e12) } } as const;

async function outcome(id: number, results: { ok: boolean; code?: string }[]) {
  const {
    status,
    purgeAfter,
    quotaBytes,
    name,
    passwordHash: hash,
    user,
    appPasswords,
  } = await database.mailbox.findUniqueOrThrow({
    where: { id },
    include: { user: true, appPasswords: true },
  });
  const time = purgeAfter === null ? 'none' : purgeAfter.getTime() > Date.now() ? 'later' : 'now';
  const state = [status, time, Number(quotaBytes) / gigabyte, name, hash === passwordHash, user?.role ?? 'none', appPasswords.length];
  return JSON.stringify([...state, ...results.map(({ ok, code }) => (ok ? 'done' : code))]);
}

/** What may come out: the first, then the second; or the other way round. */
async function oneAfterTheOther(make: () => Promise<number>, first: Change, second: Change): Promise<string[]> {
  const [id, other] = [await make(), await make()];
  const forwards = [await first(database, id), await second(database, id)];
  const backwards = [await second(database, other), await first(database, other)].toReversed();
  return [await outcome(id, forwards), await outcome(other, backwards)];
}

describe('two changes of a mailbox at once end as if one had come after the other', () => {
  const cells: { begin: keyof typeof begins; first: string; stop: Stop }[] = [
    ...Object.keys(changes).map((first) => ({ begin: 'active' as const, first, stop: 'write' as const })),
    ...['restore', 'purge'].map((first) => ({ begin: 'deleted' as const, first, stop: 'write' as const })),
    { begin: 'suspended', first: 'resume', stop: 'write' },
    // hashed before the transaction
    { begin: 'active', first: 'password', stop: 'begin' },
  ];
  it.each(cells)('$begin: $first, stopped before its $stop', async ({ begin, first, stop }) => {
    const make = async () => {
      const id = await mailbox();
      await database.mailbox.update({ where: { id }, data: begins[begin] });
      return id;
    };
    const wrong: string[] = [];
    for (const [name, second] of Object.entries(changes)) {
      const one = changes[first] as Change;
      const id = await make();
      const results = await atOnce(
        database,
        stop,
        (at) => one(at, id),
        (at) => second(at, id),
      ).catch((error: unknown) => {
        // it is refused before it comes so far
        if (String(error).includes('ended before it stopped')) return null;
        throw error;
      });
      if (!results) continue;
      const is = await outcome(id, results);
      const right = await oneAfterTheOther(make, one, second);
      if (!right.includes(is)) wrong.push(`${name}: ${is}, not ${right.join(' or ')}`);
    }
    expect(wrong).toEqual([]);
  });
});

it('a mailbox whose time is over by the clock of the database is not brought back, whatever that of the web says', async () => {
  const id = await mailbox();
  await database.mailbox.update({ where: { id }, data: { status: 'deleted', purgeAfter: new Date(Date.now() - 1_000) } });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
  try {
    expect(await restoreMailbox(database, administrator, id)).toEqual({ ok: false, code: 'UnknownMailbox' });
  } finally {
    vi.useRealTimers();
  }
});

describe('people who act on each other at the same moment', () => {
  const shutOut: Record<string, (database: Database, scope: CustomerScope, id: number) => Promise<{ ok: boolean }>> = {
    'take the role of': (at, scope, id) => setRole(at, scope, id, 'none'),
    delete: (at, scope, id) => deleteMailbox(at, scope, id),
    suspend: (at, scope, id) => suspendMailbox(at, scope, id, true),
  };
  const pairs = Object.keys(shutOut).flatMap((first) => Object.keys(shutOut).map((second) => ({ first, second })));
  it.each(pairs)('are not both shut out: $first the other, $second the one', async ({ first, second }) => {
    const [here, there] = [await mailbox('owner'), await mailbox('owner')];
    const as = async (id: number) => {
      const user = await database.user.findUniqueOrThrow({ where: { mailboxId: id } });
      return mintCustomerScope({ customerId: customerId(customer), role: 'owner', actor: `user:${Number(user.id)}`, remote: null });
    };
    const [one, other] = [await as(here), await as(there)];
    const results = await atOnce(
      database,
      'write',
      (at) => (shutOut[first] as (typeof shutOut)[string])(at, one, there),
      (at) => (shutOut[second] as (typeof shutOut)[string])(at, other, here),
    );
    expect(results).toEqual([expect.objectContaining({ ok: true }), { ok: false, code: 'OwnersOnly' }]);
  });
});

describe('the password of somebody who is given a mailbox at the same moment', () => {
  it.each(['begin', 'write'] as const)('is the new one (stopped before its %s)', async (stop) => {
    const email = `gruber${++count}@laerche.at`;
    const data = { customerId: customer, email, name: '', role: 'owner', passwordHash } as const;
    const { id } = await database.user.create({ data });
    const own = mintPersonScope({ customerId: customerId(customer), userId: Number(id), actor: 'system', remote: null });
    const localPart = email.slice(0, email.indexOf('@'));
    const input = { localPart, domain: 'laerche.at', password: null, quotaBytes: gigabyte, name: '', locale: 'de' };
    const results = await atOnce(
      database,
      stop,
      (at) => setPersonPassword(at, own, Number(id), 'Zirbenstube am Berg'),
      (at) => createMailbox(at, owner, input),
    );
    expect(results).toMatchObject([{ ok: true }, { ok: true, value: { keepsPersonsPassword: true } }]);
    const person = await database.user.findUniqueOrThrow({ where: { id }, include: { mailbox: true } });
    expect(person.passwordHash).toBeNull();
    expect(await verifyPassword('Zirbenstube am Berg', person.mailbox?.passwordHash ?? '')).toBe(true);
  });
});

it.each(['begin', 'write'] as const)(
  'whoever loses the panel while they give themselves a new password signs in to it with neither (stopped before its %s)',
  async (stop) => {
    const id = await mailbox('administrator');
    const user = await database.user.findUniqueOrThrow({ where: { mailboxId: id } });
    const own = mintPersonScope({ customerId: customerId(customer), userId: Number(user.id), actor: 'system', remote: null });
    await atOnce(
      database,
      stop,
      (at) => setPersonPassword(at, own, Number(user.id), 'Zirbenstube am Berg'),
      (at) => setRole(at, owner, id, 'none'),
    );
    expect(await database.user.findUniqueOrThrow({ where: { id: user.id } })).toMatchObject({ mailboxId: null, passwordHash: null });
  },
);

it('a domain that gives way while a mailbox of it gets a new password waits for that, and neither fails', async () => {
  const keys = { verificationToken: 't', dkimSelector: 'p1', dkimPrivateKey: 'x', dkimPublicKey: 'x' };
  const { id: given } = await database.domain.create({ data: { customerId: customer, name: 'zirbe.at', ...keys } });
  const id = await mailbox('administrator');
  const address = `max${count}@zirbe.at`;
  await database.mailbox.update({ where: { id }, data: { domainId: given, address } });
  await database.address.updateMany({ where: { mailboxId: id }, data: { domainId: given, address } });
  await database.user.updateMany({ where: { mailboxId: id }, data: { email: address } });
  const [password] = await atOnce(
    database,
    'write',
    (at) => setMailboxPassword(at, owner, id, 'Zirbenstube am Berg'),
    (at) => at.$queryRaw`select domain_gives_way(${given}, 'test')`,
  );
  expect(password).toMatchObject({ ok: true });
  expect((await database.mailbox.findUniqueOrThrow({ where: { id } })).address).toBe(`max${count}@d${given}.invalid`);
});
