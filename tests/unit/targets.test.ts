import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DomainName } from '#lib/addresses/domain-name.ts';
import type { EmailAddress } from '#lib/addresses/email-address.ts';
import { mintCustomerScope, mintMailboxScope } from '#lib/auth/customer-scope.ts';
import { customerId } from '#lib/db/ids.ts';
import { openDatabase as openPrisma, type Database as Prisma } from '#lib/db/prisma.ts';
import { addMailboxForward } from '#lib/provisioning/rules/add-mailbox-forward.ts';
import { confirmMailboxForward } from '#lib/provisioning/rules/confirm-mailbox-forward.ts';
import { listAddresses } from '#lib/provisioning/addresses/list-addresses.ts';
import { readDeliverySettings } from '#lib/provisioning/rules/read-delivery-settings.ts';
import { removeAddress } from '#lib/provisioning/addresses/remove-address.ts';
import { removeDomain } from '#lib/provisioning/domains/remove-domain.ts';
import { resumeTarget } from '#lib/provisioning/addresses/resume-target.ts';
import { setAbsence } from '#lib/provisioning/rules/set-absence.ts';
import { setCatchAll } from '#lib/provisioning/addresses/set-catch-all.ts';
import { setDomainAlias } from '#lib/provisioning/domains/set-domain-alias.ts';
import { setForward } from '#lib/provisioning/addresses/set-forward.ts';
import { setGroup } from '#lib/provisioning/addresses/set-group.ts';
import { setOutsideForwards } from '#lib/provisioning/addresses/set-outside-forwards.ts';
import { setSendAs } from '#lib/provisioning/addresses/set-send-as.ts';
import { setSenderRule } from '#lib/provisioning/rules/set-sender-rule.ts';
import { splitAddresses } from '#lib/provisioning/addresses/set-targets.ts';
import { mapAddress, type MappedStep } from '#lib/provisioning/addresses/map-address.ts';
import { lookupWithPrisma } from '#lib/targets/lookup-with-prisma.ts';
import { resolveAddress, type LookupAddresses } from '#lib/targets/resolve-address.ts';
import { openDatabase, type Database } from '#mail-server/store/postgres/database.ts';
import { openDirectory } from '#mail-server/store/directory.ts';
import type { Directory } from '#mail-server/store/mail-directory.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';

let test: TestDatabase;
let prisma: Prisma;
let database: Database;
let directory: Directory;
let max = 0;
const scope = mintCustomerScope({ customerId: customerId(1), role: 'owner', actor: 'user:1', remote: null });

beforeAll(async () => {
  test = await createTestDatabase();
  prisma = openPrisma(test.url, 4);
  database = openDatabase({ connectionString: test.url });
  directory = openDirectory(database);
  max = await createAccount(test.url, 'max@muster.at');
  await createAccount(test.url, 'erika@muster.at');
  await createAccount(test.url, 'hidden@zweite.at');
});
afterAll(async () => {
  await database.close();
  await prisma.$disconnect();
  await test.drop();
});

/** "max@muster.at" for a mailbox, "→ x@y" for a forward, with the group in brackets; the mail server and the web must agree. */
async function resolved(address: string): Promise<string[]> {
  const ways: LookupAddresses[] = [(addresses) => directory.lookup(addresses), lookupWithPrisma(prisma)];
  const [server, web] = await Promise.all(ways.map((way) => resolveAddress(way, address as EmailAddress)));
  expect(web).toEqual(server);
  const within = (group: { address: string } | null): string => (group ? ` [${group.address}]` : '');
  return (server?.deliveries ?? [])
    .map((each) => (each.kind === 'mailbox' ? each.mailbox.address : `→ ${each.to}`) + within(each.group))
    .sort();
}
const forward = (localPart: string, ...targets: string[]) => setForward(prisma, scope, { localPart, domain: 'muster.at', targets });
const group = (localPart: string, ...members: string[]) =>
  setGroup(prisma, scope, {
    localPart,
    domain: 'muster.at',
    name: localPart,
    members,
    posting: 'anyone',
    replyTo: 'author',
    subjectPrefix: '',
  });

