import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DomainName } from '#lib/addresses/domain-name.ts';
import { checkSignIn } from '#lib/auth/check-sign-in.ts';
import type { SignInIdentity } from '#lib/auth/sign-in-identity.ts';
import { beginSession } from '#lib/auth/web-session/begin-session.ts';
import { findSession } from '#lib/auth/web-session/find-session.ts';
import { mintCustomerScope, mintMailboxScope, mintOperatorScope, mintPersonScope, type CustomerScope } from '#lib/auth/customer-scope.ts';
import { customerId, type CustomerId } from '#lib/db/ids.ts';
import { openDatabase, type Database } from '#lib/db/prisma.ts';
import { addAlias } from '#lib/provisioning/addresses/add-alias.ts';
import { createLookup } from '#lib/dns/lookup.ts';
import { addDomain, ownershipToken, type Surroundings } from '#lib/provisioning/domains/add-domain.ts';
import { dkimValue } from '#lib/dkim/key-record.ts';
import { checkDomain } from '#lib/provisioning/domains/check-domain.ts';
import { addMailboxForward } from '#lib/provisioning/rules/add-mailbox-forward.ts';
import { createAppPassword } from '#lib/provisioning/mailboxes/create-app-password.ts';
import { setSenderRule } from '#lib/provisioning/rules/set-sender-rule.ts';
import { createCustomer } from '#lib/provisioning/customers/create-customer.ts';
import { createMailbox, type NewMailbox } from '#lib/provisioning/mailboxes/create-mailbox.ts';
import { deleteMailbox } from '#lib/provisioning/mailboxes/delete-mailbox.ts';
import { findAddress } from '#lib/provisioning/addresses/find-address.ts';
import { listAudit } from '#lib/provisioning/list-audit.ts';
import { customersAtOnce, listCustomers } from '#lib/provisioning/customers/list-customers.ts';
import { listDomains, readDomain } from '#lib/provisioning/domains/list-domains.ts';
import { readDomainReports } from '#lib/provisioning/domains/read-domain-reports.ts';
import { findMailboxes } from '#lib/provisioning/mailboxes/find-mailboxes.ts';
import { parseMailboxQuery } from '#lib/provisioning/mailboxes/mailbox-query.ts';
import { listMailboxes, readMailbox } from '#lib/provisioning/mailboxes/list-mailboxes.ts';
import { parseId } from '#lib/provisioning/parse-id.ts';
import { purgeMailbox } from '#lib/provisioning/mailboxes/purge-mailbox.ts';
import { removeAlias } from '#lib/provisioning/addresses/remove-alias.ts';
import { setCatchAll } from '#lib/provisioning/addresses/set-catch-all.ts';
import { renewDkimKeys } from '#lib/provisioning/domains/renew-dkim-keys.ts';
import { removeDomain } from '#lib/provisioning/domains/remove-domain.ts';
import { renameMailbox } from '#lib/provisioning/mailboxes/rename-mailbox.ts';
import { restoreMailbox } from '#lib/provisioning/mailboxes/restore-mailbox.ts';
import { revokeAppPassword } from '#lib/provisioning/mailboxes/revoke-app-password.ts';
import { setMailboxPassword } from '#lib/provisioning/mailboxes/set-mailbox-password.ts';
import { setRole } from '#lib/provisioning/customers/set-role.ts';
import { setPersonPassword } from '#lib/provisioning/customers/set-person-password.ts';
import { saveMailboxDetails } from '#lib/provisioning/mailboxes/save-mailbox-details.ts';
import { suspendCustomer } from '#lib/provisioning/customers/suspend-customer.ts';
import { suspendMailbox } from '#lib/provisioning/mailboxes/suspend-mailbox.ts';
import { findColleagues } from '#lib/webmail/people/find-people.ts';
import { wordsOf } from '#lib/webmail/people/is-meant.ts';
import { startDnsServer, type DnsServer, type DnsZone } from '#tests/support/dns-server.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';

const zone: DnsZone = {};
let surroundings: Surroundings;
const gigabyte = 2 ** 30;

let nameServer: DnsServer;
let test: TestDatabase;
let database: Database;
let count = 0;

beforeAll(async () => {
  test = await createTestDatabase();
  database = openDatabase(test.url, 4);
  nameServer = await startDnsServer(zone);
  surroundings = {
    secret: 'a secret that only this test knows, long enough',
    ownHosts: ['mail.postamt.example', 'post.example'],
    lookup: createLookup([nameServer.address]),
    dkimZone: null,
  };
});
afterAll(async () => {
  await nameServer.close();
  await database.$disconnect();
  await test.drop();
});

const begin = (identity: SignInIdentity): Promise<string> =>
  beginSession(database, identity, { userAgent: 'test', remoteAddress: '192.0.2.1' }, { proved: true });
const find = (key: string) => findSession(database, key, '192.0.2.1');

const value = <T>(result: { ok: true; value: T } | { ok: false; code: string }): T => {
  if (!result.ok) throw new Error(result.code);
  return result.value;
};

async function newCustomer(): Promise<{ scope: CustomerScope; id: CustomerId; email: string; domain: DomainName; userId: number }> {
  count += 1;
  const email = `owner${count}@elsewhere.example`;
  const created = value(
    await createCustomer(database, { name: `Kunde ${count}`, email, password: 'ein langer Satz', locale: 'de', remote: '192.0.2.1' }),
  );
  const user = await database.user.findFirstOrThrow({ where: { email } });
  const scope = mintCustomerScope({ customerId: created.customerId, role: 'owner', actor: `user:${Number(user.id)}`, remote: '192.0.2.1' });
  const domain = value(await addDomain(database, scope, `kunde${count}.at`, surroundings));
  return { scope, id: created.customerId, email, domain, userId: Number(user.id) };
}

