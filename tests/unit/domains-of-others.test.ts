import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DomainName } from '#lib/addresses/domain-name.ts';
import { checkSignIn } from '#lib/auth/check-sign-in.ts';
import { askedAtSignUp } from '#lib/auth/sign-up-limit.ts';
import { webThrottle } from '#lib/auth/web-throttle.ts';
import { mintCustomerScope, mintOperatorScope, type CustomerScope } from '#lib/auth/customer-scope.ts';
import { openDatabase, type Database } from '#lib/db/prisma.ts';
import { createLookup } from '#lib/dns/lookup.ts';
import { addAlias } from '#lib/provisioning/addresses/add-alias.ts';
import { answerDomainRequest } from '#lib/provisioning/domains/answer-domain-request.ts';
import { askForDomain } from '#lib/provisioning/domains/ask-for-domain.ts';
import { listDomainRequests } from '#lib/provisioning/domains/domain-requests.ts';
import { addDomain, ownershipToken, type Surroundings } from '#lib/provisioning/domains/add-domain.ts';
import { checkDomain } from '#lib/provisioning/domains/check-domain.ts';
import { createAppPassword } from '#lib/provisioning/mailboxes/create-app-password.ts';
import { createCustomer, signUp as openAsStranger } from '#lib/provisioning/customers/create-customer.ts';
import { createMailbox } from '#lib/provisioning/mailboxes/create-mailbox.ts';
import { readMailbox } from '#lib/provisioning/mailboxes/list-mailboxes.ts';
import { removeDomain } from '#lib/provisioning/domains/remove-domain.ts';
import { setCustomerLimits, type GivenLimits } from '#lib/provisioning/customers/set-customer-limits.ts';
import { saveMailboxDetails } from '#lib/provisioning/mailboxes/save-mailbox-details.ts';
import { setRole } from '#lib/provisioning/customers/set-role.ts';
import { tellOfExpiry } from '#mail-server/housekeeping/tell-of-expiry.ts';
import { expireUnprovedDomain } from '#mail-server/store/unproved-domains.ts';
import { startDnsServer, type DnsServer, type DnsZone } from '#tests/support/dns-server.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestProcess, type TestProcess } from '#tests/support/store.ts';

const zone: DnsZone = {};
let surroundings: Surroundings;
let nameServer: DnsServer;
let test: TestDatabase;
let database: Database;
let opened: TestProcess;
let count = 0;
const password = 'Lärchenladen im Tal';
const gigabyte = 2 ** 30;
const operator = mintOperatorScope({ actor: 'system', remote: null });
const host = {
  host: 'mail.postamt.example',
  webHost: 'post.example',
  ports: { imaps: 993, pop3s: 995, submissions: 465, sieve: 4190 },
  stsMode: 'testing' as const,
  dkimZone: null,
};

beforeAll(async () => {
  test = await createTestDatabase();
  database = openDatabase(test.url, 4);
  opened = openTestProcess(test.url);
  nameServer = await startDnsServer(zone);
  surroundings = {
    secret: 'a secret of this test',
    ownHosts: ['mail.postamt.example'],
    lookup: createLookup([nameServer.address]),
    dkimZone: null,
  };
});
afterAll(async () => {
  await opened.close();
  await nameServer.close();
  await database.$disconnect();
  await test.drop();
});

const value = <T>(result: { ok: true; value: T } | { ok: false; code: string }): T => {
  if (!result.ok) throw new Error(result.code);
  return result.value;
};

async function newCustomer(): Promise<CustomerScope> {
  count += 1;
  const email = `inhaber${count}@elsewhere.example`;
  const { customerId } = value(await createCustomer(database, { name: `K${count}`, email, password, locale: 'de', remote: null }));
  return mintCustomerScope({ customerId, role: 'owner', actor: 'system', remote: null });
}
const add = (scope: CustomerScope, name: string) => addDomain(database, scope, name, surroundings);
const signUp = (email: string) =>
  createCustomer(database, { name: 'X', email, password, locale: 'de', remote: null, ownHosts: surroundings.ownHosts });
const box = (domain: string, localPart: string, quotaBytes = gigabyte) => ({
  domain,
  localPart,
  password: null,
  quotaBytes,
  name: '',
  locale: 'de',
});
const setProof = (scope: CustomerScope, name: string) => {
  const token = ownershipToken(surroundings.secret, scope.customerId, name as DomainName);
  zone[`_postamt.${name}`] = { TXT: [`postamt-verification=${token}`] };
};