describe('what an address leads to', () => {
  it('a mailbox, by its own address and by one with a detail', async () => {
    expect(await resolved('max@muster.at')).toEqual(['max@muster.at']);
    expect(await resolved('max+shop@muster.at')).toEqual(['max@muster.at']);
    expect(await resolved('nobody@muster.at')).toEqual([]);
    expect(await resolved('somebody@elsewhere.example')).toEqual([]);
  });

  it('a forward, to mailboxes and to addresses elsewhere, each once', async () => {
    expect(await forward('office', 'max@muster.at', 'Max@Muster.at', 'boss@elsewhere.example')).toMatchObject({ ok: true });
    expect(await resolved('office@muster.at')).toEqual(['max@muster.at', '→ boss@elsewhere.example']);
  });

  it('a group, with groups in it; who is reached directly too gets the letter itself', async () => {
    await group('sales', 'erika@muster.at', 'partner@elsewhere.example');
    expect(await group('team', 'sales@muster.at', 'office@muster.at', 'max@muster.at')).toMatchObject({ ok: true });
    expect(await resolved('team@muster.at')).toEqual([
      'erika@muster.at [sales@muster.at]',
      'max@muster.at [team@muster.at]',
      '→ boss@elsewhere.example [team@muster.at]',
      '→ partner@elsewhere.example [sales@muster.at]',
    ]);
    await forward('all', 'team@muster.at', 'max@muster.at');
    expect((await resolved('all@muster.at'))[1]).toBe('max@muster.at');
  });

  it('nothing where letters would go in circles, and the refused change leaves nothing behind', async () => {
    await forward('first', 'max@muster.at');
    await forward('second', 'first@muster.at');
    expect(await forward('first', 'second@muster.at')).toEqual({ ok: false, code: 'GoesInCircles' });
    expect(await resolved('second@muster.at')).toEqual(['max@muster.at']);
    expect(await forward('self', 'self@muster.at')).toEqual({ ok: false, code: 'GoesInCircles' });
    expect(await forward('self2', 'max@muster.at', 'no address')).toEqual({ ok: false, code: 'InvalidTarget' });
    expect((await listAddresses(prisma, scope)).map(({ address }) => address)).not.toContain('self2@muster.at');
  });

  it('the catch-all, for names that nobody has', async () => {
    expect(await setCatchAll(prisma, scope, { domain: 'muster.at', targets: ['erika@muster.at'] })).toMatchObject({ ok: true });
    expect(await resolved('whoever@muster.at')).toEqual(['erika@muster.at']);
    expect(await resolved('max@muster.at')).toEqual(['max@muster.at']);
    expect(await removeAddress(prisma, scope, '@muster.at')).toEqual({ ok: true, value: null });
    expect(await resolved('whoever@muster.at')).toEqual([]);
  });

  it('the same name on the domain that the asked one stands for', async () => {
    await prisma.domain.create({
      data: {
        customerId: 1,
        name: 'muster.de',
        verificationToken: '',
        dkimSelector: '',
        dkimPrivateKey: '',
        dkimPublicKey: '',
        verifiedAt: new Date(),
      },
    });
    expect(await setDomainAlias(prisma, scope, 'muster.de', 'muster.at')).toEqual({ ok: true, value: null });
    expect(await resolved('max@muster.de')).toEqual(['max@muster.at']);
    expect(await resolved('office@muster.de')).toEqual(['max@muster.at', '→ boss@elsewhere.example']);
    expect([...(await directory.senderAddresses(max as never))].sort()).toEqual(['max@muster.at', 'max@muster.de']);
    expect(await setDomainAlias(prisma, scope, 'muster.at', 'muster.de')).toEqual({ ok: false, code: 'HasAddresses' });
  });

  it('nothing any more once a temporary address has expired, which stays taken', async () => {
    const input = { localPart: 'temp', domain: 'muster.at', targets: ['max@muster.at'] };
    await setForward(prisma, scope, { ...input, expiresAt: new Date(Date.now() + 60_000) });
    expect(await resolved('temp@muster.at')).toEqual(['max@muster.at']);
    await setCatchAll(prisma, scope, { domain: 'muster.at', targets: ['erika@muster.at'] });
    await setForward(prisma, scope, { ...input, expiresAt: new Date(Date.now() - 1) });
    expect(await resolved('temp@muster.at')).toEqual([]);
    await removeAddress(prisma, scope, '@muster.at');
  });
});

describe('what a mailbox may send as', () => {
  it('a forward of the customer once that is granted, and no longer after it is taken', async () => {
    expect(await setSendAs(prisma, scope, max, 'office@muster.at', 'as')).toMatchObject({ ok: true });
    expect(await directory.senderAddresses(max as never)).toContain('office@muster.at');
    expect(await setSendAs(prisma, scope, max, 'office@muster.at', 'not')).toMatchObject({ ok: true });
    expect(await directory.senderAddresses(max as never)).not.toContain('office@muster.at');
    expect(await setSendAs(prisma, scope, max, 'erika@muster.at', 'as')).toEqual({ ok: false, code: 'UnknownAddress' });
  });
});

