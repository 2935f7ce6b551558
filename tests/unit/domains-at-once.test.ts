import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DomainName } from '#lib/addresses/domain-name.ts';
import { mintCustomerScope, type CustomerScope } from '#lib/auth/customer-scope.ts';
import { customerId } from '#lib/db/ids.ts';
import { openDatabase, type Database } from '#lib/db/prisma.ts';
import { ownershipName, ownershipValue } from '#lib/dns/expected-records.ts';
import type { Lookup } from '#lib/dns/lookup.ts';
import { addAlias } from '#lib/provisioning/addresses/add-alias.ts';
import { leaveGroup } from '#lib/provisioning/addresses/leave-group.ts';
import { removeAddress } from '#lib/provisioning/addresses/remove-address.ts';
import { setForward } from '#lib/provisioning/addresses/set-forward.ts';
import { setGroup } from '#lib/provisioning/addresses/set-group.ts';
import { addDomain, ownershipToken } from '#lib/provisioning/domains/add-domain.ts';
import { checkDomain } from '#lib/provisioning/domains/check-domain.ts';
import { removeDomain } from '#lib/provisioning/domains/remove-domain.ts';
import { setDomainAlias } from '#lib/provisioning/domains/set-domain-alias.ts';
import { createMailbox } from '#lib/provisioning/mailboxes/create-mailbox.ts';
import { atOnce, type Stop } from '#tests/support/at-once.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';

const secret = 'a secret that only this test knows, long enough';
const host = {
  host: 'mail.postamt.example',
  webHost: 'post.example',
  ports: { imaps: 993, pop3s: 995, submissions: 465, sieve: 4190 },
  stsMode: 'testing' as const,
  dkimZone: null,
};
let test: TestDatabase;
let database: Database;
let mine: CustomerScope;
let theirs: CustomerScope;
let count = 0;

beforeAll(async () => {
  test = await createTestDatabase();
  database = openDatabase(test.url, 6);
  mine = await customer();
  theirs = await customer();
});
afterAll(async () => {
  await database.$disconnect();
  await test.drop();
});

async function customer(): Promise<CustomerScope> {
  const data = { name: `Kunde ${++count}`, maxDomains: 10_000, maxMailboxes: 10_000, maxStorageBytes: 2 ** 50 };
  const { id } = await database.customer.create({ data });
  return mintCustomerScope({ customerId: customerId(id), role: 'owner', actor: 'system', remote: null });
}

/** A name server that shows the record of one customer, or none. */
function shows(scope: CustomerScope | null, name: string): Lookup {
  const none = async () => ({ kind: 'none' as const });
  return {
    mx: none,
    srv: none,
    cname: none,
    txt: async (asked) =>
      scope && asked === ownershipName(name as DomainName)
        ? { kind: 'found', values: [ownershipValue(ownershipToken(secret, scope.customerId, name as DomainName))] }
        : { kind: 'none' },
  };
}
const add = (at: Database, scope: CustomerScope, name: string, proof: CustomerScope | null = null) =>
  addDomain(at, scope, name, { secret, ownHosts: [host.host], lookup: shows(proof, name), dkimZone: null });

/** An entry that nobody proved. Its keys are no keys, since making them takes long. */
async function entry(scope: CustomerScope, name: string): Promise<bigint> {
  const keys = { dkimSelector: 'pa1', dkimPrivateKey: 'x', dkimPublicKey: 'x', dkimSeenAt: null };
  const verificationToken = ownershipToken(secret, scope.customerId, name as DomainName);
  return (await database.domain.create({ data: { customerId: scope.customerId, name, verificationToken, ...keys } })).id;
}

const box = (domain: string, localPart: string) => ({
  domain,
  localPart,
  password: 'Zirbenstube am Berg',
  quotaBytes: 2 ** 30,
  name: '',
  locale: 'de',
});

interface Place {
  name: string;
  /** the same customer's, with a mailbox */
  other: string;
  mailbox: number;
}

async function place(): Promise<Place> {
  const [name, other] = [`a${++count}.at`, `b${count}.at`];
  await entry(mine, name);
  await entry(mine, other);
  const made = await createMailbox(database, mine, box(other, 'max'));
  if (!made.ok) throw new Error(made.code);
  return { name, other, mailbox: made.value.id };
}

type Change = (database: Database, at: Place) => Promise<{ ok: boolean; code?: string }>;
const changes: Record<string, Change> = {
  mailbox: (at, { name }) => createMailbox(at, mine, box(name, 'eva')),
  alias: (at, { name, mailbox }) => addAlias(at, mine, mailbox, { domain: name, localPart: 'eva' }),
  forward: (at, { name, other }) => setForward(at, mine, { domain: name, localPart: 'eva', targets: [`max@${other}`], mustBeNew: true }),
  'is removed': (at, { name }) => removeDomain(at, mine, name as DomainName),
  'stands for another': (at, { name, other }) => setDomainAlias(at, mine, name, other),
  'has another stand for it': (at, { name, other }) => setDomainAlias(at, mine, other, name),
  'is looked up': (at, { name }) => checkDomain(at, mine, name as DomainName, { host, lookup: shows(mine, name) }),
  'is proved by another': async (at, { name }) => {
    const added = await add(at, theirs, name, theirs);
    // what nobody else had entered is not looked up when it is added
    if (added.ok) await checkDomain(database, theirs, added.value, { host, lookup: shows(theirs, name) });
    return added;
  },
};