/** A customer with a proved domain. */
async function ownerOf(name: string): Promise<CustomerScope> {
  const scope = await newCustomer();
  value(await add(scope, name));
  setProof(scope, name);
  value(await checkDomain(database, scope, name as DomainName, { host, lookup: createLookup([nameServer.address]) }));
  expect((await database.domain.findUniqueOrThrow({ where: { name } })).verifiedAt).not.toBeNull();
  return scope;
}

describe('a name below a proved domain', () => {
  it('is another customer’s only with the record at that very name', async () => {
    await ownerOf('echt1.at');
    const stranger = await newCustomer();
    for (const name of ['personal.echt1.at', 'a.b.echt1.at', 'PERSONAL.Echt1.AT.']) {
      expect(await add(stranger, name)).toEqual({ ok: false, code: 'ProofNeeded' });
    }
    setProof(stranger, 'echt1.at');
    expect(await add(stranger, 'personal.echt1.at')).toEqual({ ok: false, code: 'ProofNeeded' });
    setProof(stranger, 'personal.echt1.at');
    value(await add(stranger, 'personal.echt1.at'));
    expect((await database.domain.findUniqueOrThrow({ where: { name: 'personal.echt1.at' } })).verifiedAt).not.toBeNull();
  });

  it('is proved with it for its owner', async () => {
    const owner = await ownerOf('echt2.at');
    value(await add(owner, 'post.echt2.at'));
    expect((await database.domain.findUniqueOrThrow({ where: { name: 'post.echt2.at' } })).verifiedAt).not.toBeNull();
  });

  it('that somebody entered before gives way at the proof, with its letters kept', async () => {
    const stranger = await newCustomer();
    value(await add(stranger, 'personal.echt3.at'));
    const { id } = value(await createMailbox(database, stranger, box('personal.echt3.at', 'bewerbung')));
    await ownerOf('echt3.at');
    expect(await database.domain.findUnique({ where: { name: 'personal.echt3.at' } })).toBeNull();
    expect((await readMailbox(database, stranger, id))?.address).toMatch(/^bewerbung@d\d+\.invalid$/);
  });
});