const host = {
  host: 'mail.postamt.example',
  webHost: 'post.example',
  ports: { imaps: 993, pop3s: 995, submissions: 465, sieve: 4190 },
  stsMode: 'testing' as const,
  dkimZone: null,
};

/** Puts the ownership record of this customer into the DNS. */
function prove(scope: CustomerScope, domain: DomainName): void {
  const token = ownershipToken(surroundings.secret, scope.customerId, domain);
  zone[`_postamt.${domain}`] = { TXT: [`postamt-verification=${token}`] };
}

const mailbox = (domain: string, localPart: string, more: Partial<NewMailbox> = {}): NewMailbox => ({
  localPart,
  domain,
  password: null,
  quotaBytes: gigabyte,
  name: '',
  locale: 'de',
  ...more,
});

describe('domains', () => {
  it('are stored as A-labels, however they were typed', async () => {
    const { scope } = await newCustomer();
    expect(value(await addDomain(database, scope, ' https://www.Müller-Bräu.AT/kontakt ', surroundings))).toBe('xn--mller-bru-22a0x.at');
  });

  it.each([
    ['nix', 'InvalidDomain'],
    ['192.0.2.1', 'InvalidDomain'],
    ['', 'InvalidDomain'],
    ['a..at', 'InvalidDomain'],
    [`${'a'.repeat(64)}.at`, 'InvalidDomain'],
    ['co.at', 'PublicSuffix'],
    ['at', 'InvalidDomain'],
    ['github.io', 'PublicSuffix'],
  ])('%j is refused as %s', async (input, code) => {
    const { scope } = await newCustomer();
    expect(await addDomain(database, scope, input, surroundings)).toEqual({ ok: false, code });
  });

  it('belong to one customer only', async () => {
    const [one, two] = [await newCustomer(), await newCustomer()];
    expect(await addDomain(database, one.scope, one.domain, surroundings)).toEqual({ ok: false, code: 'AlreadyYours' });
    await database.domain.update({ where: { name: one.domain }, data: { verifiedAt: new Date() } });
    expect(await addDomain(database, two.scope, one.domain.toUpperCase(), surroundings)).toEqual({ ok: false, code: 'TakenByOther' });
    prove(two.scope, one.domain);
    expect(await addDomain(database, two.scope, one.domain, surroundings)).toEqual({ ok: false, code: 'TakenByOther' });
  });

  it('that somebody typed first make room for who proves ownership, and keep their letters', async () => {
    const [squatter, owner] = [await newCustomer(), await newCustomer()];
    const box = value(await createMailbox(database, squatter.scope, mailbox(squatter.domain, 'a')));
    const add = () => addDomain(database, owner.scope, squatter.domain, surroundings);
    expect(await add()).toEqual({ ok: false, code: 'ProofNeeded' });
    zone[`_postamt.${squatter.domain}`] = { TXT: ['postamt-verification=0123456789abcdef0123456789abcdef'] };
    expect(await add()).toEqual({ ok: false, code: 'ProofNeeded' });
    prove(owner.scope, squatter.domain);
    value(await addAlias(database, squatter.scope, box.id, { localPart: 'info', domain: squatter.domain }));
    await database.accountCounter.update({ where: { accountId: box.id }, data: { usedMessages: 1 } });
    value(await add());
    const kept = await readMailbox(database, squatter.scope, box.id);
    expect(kept).toMatchObject({ status: 'active', usedMessages: 1, aliasAddresses: [] });
    expect(kept?.address).toMatch(/^a@d\d+\.invalid$/);
    expect(await readDomain(database, squatter.scope, (kept?.domain ?? '') as DomainName)).toMatchObject({
      displacedFrom: squatter.domain,
    });
    expect(await createMailbox(database, squatter.scope, mailbox(kept?.domain as DomainName, 'b'))).toMatchObject({
      code: 'UnknownDomain',
    });
    expect(await addDomain(database, owner.scope, 'd999.invalid', surroundings)).toEqual({ ok: false, code: 'InvalidDomain' });
    expect(await readDomain(database, squatter.scope, squatter.domain)).toBeNull();
    expect((await readDomain(database, owner.scope, squatter.domain))?.verifiedAt).toBeInstanceOf(Date);
    expect((await listAudit(database, squatter.scope))[0]).toMatchObject({ action: 'domain.removed', actor: null });
  });

  it('that another customer confirmed once need proof after he left: his MX may still point here', async () => {
    const [before, after] = [await newCustomer(), await newCustomer()];
    prove(before.scope, before.domain);
    value(await checkDomain(database, before.scope, before.domain, { host, lookup: createLookup([nameServer.address]) }));
    value(await removeDomain(database, before.scope, before.domain));
    expect(await addDomain(database, after.scope, before.domain, surroundings)).toEqual({ ok: false, code: 'ProofNeeded' });
    value(await addDomain(database, before.scope, before.domain, surroundings));
  });

  it('that this installation is reached under go to nobody, those above it only with proof', async () => {
    const { scope } = await newCustomer();
    const add = (name: string) => addDomain(database, scope, name, surroundings);
    expect(await add('mail.postamt.example')).toEqual({ ok: false, code: 'OwnHost' });
    expect(await add('mx1.POST.example')).toEqual({ ok: false, code: 'OwnHost' });
    expect(await add('postamt.example')).toEqual({ ok: false, code: 'ProofNeeded' });
    prove(scope, 'postamt.example' as DomainName);
    expect(value(await add('postamt.example'))).toBe('postamt.example');
  });

  it('keep their DKIM key sealed', async () => {
    const { domain } = await newCustomer();
    const row = await database.domain.findUniqueOrThrow({ where: { name: domain } });
    expect(row.dkimPrivateKey).not.toContain('PRIVATE KEY');
    expect(Buffer.from(row.dkimPublicKey, 'base64')).toHaveLength(294);
    const [ed25519] = await database.dkimKey.findMany({ where: { domainId: row.id } });
    expect(ed25519).toMatchObject({ selector: 'pa2', algorithm: 'ed25519', seenAt: null });
    expect(ed25519?.privateKey).not.toContain('PRIVATE KEY');
    expect(Buffer.from(ed25519?.publicKey ?? '', 'base64')).toHaveLength(32);
  });

  it('are signed with a key once a look at the DNS shows it, and no longer when it is gone', async () => {
    const { scope, domain } = await newCustomer();
    const details = (await readDomain(database, scope, domain)) ?? expect.fail();
    const look = async () => {
      await database.domain.updateMany({ where: { name: domain }, data: { dnsCheckedAt: null } });
      value(await checkDomain(database, scope, domain, { host, lookup: createLookup([nameServer.address]) }));
      return (await readDomain(database, scope, domain))?.dkimKeys.map(({ seen }) => seen);
    };
    expect(await look()).toEqual([false, false]);
    for (const key of details.dkimKeys) zone[`${key.selector}._domainkey.${domain}`] = { TXT: [dkimValue(key)] };
    expect(await look()).toEqual([true, true]);
    delete zone[`pa1._domainkey.${domain}`];
    expect(await look()).toEqual([false, true]);
    zone[`pa2._domainkey.${domain}`] = 'silent';
    expect(await look()).toEqual([false, true]);
  });

  it('get new keys by a button, and by nobody else’s; a second time only when these are in use', async () => {
    const [one, two] = [await newCustomer(), await newCustomer()];
    const given = { secret: surroundings.secret, dkimZone: null };
    expect(await renewDkimKeys(database, two.scope, one.domain, given)).toEqual({ ok: false, code: 'UnknownDomain' });
    value(await renewDkimKeys(database, one.scope, one.domain, given));
    const keys = (await readDomain(database, one.scope, one.domain))?.dkimKeys ?? [];
    expect(keys.map(({ selector, algorithm, use }) => [selector, algorithm, use])).toEqual([
      ['pa1', 'rsa', 'signs'],
      ['pa2', 'ed25519', 'signs'],
      ['pa3', 'rsa', 'next'],
      ['pa4', 'ed25519', 'signs'],
    ]);
    expect(await renewDkimKeys(database, one.scope, one.domain, given)).toEqual({ ok: false, code: 'RenewalUnderWay' });
  });

  it('with mailboxes cannot be removed', async () => {
    const { scope, domain } = await newCustomer();
    value(await createMailbox(database, scope, mailbox(domain, 'max')));
    expect(await removeDomain(database, scope, domain)).toEqual({ ok: false, code: 'HasMailboxes' });
  });
});