describe('what a mailbox does with its letters', () => {
  const own = () => mintMailboxScope({ customerId: customerId(1), mailboxId: max, actor: `mailbox:${max}`, remote: null });
  const version = async (): Promise<number> => {
    const [entry] = await directory.lookup(['max@muster.at' as EmailAddress]);
    return entry && 'mailbox' in entry ? (entry.mailbox?.rulesVersion ?? -1) : -1;
  };

  it('has version 0 as long as there is nothing, and another one after each change', async () => {
    const seen = [await version()];
    expect(seen).toEqual([0]);
    await setSenderRule(prisma, own(), max, '*@Spam.example', 'blocked');
    seen.push(await version());
    await setAbsence(prisma, own(), max, {
      enabled: true,
      startsAt: null,
      endsAt: null,
      subject: '',
      text: 'Bin weg.',
      onlyContacts: false,
      everyDays: 7,
    });
    seen.push(await version());
    await setSenderRule(prisma, own(), max, '@spam.example', null);
    seen.push(await version());
    expect(new Set(seen).size).toBe(4);
  });

  it('has another version after each change of what its rules are applied with, and none where there are no rules', async () => {
    const changes = [
      `insert into domain (customer_id, name, verification_token, dkim_selector, dkim_private_key, dkim_public_key)
        values (1, 'dritte.at', 't', 's', 'k', 'p')`,
      `update domain set verified_at = now() where name = 'dritte.at'`,
      `insert into address (domain_id, address, mailbox_id) select id, 'max@dritte.at', ${max} from domain where name = 'dritte.at'`,
      `update mailbox set name = 'Max M.' where id = ${max}`,
      `insert into mailbox_settings (mailbox_id, time_zone) values (${max}, 'Europe/Rome')`,
      `update mailbox_settings set time_zone = 'Europe/Vienna' where mailbox_id = ${max}`,
      `delete from address where address = 'max@dritte.at'`,
      `delete from domain where name = 'dritte.at'`,
    ];
    const seen = [await version()];
    for (const change of changes) {
      await prisma.$executeRawUnsafe(change);
      seen.push(await version());
    }
    expect(new Set(seen).size).toBe(changes.length + 1);
    const [erika] = await directory.lookup(['erika@muster.at' as EmailAddress]);
    expect(erika).toMatchObject({ mailbox: { rulesVersion: 0 } });
  });

  it('passes letters on to the outside only with the code that was sent there', async () => {
    const added = await addMailboxForward(prisma, own(), max, { target: 'private@elsewhere.example', keep: true });
    if (!added.ok || added.value.code === null) throw new Error('no code');
    const { id, code } = added.value;
    expect(await confirmMailboxForward(prisma, own(), max, id, code === '111111' ? '222222' : '111111')).toEqual({
      ok: false,
      code: 'WrongCode',
    });
    expect((await readDeliverySettings(prisma, own(), max))?.forwards[0]?.confirmedAt).toBeNull();
    expect(await confirmMailboxForward(prisma, own(), max, id, ` ${code} `)).toEqual({ ok: true, value: null });
    expect((await readDeliverySettings(prisma, own(), max))?.forwards[0]?.confirmedAt).not.toBeNull();
  });

  it('gives up on a code after ten wrong ones, also when they come side by side', async () => {
    const added = await addMailboxForward(prisma, own(), max, { target: 'other@elsewhere.example', keep: true });
    if (!added.ok || added.value.code === null) throw new Error('no code');
    const { id, code } = added.value;
    const wrong = code === '111111' ? '222222' : '111111';
    await Promise.all(Array.from({ length: 12 }, () => confirmMailboxForward(prisma, own(), max, id, wrong)));
    expect(await confirmMailboxForward(prisma, own(), max, id, code)).toEqual({ ok: false, code: 'CodeExpired' });
  });

  it('needs no code within the customer, and goes nowhere outside where the customer forbids it', async () => {
    expect(await addMailboxForward(prisma, own(), max, { target: 'erika@muster.at', keep: false })).toMatchObject({
      ok: true,
      value: { code: null },
    });
    const version = async () => (await prisma.mailbox.findUniqueOrThrow({ where: { id: max } })).rulesVersion;
    const before = await version();
    await setOutsideForwards(prisma, scope, false);
    // delivery reads them anew, and what goes outside rests
    expect(await version()).not.toBe(before);
    const { forwards } = (await readDeliverySettings(prisma, own(), max)) ?? { forwards: [] };
    expect(forwards.map(({ target, forbidden }) => [target, forbidden])).toContainEqual(['erika@muster.at', false]);
    expect(forwards.filter(({ forbidden }) => !forbidden)).toHaveLength(1);
    expect((await mapAddress(prisma, scope, 'max@muster.at' as EmailAddress)).leadsTo.map(({ kind }) => kind)).toContain('forbidden');
    expect(await addMailboxForward(prisma, own(), max, { target: 'new@elsewhere.example', keep: true })).toEqual({
      ok: false,
      code: 'ForwardsForbidden',
    });
    expect(await addMailboxForward(prisma, own(), max, { target: 'max@muster.at', keep: true })).toEqual({
      ok: false,
      code: 'InvalidTarget',
    });
    expect(await addMailboxForward(prisma, own(), max, { target: 'erikka@muster.at', keep: true })).toEqual({
      ok: false,
      code: 'UnknownTarget',
    });
    // whoever is responsible is reached where nobody has made the address
    expect(await addMailboxForward(prisma, own(), max, { target: 'postmaster@muster.at', keep: true })).toMatchObject({ ok: true });
  });
});