describe('a name below a proved domain, in the panel', () => {
  const asked = async (owner: CustomerScope) => (await listDomainRequests(database, owner)).incoming;
  const state = async (scope: CustomerScope) => (await listDomainRequests(database, scope)).own.map(({ name, agreed }) => [name, agreed]);
  /** A question that was put to the owner, and its number. */
  const ask = async (stranger: CustomerScope, owner: CustomerScope, name: string): Promise<number> => {
    value(await askForDomain(database, stranger, name));
    return (await asked(owner)).find((request) => request.name === name)?.id ?? expect.fail(name);
  };

  it('goes to who asked, once its owner agrees, and without any record', async () => {
    const [owner, stranger] = [await ownerOf('frage1.at'), await newCustomer()];
    const id = await ask(stranger, owner, 'team.frage1.at');
    expect(await asked(owner)).toMatchObject([{ name: 'team.frage1.at', parent: 'frage1.at', customer: `K${count}` }]);
    expect(await add(stranger, 'team.frage1.at')).toEqual({ ok: false, code: 'ProofNeeded' });
    value(await answerDomainRequest(database, owner, id, true));
    expect(await state(stranger)).toEqual([['team.frage1.at', true]]);
    // for this name and this customer
    expect(await add(stranger, 'andere.frage1.at')).toEqual({ ok: false, code: 'ProofNeeded' });
    expect(await add(stranger, 'b.team.frage1.at')).toEqual({ ok: false, code: 'ProofNeeded' });
    expect(await add(await newCustomer(), 'team.frage1.at')).toEqual({ ok: false, code: 'ProofNeeded' });
    value(await add(stranger, 'team.frage1.at'));
    const domain = await database.domain.findUniqueOrThrow({ where: { name: 'team.frage1.at' } });
    expect([domain.verifiedAt !== null, Number(domain.customerId)]).toEqual([true, stranger.customerId]);
    // one time: who gives it back asks again
    value(await removeDomain(database, stranger, 'team.frage1.at' as DomainName));
    expect(await add(stranger, 'team.frage1.at')).toEqual({ ok: false, code: 'ProofNeeded' });
  });

  it('stays its owner’s when he refuses, who is not asked again for a month', async () => {
    const [owner, stranger] = [await ownerOf('frage2.at'), await newCustomer()];
    const id = await ask(stranger, owner, 'x.frage2.at');
    expect(await askForDomain(database, stranger, 'X.frage2.at')).toEqual({ ok: false, code: 'AskedAlready' });
    value(await answerDomainRequest(database, owner, id, false));
    expect(await state(stranger)).toEqual([['x.frage2.at', false]]);
    expect(await add(stranger, 'x.frage2.at')).toEqual({ ok: false, code: 'ProofNeeded' });
    expect(await askForDomain(database, stranger, 'x.frage2.at')).toEqual({ ok: false, code: 'AskedAlready' });
    await database.domainRequest.updateMany({ where: { id }, data: { askedAt: new Date(Date.now() - 31 * 86_400_000) } });
    expect(await ask(stranger, owner, 'x.frage2.at')).toBe(id);
  });

  it('is given by nobody but its owner: not by a stranger, not after the domain above was his, not twice', async () => {
    const [owner, stranger, third] = [await ownerOf('frage3.at'), await newCustomer(), await newCustomer()];
    const id = await ask(stranger, owner, 'x.frage3.at');
    for (const scope of [third, stranger])
      expect(await answerDomainRequest(database, scope, id, true)).toEqual({ ok: false, code: 'UnknownRequest' });
    value(await answerDomainRequest(database, owner, id, true));
    expect(await answerDomainRequest(database, owner, id, false)).toEqual({ ok: false, code: 'UnknownRequest' });
    // the domain is given up and proved by another: what its former owner allowed counts no longer
    value(await removeDomain(database, owner, 'frage3.at' as DomainName));
    setProof(third, 'frage3.at');
    value(await add(third, 'frage3.at'));
    expect(await add(stranger, 'x.frage3.at')).toEqual({ ok: false, code: 'ProofNeeded' });
    expect(await asked(owner)).toEqual([]);
    value(await askForDomain(database, stranger, 'x.frage3.at'));
    expect(await asked(third)).toHaveLength(1);
  });

  it('is asked for only where there is somebody to ask, and not without end', async () => {
    const [owner, stranger] = [await ownerOf('frage4.at'), await newCustomer()];
    for (const name of ['frage4.at', 'x.niemand4.at']) {
      expect(await askForDomain(database, stranger, name)).toEqual({ ok: false, code: 'NobodyToAsk' });
    }
    expect(await askForDomain(database, owner, 'x.frage4.at')).toEqual({ ok: false, code: 'NobodyToAsk' });
    expect(await askForDomain(database, stranger, '-')).toEqual({ ok: false, code: 'InvalidDomain' });
    for (const index of [1, 2, 3, 4, 5]) value(await askForDomain(database, stranger, `x${index}.frage4.at`));
    expect(await askForDomain(database, stranger, 'x6.frage4.at')).toEqual({ ok: false, code: 'TooManyUnproved' });
  });

  it('that its owner had himself, or a third one merely entered, is given all the same', async () => {
    const third = await newCustomer();
    value(await add(third, 'x.frage5.at'));
    const { id: mailbox } = value(await createMailbox(database, third, box('x.frage5.at', 'a')));
    const [owner, stranger] = [await ownerOf('frage5.at'), await newCustomer()];
    expect((await readMailbox(database, third, mailbox))?.address).toMatch(/\.invalid$/);
    value(await add(owner, 'x.frage5.at'));
    value(await removeDomain(database, owner, 'x.frage5.at' as DomainName));
    value(await answerDomainRequest(database, owner, await ask(stranger, owner, 'x.frage5.at'), true));
    value(await add(stranger, 'x.frage5.at'));
  });

  it('that somebody proved by the record meanwhile is not the owner’s to give', async () => {
    const [owner, stranger, prover] = [await ownerOf('frage6.at'), await newCustomer(), await newCustomer()];
    const id = await ask(stranger, owner, 'x.frage6.at');
    setProof(prover, 'x.frage6.at');
    value(await add(prover, 'x.frage6.at'));
    expect(await answerDomainRequest(database, owner, id, true)).toEqual({ ok: false, code: 'UnknownRequest' });
    expect(await add(stranger, 'x.frage6.at')).toEqual({ ok: false, code: 'TakenByOther' });
  });
});