describe('mailboxes', () => {
  it('have their folders and their storage limit as soon as they are created', async () => {
    const { scope, domain } = await newCustomer();
    const created = value(await createMailbox(database, scope, mailbox(domain, 'Max')));
    expect(created).toMatchObject({ address: `max@${domain}`, keepsPersonsPassword: false });
    expect(created.password).toMatch(/^([a-z0-9]{4}-){4}[a-z0-9]{4}$/);
    expect(await database.accountCounter.findUnique({ where: { accountId: created.id } })).toMatchObject({
      usedBytes: 0n,
      quotaBytes: BigInt(gigabyte),
    });
    expect(await database.folder.count({ where: { accountId: created.id } })).toBeGreaterThan(4);
  });

  it.each([
    ['', 'InvalidLocalPart'],
    ['hanna stöger', 'InvalidLocalPart'],
    ['.max', 'InvalidLocalPart'],
    ['ma..x', 'InvalidLocalPart'],
    ['max@kunde.at', 'InvalidLocalPart'],
    ['a'.repeat(65), 'InvalidLocalPart'],
    ['max\u0000', 'InvalidLocalPart'],
  ])('cannot be called %j', async (localPart, code) => {
    const { scope, domain } = await newCustomer();
    expect(await createMailbox(database, scope, mailbox(domain, localPart))).toEqual({ ok: false, code });
  });

  it('is named by its whole address too, as somebody copied it', async () => {
    const { scope, domain } = await newCustomer();
    const { address } = value(await createMailbox(database, scope, mailbox(domain, ` mailto:Max@${domain.toUpperCase()} `)));
    expect(address).toBe(`max@${domain}`);
  });

  it('cannot take an address twice, be it a mailbox, an alias or a deleted one', async () => {
    const { scope, domain } = await newCustomer();
    const { id } = value(await createMailbox(database, scope, mailbox(domain, 'max')));
    value(await addAlias(database, scope, id, { localPart: 'office', domain }));
    value(await deleteMailbox(database, scope, id));
    for (const taken of ['max', 'MAX', 'office']) {
      expect(await createMailbox(database, scope, mailbox(domain, taken))).toEqual({ ok: false, code: 'AddressTaken' });
    }
  });

  it('created twice at the same time exist once', async () => {
    const { scope, domain } = await newCustomer();
    const results = await Promise.all([1, 2, 3].map(() => createMailbox(database, scope, mailbox(domain, 'same'))));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await database.address.count({ where: { address: `same@${domain}` } })).toBe(1);
  });

  it('of the person who signed up with that address open with that person’s password', async () => {
    const { scope, domain, userId } = await newCustomer();
    await database.user.update({ where: { id: userId }, data: { email: `chefin@${domain}` } });
    const before = await database.user.findUniqueOrThrow({ where: { id: userId } });
    const created = value(await createMailbox(database, scope, mailbox(domain, 'chefin')));
    expect(created).toMatchObject({ password: null, keepsPersonsPassword: true });
    const after = await database.user.findUniqueOrThrow({ where: { id: userId }, include: { mailbox: true } });
    expect(after.passwordHash).toBeNull();
    expect(after.mailbox?.passwordHash).toBe(before.passwordHash);
    expect(await deleteMailbox(database, scope, created.id)).toEqual({ ok: false, code: 'OwnMailbox' });
    expect(await suspendMailbox(database, scope, created.id, true)).toEqual({ ok: false, code: 'OwnMailbox' });
  });

  it('come back from deletion as they were, for thirty days', async () => {
    const { scope, domain } = await newCustomer();
    const { id } = value(await createMailbox(database, scope, mailbox(domain, 'max')));
    const { purgeAfter } = value(await deleteMailbox(database, scope, id));
    expect(purgeAfter.getTime() - Date.now()).toBeGreaterThan(29.9 * 24 * 3600 * 1000);
    expect(value(await deleteMailbox(database, scope, id)).purgeAfter).toEqual(purgeAfter);
    expect(await saveMailboxDetails(database, scope, id, { name: '', quotaBytes: gigabyte })).toEqual({
      ok: false,
      code: 'UnknownMailbox',
    });
    value(await restoreMailbox(database, scope, id));
    expect(await readMailbox(database, scope, id)).toMatchObject({ status: 'active', purgeAfter: null });
    value(await deleteMailbox(database, scope, id));
    await database.mailbox.update({ where: { id }, data: { purgeAfter: new Date(Date.now() - 1000) } });
    expect(await restoreMailbox(database, scope, id)).toEqual({ ok: false, code: 'UnknownMailbox' });
  });

  it('change name and limit together, or neither', async () => {
    const { scope, domain } = await newCustomer();
    const { id } = value(await createMailbox(database, scope, mailbox(domain, 'max')));
    value(await saveMailboxDetails(database, scope, id, { name: ' Max ', quotaBytes: 2 * gigabyte }));
    const saved = { name: 'Max', quotaBytes: 2 * gigabyte };
    expect(await readMailbox(database, scope, id)).toMatchObject(saved);
    const refusals = [
      [{ name: 'x'.repeat(121), quotaBytes: 3 * gigabyte }, 'InvalidName'],
      [{ name: 'Max\nMuster', quotaBytes: 3 * gigabyte }, 'InvalidName'],
      [{ name: 'Erika', quotaBytes: 0 }, 'InvalidQuota'],
      [{ name: 'Erika', quotaBytes: 1024 * gigabyte }, 'StorageLimit'],
    ] as const;
    for (const [given, code] of refusals) {
      expect(await saveMailboxDetails(database, scope, id, given)).toEqual({ ok: false, code });
      expect(await readMailbox(database, scope, id)).toMatchObject(saved);
    }
    expect(await saveMailboxDetails(database, scope, id + 1_000_000, saved)).toEqual({ ok: false, code: 'UnknownMailbox' });
  });

  it('change their limit where the mail store counts', async () => {
    const { scope, domain } = await newCustomer();
    const { id } = value(await createMailbox(database, scope, mailbox(domain, 'max')));
    value(await saveMailboxDetails(database, scope, id, { name: '', quotaBytes: 5 * gigabyte }));
    expect((await database.accountCounter.findUniqueOrThrow({ where: { accountId: id } })).quotaBytes).toBe(BigInt(5 * gigabyte));
    for (const bad of [0, -1, Number.NaN, 2 ** 60, 1.5]) {
      expect(await saveMailboxDetails(database, scope, id, { name: '', quotaBytes: bad })).toEqual({ ok: false, code: 'InvalidQuota' });
    }
  });

  it('end other sign-ins when their password changes', async () => {
    const { scope, domain } = await newCustomer();
    const { id } = value(await createMailbox(database, scope, mailbox(domain, 'max')));
    const version = async () => (await database.mailbox.findUniqueOrThrow({ where: { id } })).credentialVersion;
    const before = await version();
    expect(await setMailboxPassword(database, scope, id, 'kurz')).toEqual({ ok: false, code: 'TooShort' });
    expect(await version()).toBe(before);
    value(await setMailboxPassword(database, scope, id, null));
    expect(await version()).toBe(before + 1);
  });

  it('no more than a mailbox may have, also where many are asked for at the same time', async () => {
    const { scope, domain } = await newCustomer();
    const { id } = value(await createMailbox(database, scope, mailbox(domain, 'viele')));
    for (let count = 0; count < 48; count++) value(await createAppPassword(database, scope, id, `${count}`));
    const asked = await Promise.all(Array.from({ length: 4 }, (_, at) => createAppPassword(database, scope, id, `zugleich ${at}`)));
    expect(asked.filter(({ ok }) => ok)).toHaveLength(2);
    const senders = Array.from({ length: 998 }, (_, at) => ({
      mailboxId: id,
      sender: `a${at}@extern.example`,
      verdict: 'blocked' as const,
    }));
    await database.senderRule.createMany({ data: senders });
    const blocked = await Promise.all(
      Array.from({ length: 4 }, (_, at) => setSenderRule(database, scope, id, `b${at}@extern.example`, 'blocked')),
    );
    expect(blocked.filter(({ ok }) => ok)).toHaveLength(2);
    await setCatchAll(database, scope, { domain, targets: [`viele@${domain}`] });
    const forward = (at: number) => addMailboxForward(database, scope, id, { target: `f${at}@${domain}`, keep: true });
    for (let at = 0; at < 8; at++) value(await forward(at));
    expect((await Promise.all([8, 9, 10, 11].map(forward))).filter(({ ok }) => ok)).toHaveLength(2);
  });

  it('show app passwords once and forget revoked ones', async () => {
    const { scope, domain } = await newCustomer();
    const { id } = value(await createMailbox(database, scope, mailbox(domain, 'max')));
    const created = value(await createAppPassword(database, scope, id, ' iPhone '));
    const stored = await database.appPassword.findUniqueOrThrow({ where: { id: created.id } });
    expect(Buffer.from(stored.hash).toString('utf8')).not.toContain(created.password.slice(0, 4));
    expect((await readMailbox(database, scope, id))?.appPasswords).toMatchObject([{ label: 'iPhone' }]);
    value(await revokeAppPassword(database, scope, id, created.id));
    expect(await revokeAppPassword(database, scope, id, created.id)).toEqual({ ok: false, code: 'UnknownAppPassword' });
    expect((await readMailbox(database, scope, id))?.appPasswords).toEqual([]);
  });

  it('never lose their own address as if it were an alias', async () => {
    const { scope, domain } = await newCustomer();
    const { id, address } = value(await createMailbox(database, scope, mailbox(domain, 'max')));
    expect(await removeAlias(database, scope, id, address)).toEqual({ ok: false, code: 'UnknownAlias' });
  });
});