/** Everything that is there of it, with names and numbers that are the same each time. */
async function outcome({ name, other }: Place, results: { ok: boolean; code?: string }[]): Promise<string> {
  const domains = await database.domain.findMany({
    where: { OR: [{ name: { in: [name, other] } }, { displacedFrom: { in: [name, other] } }] },
    include: { mailboxes: { orderBy: { localPart: 'asc' } }, addresses: { orderBy: { address: 'asc' } }, aliasOfDomain: true },
    orderBy: { displacedFrom: 'asc' },
  });
  const seen = domains.map(({ name: is, customerId: whose, verifiedAt, mailboxes, addresses, aliasOfDomain }) =>
    [
      is,
      whose === BigInt(mine.customerId) ? 'mine' : 'theirs',
      verifiedAt ? 'proved' : 'entered',
      ...mailboxes.map(({ address }) => `box ${address}`),
      ...addresses.map(({ address, kind }) => `${kind} ${address}`),
      aliasOfDomain ? `is ${aliasOfDomain.name}` : '',
    ].join(' '),
  );
  const text = [...seen.toSorted(), ...results.map(({ ok, code }) => (ok ? 'done' : code))].join(' | ');
  return text
    .replaceAll(name, 'A')
    .replaceAll(other, 'B')
    .replaceAll(/d\d+\.invalid/g, 'C');
}

async function oneAfterTheOther(first: Change, second: Change): Promise<string[]> {
  const [here, there] = [await place(), await place()];
  const forwards = [await first(database, here), await second(database, here)];
  const backwards = [await second(database, there), await first(database, there)].toReversed();
  return [await outcome(here, forwards), await outcome(there, backwards)];
}

describe('two changes of a domain at once end as if one had come after the other', () => {
  const looksBefore = ['mailbox', 'is looked up', 'is proved by another'];
  const cells: { first: string; stop: Stop }[] = [
    ...Object.keys(changes).map((first) => ({ first, stop: 'write' as const })),
    ...looksBefore.map((first) => ({ first, stop: 'begin' as const })),
  ];
  it.each(cells)('$first, stopped before its $stop', async ({ first, stop }) => {
    const wrong: string[] = [];
    for (const [name, second] of Object.entries(changes)) {
      const one = changes[first] as Change;
      const here = await place();
      const results = await atOnce(
        database,
        stop,
        (at) => one(at, here),
        (at) => second(at, here),
      ).catch((error: unknown) => {
        if (String(error).includes('ended before it stopped')) return null;
        return [{ ok: false, code: `threw ${String(error).slice(0, 300)}` }];
      });
      if (!results) continue;
      const is = await outcome(here, results);
      const right = await oneAfterTheOther(one, second);
      if (!right.includes(is)) wrong.push(`${name}: ${is}\n  not ${right.join('\n  or ')}`);
    }
    expect(wrong.join('\n')).toBe('');
  });
});

describe('a name that two enter at the same moment', () => {
  it('stays with who was faster: the other one is asked for the record', async () => {
    const name = `c${++count}.at`;
    [mine, theirs] = [await customer(), await customer()];
    const [slow, fast] = await atOnce(
      database,
      'begin',
      (at) => add(at, mine, name),
      (at) => add(at, theirs, name),
    );
    expect([slow, fast]).toEqual([
      { ok: false, code: 'ProofNeeded' },
      { ok: true, value: name },
    ]);
    expect((await database.domain.findUniqueOrThrow({ where: { name } })).customerId).toBe(BigInt(theirs.customerId));
  });

  it('by pressing twice is there once, and the list says so', async () => {
    const name = `c${++count}.at`;
    mine = await customer();
    const results = await atOnce(
      database,
      'begin',
      (at) => add(at, mine, name),
      (at) => add(at, mine, name),
    );
    expect(results).toEqual([
      { ok: false, code: 'AlreadyYours' },
      { ok: true, value: name },
    ]);
  });
});

describe('what is taken away twice at once', () => {
  it('is gone, and an address says so', async () => {
    const here = await place();
    const forward = { domain: here.name, localPart: 'eva', targets: [`max@${here.other}`] };
    expect(await setForward(database, mine, forward)).toMatchObject({ ok: true });
    const remove = (at: Database) => removeAddress(at, mine, `eva@${here.name}`);
    expect(await atOnce(database, 'write', remove, remove)).toEqual([
      { ok: true, value: null },
      { ok: false, code: 'UnknownAddress' },
    ]);
  });

  it('is no mistake of who leaves a group', async () => {
    const here = await place();
    await database.domain.update({ where: { name: here.name }, data: { verifiedAt: new Date() } });
    const group = { domain: here.name, localPart: 'team', name: 'Team', members: ['gast@elsewhere.example'], subjectPrefix: '' };
    expect(await setGroup(database, mine, { ...group, posting: 'anyone', replyTo: 'author' })).toMatchObject({ ok: true });
    const { id } = await database.address.findUniqueOrThrow({ where: { address: `team@${here.name}` } });
    const leave = (at: Database) => leaveGroup(at, { group: Number(id), member: 'gast@elsewhere.example' } as never);
    await atOnce(database, 'write', leave, leave);
    expect(await database.addressTarget.count({ where: { addressId: id } })).toBe(0);
  });
});