describe('signing up', () => {
  it('with an address of somebody’s proved domain, below it, or of the installation is not possible', async () => {
    const owner = await ownerOf('echt4.at');
    value(await createMailbox(database, owner, box('echt4.at', 'chefin')));
    for (const address of ['neu@echt4.at', 'NEU@Echt4.AT', 'x@unter.echt4.at', 'chefin@echt4.at', 'operator@mail.postamt.example']) {
      expect(await signUp(address)).toEqual({ ok: false, code: 'AddressTaken' });
    }
    value(await signUp('neu@nicht-echt4.at'));
    expect(await signUp('neu@nicht-echt4.at')).toEqual({ ok: false, code: 'AddressTaken' });
  });

  it('twice with one address at the same time makes one account', async () => {
    const results = await Promise.all([1, 2, 3].map(() => signUp('zugleich@elsewhere.example')));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('before the domain was proved keeps nobody of it from a mailbox or a role', async () => {
    value(await signUp('neu@echt5.at'));
    const owner = await ownerOf('echt5.at');
    const made = value(await createMailbox(database, owner, { ...box('echt5.at', 'neu'), password: 'das richtige Postfach' }));
    value(await setRole(database, owner, made.id, 'administrator'));
    const signIn = (typed: string) =>
      checkSignIn(
        database,
        { address: 'neu@echt5.at', password: typed, remoteAddress: '192.0.2.9' },
        { failures: 9, waitS: 9, secret: surroundings.secret },
      );
    expect(await signIn('das richtige Postfach')).toMatchObject({ ok: true, identity: { role: 'administrator', mailboxId: made.id } });
    expect(await signIn(password)).toMatchObject({ ok: true, identity: { role: 'owner', mailboxId: null } });
  });
});

it.each(['muѕter.at', 'xn--muter-4nf.at', 'аррӏе.com', 'gооgle.com'])('the look-alike %s needs proof first', async (name) => {
  expect(await add(await newCustomer(), name)).toMatchObject({ ok: false });
});

describe('asking at sign-up who is here', () => {
  it('is refused to the network that asked too often, and to no other', async () => {
    const throttle = webThrottle(database, { failures: 3, waitS: 900, secret: surroundings.secret });
    const network = (number: number) => askedAtSignUp(`203.0.${number}.7`);
    // twenty networks, as often as each may
    for (let number = 1; number <= 20; number++) for (let time = 0; time < 3; time++) await throttle.fail(network(number));
    expect((await throttle.check(network(1))).waitS).toBeGreaterThan(0);
    expect((await throttle.check(network(99))).waitS).toBe(0);
  });

  it('nor does what is no address, typed at sign-in in many places, keep anybody from being told that it is wrong', async () => {
    const limits = { failures: 1, waitS: 900, secret: surroundings.secret };
    const from = (number: number) => checkSignIn(database, { address: 'gruber', password, remoteAddress: `203.1.${number}.7` }, limits);
    for (let number = 1; number <= 20; number++) expect(await from(number)).toEqual({ ok: false, failure: 'TooManyAttempts' });
    expect(await checkSignIn(database, { address: 'max', password, remoteAddress: '203.2.0.7' }, { ...limits, failures: 3 })).toEqual({
      ok: false,
      failure: 'InvalidCredentials',
    });
  });
});

describe('signing up side by side', () => {
  it('opens as many accounts of a network within the hour as one after the other would', async () => {
    const remote = '198.51.100.7';
    const results = await Promise.all(
      Array.from({ length: 14 }, (_, number) =>
        openAsStranger(database, { name: 'X', email: `viele${number}@elsewhere.example`, password, locale: 'de', remote }),
      ),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(10);
    expect(results.filter(({ ok }) => !ok)).toEqual(Array(4).fill({ ok: false, code: 'TooManyAttempts' }));
  });
});

describe('an entry that nobody proves', () => {
  const transaction = <T>(body: Parameters<typeof opened.database.transaction<T>>[0]) => opened.database.transaction(body);
  const tell = async () => {
    while (await transaction((query) => tellOfExpiry(query, 14, 'mail.postamt.example')));
  };
  const expire = async () => {
    while (await transaction((query) => expireUnprovedDomain(query, 14)));
  };
  const age = (name: string, days: number) =>
    database.$executeRaw`update domain set unproved_since = now() - make_interval(days => ${days}::int) where name = ${name}`;

  it('is told of after a week and goes a week later, never untold; what is proved stays', async () => {
    const scope = await newCustomer();
    value(await add(scope, 'unbewiesen.at'));
    const { id } = value(await createMailbox(database, scope, box('unbewiesen.at', 'chefin')));
    value(await setRole(database, scope, id, 'owner'));
    await ownerOf('bewiesen.at');
    await age('bewiesen.at', 100);
    await age('unbewiesen.at', 6);
    await tell();
    expect(await database.queueRecipient.count({ where: { address: 'chefin@unbewiesen.at' } })).toBe(0);
    await age('unbewiesen.at', 100);
    await expire();
    expect(await database.domain.findUnique({ where: { name: 'unbewiesen.at' } })).not.toBeNull();
    await tell();
    await tell();
    const [letter] = await database.queueMessage.findMany({
      where: { recipients: { some: { address: 'chefin@unbewiesen.at' } } },
    });
    expect(Buffer.from(letter?.content ?? []).toString()).toContain('unbewiesen.at');
    expect(await database.queueRecipient.count({ where: { address: 'chefin@unbewiesen.at' } })).toBe(1);
    await expire();
    expect(await database.domain.findUnique({ where: { name: 'unbewiesen.at' } })).not.toBeNull();
    await database.$executeRaw`update domain set expiry_notice_at = now() - interval '8 days' where name = 'unbewiesen.at'`;
    await expire();
    expect(await database.domain.findUnique({ where: { name: 'unbewiesen.at' } })).toBeNull();
    expect((await readMailbox(database, scope, id))?.address).toMatch(/^chefin@d\d+\.invalid$/);
    expect(await database.domain.findUnique({ where: { name: 'bewiesen.at' } })).not.toBeNull();
  });
});

describe('a customer’s limits', () => {
  const limit = (scope: CustomerScope, given: Partial<GivenLimits>) =>
    setCustomerLimits(database, operator, Number(scope.customerId), {
      ...{ domains: null, mailboxes: null, storageBytes: null, aliases: null, appPasswords: null, messagesPerHour: null },
      ...given,
    });

  it('hold without anybody having set them: five domains wait for their proof, and no terabyte is promised', async () => {
    const scope = await newCustomer();
    const names = Array.from({ length: 8 }, (_, at) => `viele${at}x${count}.at`);
    const results = await Promise.all(names.map((name) => add(scope, name)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(5);
    expect(results.filter((result) => !result.ok && result.code === 'TooManyUnproved')).toHaveLength(3);
    const [first] = results.flatMap((result) => (result.ok ? [result.value] : []));
    expect(await createMailbox(database, scope, box(first ?? '', 'gross', 1024 * gigabyte))).toEqual({ ok: false, code: 'StorageLimit' });
  });

  it('are set by the operator for one of them, for each thing, also against requests at the same time', async () => {
    const scope = await newCustomer();
    const name = `grenzen${count}.at`;
    value(await add(scope, name));
    expect(await limit(scope, { mailboxes: -1 })).toEqual({ ok: false, code: 'InvalidLimit' });
    expect(await limit(scope, { mailboxes: Number.NaN })).toEqual({ ok: false, code: 'InvalidLimit' });
    value(await limit(scope, { domains: 1, mailboxes: 2, storageBytes: 3 * gigabyte, aliases: 1, appPasswords: 1 }));
    expect(await add(scope, `grenzen${count}b.at`)).toEqual({ ok: false, code: 'TooManyDomains' });
    const made = await Promise.all(['a', 'b', 'c', 'd'].map((local) => createMailbox(database, scope, box(name, local))));
    const ids = made.flatMap((result) => (result.ok ? [result.value.id] : []));
    expect(ids).toHaveLength(2);
    expect(made.find(({ ok }) => !ok)).toMatchObject({ code: 'TooManyMailboxes' });
    const [one = 0, two = 0] = ids;
    expect(await saveMailboxDetails(database, scope, one, { name: '', quotaBytes: 3 * gigabyte })).toEqual({
      ok: false,
      code: 'StorageLimit',
    });
    value(await saveMailboxDetails(database, scope, one, { name: '', quotaBytes: 2 * gigabyte }));
    expect(await saveMailboxDetails(database, scope, two, { name: '', quotaBytes: 2 * gigabyte })).toEqual({
      ok: false,
      code: 'StorageLimit',
    });
    const aliases = await Promise.all([one, two].map((id, at) => addAlias(database, scope, id, { localPart: `x${at}`, domain: name })));
    expect(aliases.filter(({ ok }) => ok)).toHaveLength(1);
    expect(aliases.find(({ ok }) => !ok)).toMatchObject({ code: 'TooManyAliases' });
    const passwords = await Promise.all([one, two].map((id) => createAppPassword(database, scope, id, 'Telefon')));
    expect(passwords.find(({ ok }) => !ok)).toMatchObject({ code: 'TooManyAppPasswords' });
    const other = await newCustomer();
    value(await add(other, `grenzen${count}c.at`));
  });

  it('take nothing away that is there', async () => {
    const scope = await newCustomer();
    const name = `bleibt${count}.at`;
    value(await add(scope, name));
    const { id } = value(await createMailbox(database, scope, box(name, 'a', 5 * gigabyte)));
    value(await limit(scope, { domains: 0, mailboxes: 0, storageBytes: 0 }));
    value(await saveMailboxDetails(database, scope, id, { name: '', quotaBytes: 4 * gigabyte }));
    expect(await readMailbox(database, scope, id)).toMatchObject({ status: 'active', quotaBytes: 4 * gigabyte });
  });
});