describe('every change', () => {
  it('writes its line of the audit, and a refused one writes none', async () => {
    const { scope, domain } = await newCustomer();
    const { id, address } = value(await createMailbox(database, scope, mailbox(domain, 'max')));
    value(await addAlias(database, scope, id, { localPart: 'office', domain }));
    value(await removeAlias(database, scope, id, `office@${domain}`));
    value(await saveMailboxDetails(database, scope, id, { name: '', quotaBytes: 2 * gigabyte }));
    value(await renameMailbox(database, scope, id, 'Max Muster'));
    value(await setMailboxPassword(database, scope, id, null));
    const { id: app } = value(await createAppPassword(database, scope, id, 'iPhone'));
    value(await revokeAppPassword(database, scope, id, app));
    value(await suspendMailbox(database, scope, id, true));
    value(await suspendMailbox(database, scope, id, true));
    value(await suspendMailbox(database, scope, id, false));
    value(await deleteMailbox(database, scope, id));
    value(await restoreMailbox(database, scope, id));
    await createMailbox(database, scope, mailbox(domain, 'max'));
    const lines = (await listAudit(database, scope)).toReversed();
    expect(lines.map(({ action }) => action)).toEqual([
      'customer.created',
      'domain.added',
      'mailbox.created',
      'alias.added',
      'alias.removed',
      'mailbox.quota-set',
      'mailbox.renamed',
      'mailbox.password-set',
      'app-password.created',
      'app-password.revoked',
      'mailbox.suspended',
      'mailbox.resumed',
      'mailbox.deleted',
      'mailbox.restored',
    ]);
    expect(lines.slice(2).every(({ subject }) => subject === address || subject === `office@${domain}`)).toBe(true);
  });
});