describe('the panel', () => {
  it('never changes an address where a new one was wanted, and resumes what was paused', async () => {
    const input = { localPart: 'kasse', domain: 'muster.at', targets: ['max@muster.at', 'bank@elsewhere.example'] };
    expect(await setForward(prisma, scope, { ...input, mustBeNew: true })).toMatchObject({ ok: true });
    expect(await setForward(prisma, scope, { ...input, targets: ['erika@muster.at'], mustBeNew: true })).toEqual({
      ok: false,
      code: 'AddressTaken',
    });
    await prisma.addressTarget.updateMany({
      where: { outside: 'bank@elsewhere.example' },
      data: { pausedAt: new Date(), pauseReason: '550 no' },
    });
    expect(await resolved('kasse@muster.at')).toEqual(['max@muster.at']);
    const { leadsTo } = await mapAddress(prisma, scope, 'kasse@muster.at' as EmailAddress);
    expect(leadsTo.map(({ address, kind, reason }) => [address, kind, reason])).toEqual([
      ['max@muster.at', 'mailbox', null],
      ['bank@elsewhere.example', 'paused', '550 no'],
    ]);
    expect(await resumeTarget(prisma, scope, 'kasse@muster.at', 'bank@elsewhere.example')).toMatchObject({ ok: true });
    expect(await resumeTarget(prisma, scope, 'kasse@muster.at', 'nobody@elsewhere.example')).toEqual({ ok: false, code: 'UnknownTarget' });
    expect(await resolved('kasse@muster.at')).toEqual(['max@muster.at', '→ bank@elsewhere.example']);
  });

  it('shows who is responsible where nobody made the address of the postmaster, as letters to it go', async () => {
    const { kind, leadsTo } = await mapAddress(prisma, scope, 'postmaster+x@muster.at' as EmailAddress);
    const recipient = await directory.recipient('postmaster+x@muster.at' as EmailAddress);
    expect([kind, ...leadsTo.map((step) => step.mailbox?.id)]).toEqual(['responsible', 'accountId' in recipient ? recipient.accountId : 0]);
  });

  it('shows a mailbox once where a letter comes to it once, and again where another mailbox passes it on', async () => {
    const { id: mailboxId } = await prisma.mailbox.findFirstOrThrow({ where: { address: 'erika@muster.at' } });
    await setForward(prisma, scope, {
      localPart: 'beide',
      domain: 'muster.at',
      targets: ['max@muster.at', 'erika@muster.at'],
      mustBeNew: true,
    });
    const passed = { mailboxId, target: 'max@muster.at', setBy: 'mailbox:2', confirmedAt: new Date() };
    const { id } = await prisma.mailboxForward.create({ data: passed });
    const seen = (step: MappedStep): string[] => [
      ...(step.mailbox ? [`${step.address}${step.mailbox.again ? ' again' : ''}`] : []),
      ...step.leadsTo.flatMap(seen),
    ];
    const { leadsTo } = await mapAddress(prisma, scope, 'beide@muster.at' as EmailAddress);
    expect(leadsTo.map(seen)).toEqual([
      expect.arrayContaining(['max@muster.at']),
      expect.arrayContaining(['erika@muster.at', 'max@muster.at']),
    ]);
    await prisma.mailboxForward.delete({ where: { id } });
    expect(await removeAddress(prisma, scope, 'beide@muster.at')).toMatchObject({ ok: true });
  });

  it('shows that a mailbox that keeps nothing has the letter after all where it comes back, as delivery does, through as many forwards', async () => {
    const chain = Array.from({ length: 8 }, (_, at) => `kette${at}@muster.at`);
    for (const address of chain) await createAccount(test.url, address);
    const leads = async (from: string, target: string) => {
      const { id: mailboxId } = await prisma.mailbox.findFirstOrThrow({ where: { address: from } });
      await prisma.mailboxForward.create({ data: { mailboxId, target, keep: false, setBy: 'mailbox:1', confirmedAt: new Date() } });
    };
    const having = (step: MappedStep): string[] => [
      ...(step.mailbox && !step.mailbox.again && !step.mailbox.keepsNothing ? [step.address] : []),
      ...step.leadsTo.flatMap(having),
    ];
    const has = async (address: string) => having(await mapAddress(prisma, scope, address as EmailAddress));
    for (const [at, address] of chain.entries()) if (at > 0) await leads(chain[at - 1] ?? '', address);
    expect(await has('kette0@muster.at')).toEqual(['kette7@muster.at']);
    await leads('kette7@muster.at', 'niemand@muster.at');
    expect(await has('kette0@muster.at')).toEqual(['kette7@muster.at']);
    await prisma.mailboxForward.updateMany({ where: { target: 'niemand@muster.at' }, data: { target: 'kette0+x@muster.at' } });
    expect(await has('kette0@muster.at')).toEqual(['kette0@muster.at']);
    await prisma.mailbox.deleteMany({ where: { address: { in: chain } } });
  });

  it('counts forwards and groups among the addresses that a customer may have', async () => {
    const customer = await prisma.customer.findUniqueOrThrow({ where: { id: 1 } });
    const count = await prisma.address.count({ where: { isPrimary: false, domain: { customerId: 1 } } });
    await prisma.customer.update({ where: { id: 1 }, data: { maxAliases: count } });
    expect(await forward('zuviel', 'max@muster.at')).toEqual({ ok: false, code: 'TooManyAliases' });
    expect(await forward('kasse', 'max@muster.at')).toMatchObject({ ok: true });
    await prisma.customer.update({ where: { id: 1 }, data: { maxAliases: customer.maxAliases } });
  });

  it('tells nothing of what another customer’s addresses lead to', async () => {
    const foreign = mintCustomerScope({ customerId: customerId(999), role: 'owner', actor: 'user:9', remote: null });
    expect(await mapAddress(prisma, foreign, 'kasse@muster.at' as EmailAddress)).toMatchObject({
      kind: 'outside',
      leadsTo: [],
      mailbox: null,
    });
    expect(await mapAddress(prisma, foreign, 'nobody@muster.at' as EmailAddress)).toMatchObject({ kind: 'outside' });
  });

  it('takes lists as people paste them', () => {
    expect(splitAddresses('Max <max@muster.at>, "Stöger, Hanna" <hanna@muster.at>;\r\nerika@muster.at x@y.at\tz@y.at')).toEqual([
      'max@muster.at',
      'hanna@muster.at',
      'erika@muster.at',
      'x@y.at',
      'z@y.at',
    ]);
  });

  it('a domain that others stand for is not removed under them, and one that was never proved lets them go', async () => {
    await prisma.domain.createMany({
      data: ['haupt.at', 'zweit.at'].map((name) => ({
        customerId: 1,
        name,
        verificationToken: 't',
        dkimSelector: 's',
        dkimPrivateKey: '',
        dkimPublicKey: '',
      })),
    });
    expect(await setDomainAlias(prisma, scope, 'zweit.at', 'haupt.at')).toMatchObject({ ok: true });
    expect(await removeDomain(prisma, scope, 'haupt.at' as DomainName)).toEqual({ ok: false, code: 'HasDomainAliases' });
    await prisma.$queryRaw`select domain_gives_way(id, 'test') from domain where name = 'haupt.at'`;
    expect(await prisma.domain.findUniqueOrThrow({ where: { name: 'zweit.at' } })).toMatchObject({ aliasOf: null });
  });
});