describe('the walls between customers', () => {
  it('answer a foreign id exactly as an unknown one, and change nothing', async () => {
    const [mine, theirs] = [await newCustomer(), await newCustomer()];
    const box = value(await createMailbox(database, theirs.scope, mailbox(theirs.domain, 'erika')));
    const alias = value(await addAlias(database, theirs.scope, box.id, { localPart: 'info', domain: theirs.domain }));
    const app = value(await createAppPassword(database, theirs.scope, box.id, 'iPad'));
    const own = value(await createMailbox(database, mine.scope, mailbox(mine.domain, 'max')));
    const state = async () => ({
      box: await database.mailbox.findUnique({ where: { id: box.id } }),
      addresses: await database.address.findMany({ where: { mailboxId: box.id }, orderBy: { id: 'asc' } }),
      apps: await database.appPassword.findMany({ where: { mailboxId: box.id } }),
      domain: await database.domain.findUnique({ where: { name: theirs.domain } }),
      audit: await database.auditEvent.count({ where: { customerId: theirs.id } }),
    });
    const { id: domainId } = await database.domain.findUniqueOrThrow({ where: { name: theirs.domain } });
    const report = {
      kind: 'dmarc',
      reporter: 'r.example',
      reportId: '1',
      organization: 'R',
      fromAt: new Date(),
      untilAt: new Date(),
      policy: {},
    };
    const line = { line: 0, source: '192.0.2.1', count: 3, success: true, result: 'none', facts: {} };
    await database.receivedReport.create({ data: { ...report, domainId, rows: { create: [line] } } });
    expect(await readDomainReports(database, theirs.scope, theirs.domain)).toMatchObject({ dmarc: { letters: 3, proved: 3 } });
    const before = await state();
    const unknown = 999_999_999;
    const missing = 'nirgends.at' as DomainName;
    const scope = mine.scope;
    const matrix: Record<string, (id: number, domain: DomainName) => Promise<unknown>> = {
      'read mailbox': (id) => readMailbox(database, scope, id),
      'set password': (id) => setMailboxPassword(database, scope, id, null),
      rename: (id) => renameMailbox(database, scope, id, 'X'),
      'save details': (id) => saveMailboxDetails(database, scope, id, { name: 'X', quotaBytes: gigabyte }),
      suspend: (id) => suspendMailbox(database, scope, id, true),
      resume: (id) => suspendMailbox(database, scope, id, false),
      delete: (id) => deleteMailbox(database, scope, id),
      restore: (id) => restoreMailbox(database, scope, id),
      purge: (id) => purgeMailbox(database, scope, id),
      'set role': (id) => setRole(database, scope, id, 'owner'),
      'add alias': (id) => addAlias(database, scope, id, { localPart: 'x', domain: mine.domain }),
      'add alias on a domain': (_, domain) => addAlias(database, scope, own.id, { localPart: 'x', domain }),
      'remove alias': (id) => removeAlias(database, scope, id, alias),
      'create app password': (id) => createAppPassword(database, scope, id, 'X'),
      'revoke app password': (id) => revokeAppPassword(database, scope, id, app.id),
      'read domain': (_, domain) => readDomain(database, scope, domain),
      'read reports': (_, domain) => readDomainReports(database, scope, domain),
      'remove domain': (_, domain) => removeDomain(database, scope, domain),
      'create mailbox on a domain': (_, domain) => createMailbox(database, scope, mailbox(domain, 'x')),
      'list mailboxes of a domain': async (_, domain) => (await findMailboxes(database, scope, domain, parseMailboxQuery({}))).mailboxes,
    };
    for (const [name, operation] of Object.entries(matrix)) {
      const foreign = await operation(box.id, theirs.domain);
      expect([name, foreign]).toEqual([name, await operation(unknown, missing)]);
      expect([
        name,
        foreign === null || (Array.isArray(foreign) && foreign.length === 0) || (foreign as { ok: boolean }).ok === false,
      ]).toEqual([name, true]);
    }
    expect(await state()).toEqual(before);
  });

  it('show nobody else’s names in lists and searches', async () => {
    const [mine, theirs] = [await newCustomer(), await newCustomer()];
    value(await createMailbox(database, theirs.scope, mailbox(theirs.domain, 'geheim', { name: 'Geheime Person' })));
    expect((await listDomains(database, mine.scope)).map(({ name }) => name)).toEqual([mine.domain]);
    expect(await listMailboxes(database, mine.scope)).toEqual([]);
    expect((await listAudit(database, mine.scope)).every(({ subject }) => !subject.includes(theirs.domain))).toBe(true);
    for (const query of ['geheim', theirs.domain, `geheim@${theirs.domain}`, 'Geheime Person']) {
      expect(await findAddress(database, mine.scope, query)).toEqual({
        domains: [],
        addresses: [],
        nobody: null,
        leading: [],
        more: false,
      });
    }
  });

  it('let a mailbox’s user touch only that mailbox, also within the customer', async () => {
    const { scope, id: customer, domain } = await newCustomer();
    const [own, other] = [
      value(await createMailbox(database, scope, mailbox(domain, 'max'))),
      value(await createMailbox(database, scope, mailbox(domain, 'erika'))),
    ];
    const narrow = mintMailboxScope({ customerId: customer, mailboxId: own.id, actor: `mailbox:${own.id}`, remote: null });
    expect(await readMailbox(database, narrow, own.id)).toMatchObject({ id: own.id });
    expect(await readMailbox(database, narrow, other.id)).toBeNull();
    expect(await setMailboxPassword(database, narrow, other.id, null)).toEqual({ ok: false, code: 'UnknownMailbox' });
    expect(await createAppPassword(database, narrow, other.id, 'X')).toEqual({ ok: false, code: 'UnknownMailbox' });
    value(await createAppPassword(database, narrow, own.id, 'Mein Telefon'));
  });

  it('are seen over by the operator, who can suspend a customer and let it work again', async () => {
    const { id, domain } = await newCustomer();
    const operator = mintOperatorScope({ actor: 'system', remote: null });
    const { customers } = await listCustomers(database, operator, { words: domain, page: 1 });
    expect(customers).toMatchObject([{ id: Number(id), domains: [domain], status: 'active' }]);
    value(await suspendCustomer(database, operator, Number(id), true));
    expect((await database.customer.findUniqueOrThrow({ where: { id } })).status).toBe('suspended');
    value(await suspendCustomer(database, operator, Number(id), false));
    expect(await suspendCustomer(database, operator, 999_999_999, true)).toEqual({ ok: false, code: 'UnknownCustomer' });
    expect(customerId(id)).toBe(id);
  });
});

it('the operator reaches every customer, however many there are: page by page, and by name, domain or owner', async () => {
  const operator = mintOperatorScope({ actor: 'system', remote: null });
  const { id, domain } = await newCustomer();
  await database.customer.update({ where: { id }, data: { name: 'Zz ÄRZTE 100%' } });
  const many = Array.from({ length: 1050 }, (_, at) => ({ name: `Menge ${String(at).padStart(4, '0')}` }));
  await database.customer.createMany({ data: many });
  const seen = new Set<number>();
  const { found } = await listCustomers(database, operator, { words: '', page: 1 });
  for (let page = 1; page <= Math.ceil(found / customersAtOnce); page++)
    for (const customer of (await listCustomers(database, operator, { words: '', page })).customers) seen.add(customer.id);
  expect(seen.size).toBe(found);
  expect(seen.has(Number(id))).toBe(true);
  const names = async (words: string) => (await listCustomers(database, operator, { words, page: 1 })).customers.map(({ name }) => name);
  expect(await names('menge 0917')).toEqual(['Menge 0917']);
  expect(await names('ärzte 100%')).toEqual(['Zz ÄRZTE 100%']);
  expect(await names(`ärzte ${domain.slice(0, -3).toUpperCase()}`)).toEqual(['Zz ÄRZTE 100%']);
  expect(await names('menge gibtesnicht')).toEqual([]);
  await database.customer.deleteMany({ where: { name: { startsWith: 'Menge ' } } });
});

describe('people of the panel', () => {
  const own = (userId: number, customer: CustomerId) =>
    mintPersonScope({ userId, customerId: customer, actor: `user:${userId}`, remote: null });
  const signIn = (address: string, password: string) =>
    checkSignIn(database, { address, password, remoteAddress: '192.0.2.77' }, { failures: 50, waitS: 60, secret: surroundings.secret });

  it('set their own password without having a mailbox, and nobody else’s; other sign-ins end', async () => {
    const [one, two] = [await newCustomer(), await newCustomer()];
    const before = await signIn(one.email, 'ein langer Satz');
    if (!before.ok) throw new Error(before.failure);
    const session = await begin(before.identity);
    expect(await find(session)).toMatchObject({ userId: one.userId });
    const scope = own(one.userId, one.id);
    expect(await setPersonPassword(database, scope, two.userId, 'noch ein langer Satz')).toEqual({ ok: false, code: 'UnknownPerson' });
    expect(await setPersonPassword(database, scope, one.userId, 'kurz')).toEqual({ ok: false, code: 'TooShort' });
    expect(value(await setPersonPassword(database, scope, one.userId, 'noch ein langer Satz'))).toEqual({ password: null });
    expect(await find(session)).toBeNull();
    expect(await signIn(one.email, 'ein langer Satz')).toMatchObject({ ok: false });
    expect(await signIn(one.email, 'noch ein langer Satz')).toMatchObject({ ok: true });
    expect((await listAudit(database, one.scope))[0]).toMatchObject({ action: 'person.password-set', subject: one.email });
  });

  it('get a new one from the operator when they forgot theirs, with a mailbox or without', async () => {
    const { scope, domain, userId, email } = await newCustomer();
    const operator = mintOperatorScope({ actor: 'system', remote: null });
    const first = value(await setPersonPassword(database, operator, userId, null)).password ?? '';
    expect(await signIn(email, first)).toMatchObject({ ok: true });
    await database.user.update({ where: { id: userId }, data: { email: `chefin@${domain}` } });
    value(await createMailbox(database, scope, mailbox(domain, 'chefin')));
    const second = value(await setPersonPassword(database, operator, userId, null)).password ?? '';
    expect(await signIn(`chefin@${domain}`, first)).toMatchObject({ ok: false });
    expect(await signIn(`chefin@${domain}`, second)).toMatchObject({ ok: true, identity: { userId, role: 'owner' } });
  });

  it('of the installation itself are out of the reach of other operators', async () => {
    const other = await database.user.create({
      data: { email: `operator${count}@postamt.example`, name: '', role: 'operator', passwordHash: 'x' },
    });
    const operator = mintOperatorScope({ actor: 'system', remote: null });
    expect(await setPersonPassword(database, operator, Number(other.id), null)).toEqual({ ok: false, code: 'UnknownPerson' });
  });
});

describe('roles', () => {
  const administratorOf = ({ id }: { id: CustomerId }) =>
    mintCustomerScope({ customerId: id, role: 'administrator', actor: 'user:999999', remote: null });

  it('are given by owners, open the panel at the next sign-in, and are taken again; each change ends what was signed in', async () => {
    const customer = await newCustomer();
    const password = 'das Passwort von Erika';
    const { id, address } = value(await createMailbox(database, customer.scope, mailbox(customer.domain, 'erika', { password })));
    const identity = async () => {
      const result = await checkSignIn(
        database,
        { address, password, remoteAddress: '192.0.2.78' },
        { failures: 50, waitS: 60, secret: surroundings.secret },
      );
      return result.ok ? result.identity : null;
    };
    const before = await identity();
    expect(before).toMatchObject({ role: null, userId: null });
    const session = before && (await begin(before));
    expect(session && (await find(session))).toMatchObject({ role: null });
    value(await setRole(database, customer.scope, id, 'administrator'));
    expect(session && (await find(session))).toBeNull();
    const during = await identity();
    expect(during).toMatchObject({ role: 'administrator' });
    const panel = during && (await begin(during));
    expect(panel && (await find(panel))).toMatchObject({ role: 'administrator' });
    value(await setRole(database, customer.scope, id, 'owner'));
    expect(await identity()).toMatchObject({ role: 'owner' });
    value(await setRole(database, customer.scope, id, 'none'));
    expect(panel && (await find(panel))).toBeNull();
    expect(await identity()).toMatchObject({ role: null, userId: null });
    expect((await listAudit(database, customer.scope)).filter(({ action }) => action === 'person.role-set')).toHaveLength(3);
  });

  it('are no business of administrators, of other customers, or of oneself', async () => {
    const [customer, other] = [await newCustomer(), await newCustomer()];
    const { id } = value(await createMailbox(database, customer.scope, mailbox(customer.domain, 'erika')));
    expect(await setRole(database, administratorOf(customer), id, 'owner')).toEqual({ ok: false, code: 'OwnersOnly' });
    expect(await setRole(database, other.scope, id, 'owner')).toEqual({ ok: false, code: 'UnknownMailbox' });
    await database.user.update({ where: { id: customer.userId }, data: { mailboxId: id } });
    expect(await setRole(database, customer.scope, id, 'none')).toEqual({ ok: false, code: 'OwnMailbox' });
  });

  it('keep administrators from becoming the owner by way of the owner’s mailbox', async () => {
    const customer = await newCustomer();
    const { id } = value(await createMailbox(database, customer.scope, mailbox(customer.domain, 'chefin')));
    value(await setRole(database, customer.scope, id, 'owner'));
    const scope = administratorOf(customer);
    const refusal = { ok: false, code: 'OwnersOnly' };
    expect(await setMailboxPassword(database, scope, id, null)).toEqual(refusal);
    expect(await createAppPassword(database, scope, id, 'X')).toEqual(refusal);
    expect(await suspendMailbox(database, scope, id, true)).toEqual(refusal);
    expect(await deleteMailbox(database, scope, id)).toEqual(refusal);
    value(await setMailboxPassword(database, customer.scope, id, null));
  });

  it('are not inherited by whoever gets the address next', async () => {
    const customer = await newCustomer();
    const { id } = value(await createMailbox(database, customer.scope, mailbox(customer.domain, 'erika')));
    value(await setRole(database, customer.scope, id, 'administrator'));
    await database.mailbox.delete({ where: { id } });
    const next = value(await createMailbox(database, customer.scope, mailbox(customer.domain, 'erika')));
    expect(await readMailbox(database, customer.scope, next.id)).toMatchObject({ role: 'none' });
  });
});

it('an id in a request is a whole number and nothing else', () => {
  expect(['7', 7].map(parseId)).toEqual([7, 7]);
  for (const odd of ['0', '-1', '1e3', '0x1', ' 7', '1.5', '', null, undefined, {}, true, '9'.repeat(20)]) expect(parseId(odd)).toBeNull();
});

describe('what changed', () => {
  it('saving what is already so leaves no line', async () => {
    const { scope, domain } = await newCustomer();
    const { id } = value(await createMailbox(database, scope, mailbox(domain, 'max', { name: 'Max' })));
    const lines = (await listAudit(database, scope)).length;
    value(await saveMailboxDetails(database, scope, id, { name: 'Max', quotaBytes: gigabyte }));
    expect(await listAudit(database, scope)).toHaveLength(lines);
  });

  it('a mailbox that was suspended when it was deleted comes back suspended', async () => {
    const { scope, domain } = await newCustomer();
    const { id } = value(await createMailbox(database, scope, mailbox(domain, 'max')));
    value(await suspendMailbox(database, scope, id, true));
    value(await deleteMailbox(database, scope, id));
    value(await restoreMailbox(database, scope, id));
    expect((await readMailbox(database, scope, id))?.status).toBe('suspended');
  });

  it('a deleted mailbox can be deleted for good, is in no list any more, and its address and domain are free again', async () => {
    const { scope, domain } = await newCustomer();
    const { id } = value(await createMailbox(database, scope, mailbox(domain, 'max')));
    expect(await purgeMailbox(database, scope, id)).toEqual({ ok: false, code: 'UnknownMailbox' });
    value(await deleteMailbox(database, scope, id));
    value(await purgeMailbox(database, scope, id));
    expect(await listMailboxes(database, scope)).toEqual([]);
    expect(await readMailbox(database, scope, id)).toBeNull();
    expect(await restoreMailbox(database, scope, id)).toEqual({ ok: false, code: 'UnknownMailbox' });
    await database.$queryRaw`select purge_mailbox_some(${id}::bigint, 100)`;
    value(await createMailbox(database, scope, mailbox(domain, 'max')));
  });

  it('a mailbox that is gone for good stands in the audit with its address', async () => {
    const { scope, domain } = await newCustomer();
    const { id, address } = value(await createMailbox(database, scope, mailbox(domain, 'max')));
    value(await deleteMailbox(database, scope, id));
    await database.mailbox.update({ where: { id }, data: { purgeAfter: new Date(Date.now() - 1000) } });
    await database.$queryRaw`select purge_mailbox_some(${id}::bigint, 100)`;
    expect((await listAudit(database, scope))[0]).toMatchObject({ action: 'mailbox.purged', subject: address, actor: null });
  });
});

describe('who gets what', () => {
  it('says where mail to an address ends up, and when nobody gets it', async () => {
    const { scope, domain } = await newCustomer();
    const { id, address } = value(await createMailbox(database, scope, mailbox(domain, 'max', { name: 'Max Muster' })));
    value(await addAlias(database, scope, id, { localPart: 'rechnung', domain }));
    expect(await findAddress(database, scope, `rechnung@${domain}`)).toMatchObject({
      addresses: [{ mailbox: address, isAlias: true, status: 'active' }],
      nobody: null,
    });
    expect(await findAddress(database, scope, `niemand@${domain}`)).toMatchObject({ addresses: [], nobody: `niemand@${domain}` });
    expect((await findAddress(database, scope, 'muster')).addresses).toMatchObject([{ address, isAlias: false }]);
    expect((await findAddress(database, scope, 'mus\0ter')).addresses).toMatchObject([{ address }]);
    // "%" and "_" are letters here, not patterns
    expect((await findAddress(database, scope, '%')).addresses).toEqual([]);
  });

  it('says that there is more than it shows', async () => {
    const { scope, domain } = await newCustomer();
    const { id } = value(await createMailbox(database, scope, mailbox(domain, 'max')));
    const { domainId } = await database.mailbox.findUniqueOrThrow({ where: { id } });
    const aliases = (count: number, from: number) =>
      database.address.createMany({
        data: Array.from({ length: count }, (_, at) => ({
          mailboxId: id,
          domainId,
          address: `viele${from + at}@${domain}`,
          isPrimary: false,
        })),
      });
    await aliases(50, 0);
    expect(await findAddress(database, scope, 'viele')).toMatchObject({ addresses: { length: 50 }, more: false });
    await aliases(1, 50);
    expect(await findAddress(database, scope, 'viele')).toMatchObject({ addresses: { length: 50 }, more: true });
  });
});

describe('a colleague who is written to', () => {
  it('is found in the whole house by the beginning of any word, accents or not, and in no other house', async () => {
    const { domain } = await newCustomer();
    const other = await newCustomer();
    const live = async (at: string, people: Record<string, string>) => {
      const { id: domainId, customerId } = await database.domain.findUniqueOrThrow({ where: { name: at } });
      await database.mailbox.createMany({
        data: Object.entries(people).map(([localPart, name]) => ({
          customerId,
          domainId,
          localPart,
          address: `${localPart}@${at}`,
          name,
          passwordHash: 'none',
          quotaBytes: gigabyte,
          status: localPart === 'pause' ? 'suspended' : 'active',
        })),
      });
    };
    await live(domain, {
      ich: 'Müller Ich',
      'a.b': 'Dr. Eva Müller-Lüdenscheidt',
      axb: "O'Neil, Pat (Büro)",
      kitti: 'กิตติ ガク',
      pause: 'Müller Pause',
    });
    await live(other.domain, { fremd: 'Müller Fremd' });
    const me = await database.mailbox.findUniqueOrThrow({ where: { address: `ich@${domain}` } });
    const found = async (typed: string) =>
      (await findColleagues(database, Number(me.id), wordsOf(typed))).map(({ address }) => address.split('@')[0]).join();
    for (const typed of ['muller', 'MÜLLER', 'mu\u0308ller-lüd', 'müll eva', 'lud', 'a.b', `a.b@${domain.slice(0, 4)}`]) {
      expect(await found(typed), typed).toBe('a.b');
    }
    for (const typed of ['neil, p', "o'n", 'buro', '(bü']) expect(await found(typed), typed).toBe('axb');
    for (const typed of ['กิตติ', 'กิต', 'ガク']) expect(await found(typed), typed).toBe('kitti');
    for (const typed of ['üller', '\\😀', '×_', 'ตติ', 'pause', 'fremd', '.*', 'mül\\', '[', '%'])
      expect(await found(typed), typed).toBe('');
  });
});
