import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSignIn } from '#lib/auth/check-sign-in.ts';
import { mintCustomerScope, mintOperatorScope, type CustomerScope } from '#lib/auth/customer-scope.ts';
import type { SessionIdentity } from '#lib/auth/sign-in-identity.ts';
import { beginSession } from '#lib/auth/web-session/begin-session.ts';
import { endOtherSessions, endOwnSession, endSession } from '#lib/auth/web-session/end-sessions.ts';
import { findSession } from '#lib/auth/web-session/find-session.ts';
import { listSessions } from '#lib/auth/web-session/list-sessions.ts';
import { hasProof, consumeProof } from '#lib/auth/web-session/consume-proof.ts';
import { openDatabase, type Database } from '#lib/db/prisma.ts';
import { createLookup } from '#lib/dns/lookup.ts';
import { addDomain } from '#lib/provisioning/domains/add-domain.ts';
import { createCustomer } from '#lib/provisioning/customers/create-customer.ts';
import { createMailbox } from '#lib/provisioning/mailboxes/create-mailbox.ts';
import { deleteMailbox } from '#lib/provisioning/mailboxes/delete-mailbox.ts';
import { restoreMailbox } from '#lib/provisioning/mailboxes/restore-mailbox.ts';
import { setMailboxPassword } from '#lib/provisioning/mailboxes/set-mailbox-password.ts';
import { setPersonPassword } from '#lib/provisioning/customers/set-person-password.ts';
import { setRole } from '#lib/provisioning/customers/set-role.ts';
import { suspendCustomer } from '#lib/provisioning/customers/suspend-customer.ts';
import { suspendMailbox } from '#lib/provisioning/mailboxes/suspend-mailbox.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';

let test: TestDatabase;
let database: Database;
let count = 0;
const operator = mintOperatorScope({ actor: 'system', remote: null });
const password = 'Lärchenladen im Tal';

beforeAll(async () => {
  test = await createTestDatabase();
  database = openDatabase(test.url, 4);
});
afterAll(async () => {
  await database.$disconnect();
  await test.drop();
});

const value = <T>(result: { ok: true; value: T } | { ok: false; code: string }): T => {
  if (!result.ok) throw new Error(result.code);
  return result.value;
};

/** A customer whose first owner has a mailbox of the same address, and a second owner, who acts. */
interface Firm {
  /** of the second owner */
  scope: CustomerScope;
  customerId: number;
  address: string;
  mailboxId: number;
  userId: number;
  /** a sign-in from before the mailbox, and one from after */
  old: string;
  fresh: string;
}

const browser = { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0', remoteAddress: '198.51.100.7' };

async function signIn(address: string, typed = password): Promise<string> {
  count += 1;
  const result = await checkSignIn(
    database,
    { address, password: typed, remoteAddress: `198.51.${count % 250}.7` },
    { failures: 5, waitS: 60, secret: 'a secret of this test' },
  );
  if (!result.ok) throw new Error(result.failure);
  return beginSession(database, result.identity, browser, { proved: true });
}

const find = (key: string): Promise<SessionIdentity | null> => findSession(database, key, '198.51.100.7');
const found = async (key: string): Promise<SessionIdentity> => {
  const session = await find(key);
  if (!session) throw new Error('signed out');
  return session;
};

async function firm(): Promise<Firm> {
  count += 1;
  const domain = `firma${count}.at`;
  const address = `alt@${domain}`;
  const { customerId } = value(await createCustomer(database, { name: domain, email: address, password, locale: 'de', remote: null }));
  const scope = mintCustomerScope({ customerId, role: 'owner', actor: 'system', remote: null });
  value(
    await addDomain(database, scope, domain, { secret: 'a secret of this test', ownHosts: [], lookup: createLookup([]), dkimZone: null }),
  );
  const old = await signIn(address);
  const box = { domain, quotaBytes: 2 ** 30, name: '', locale: 'de' };
  const { id } = value(await createMailbox(database, scope, { ...box, localPart: 'alt', password: null }));
  const second = value(await createMailbox(database, scope, { ...box, localPart: 'neu', password }));
  value(await setRole(database, scope, second.id, 'owner'));
  const user = await database.user.findFirstOrThrow({ where: { mailboxId: id } });
  return { scope, customerId: Number(customerId), address, mailboxId: id, userId: Number(user.id), old, fresh: await signIn(address) };
}

const changes: [what: string, change: (firm: Firm) => Promise<unknown>][] = [
  ['the mailbox is suspended', ({ scope, mailboxId }) => suspendMailbox(database, scope, mailboxId, true)],
  [
    'the mailbox is suspended and resumed',
    async ({ scope, mailboxId }) => {
      value(await suspendMailbox(database, scope, mailboxId, true));
      value(await suspendMailbox(database, scope, mailboxId, false));
    },
  ],
  ['the mailbox is deleted', ({ scope, mailboxId }) => deleteMailbox(database, scope, mailboxId)],
  [
    'the mailbox is deleted and restored',
    async ({ scope, mailboxId }) => {
      value(await deleteMailbox(database, scope, mailboxId));
      value(await restoreMailbox(database, scope, mailboxId));
    },
  ],
  ['the mailbox is gone', ({ mailboxId }) => database.$executeRaw`delete from mailbox where id = ${mailboxId}`],
  ['an owner sets the password', ({ scope, mailboxId }) => setMailboxPassword(database, scope, mailboxId, 'ein anderes Kennwort')],
  ['the operator sets the password', ({ userId }) => setPersonPassword(database, operator, userId, null)],
  [
    'a hand on the database sets the password',
    ({ mailboxId }) => database.$executeRaw`update mailbox set password_hash = 'x' where id = ${mailboxId}`,
  ],
  ['the role changes', ({ scope, mailboxId }) => setRole(database, scope, mailboxId, 'administrator')],
  ['the role is taken', ({ scope, mailboxId }) => setRole(database, scope, mailboxId, 'none')],
  ['the customer is suspended', ({ customerId }) => suspendCustomer(database, operator, customerId, true)],
  [
    'the customer is suspended and resumed',
    async ({ customerId }) => {
      value(await suspendCustomer(database, operator, customerId, true));
      value(await suspendCustomer(database, operator, customerId, false));
    },
  ],
];

describe('a sign-in from before the mailbox and one from after it both end when', () => {
  it.each(changes)('%s', async (_, change) => {
    const one = await firm();
    const other = await firm();
    expect(await find(one.old)).toMatchObject({ mailboxId: one.mailboxId, userId: one.userId, role: 'owner', address: one.address });
    expect(await find(one.fresh)).toMatchObject({ mailboxId: one.mailboxId, userId: one.userId, role: 'owner' });
    const before = await database.mailbox.findUniqueOrThrow({ where: { id: one.mailboxId } });
    await change(one);
    expect(await find(one.old)).toBeNull();
    expect(await find(one.fresh)).toBeNull();
    expect(await database.webSession.count({ where: { OR: [{ mailboxId: one.mailboxId }, { userId: one.userId }] } })).toBe(0);
    // what programs and tokens are held to
    const after = await database.mailbox.findUnique({ where: { id: one.mailboxId } });
    expect(after?.credentialVersion ?? Number.MAX_SAFE_INTEGER).toBeGreaterThan(before.credentialVersion);
    expect(await find(other.old)).not.toBeNull();
    expect(await find(other.fresh)).not.toBeNull();
  });
});

describe('sign-ins', () => {
  it('end at once when their person signs out, and no other', async () => {
    const { old, fresh } = await firm();
    await endSession(database, old);
    expect(await find(old)).toBeNull();
    expect(await find(fresh)).not.toBeNull();
  });

  it('are listed with program and network and ended one by one or all but the present one; never those of others', async () => {
    const [one, other] = [await firm(), await firm()];
    const session = await found(one.fresh);
    const lines = await listSessions(database, session);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ current: true, program: { browser: 'Firefox', system: 'Linux' }, network: '198.51.100.0/24' });
    const foreign = await found(other.fresh);
    expect(await endOwnSession(database, session, foreign.sessionId)).toBe(false);
    expect(await find(other.fresh)).not.toBeNull();
    expect(await endOwnSession(database, session, lines[1]?.id ?? 0)).toBe(true);
    expect(await find(one.old)).toBeNull();
    await signIn(one.address);
    await signIn(one.address);
    expect(await endOtherSessions(database, session)).toBe(2);
    expect(await listSessions(database, session)).toHaveLength(1);
    expect(await listSessions(database, foreign)).toHaveLength(2);
  });

  it('are prolonged by use and end without it', async () => {
    const { fresh } = await firm();
    const { sessionId } = await found(fresh);
    const set = (lastUsed: string, expires: string) =>
      database.$executeRaw`update web_session set last_used_at = now() + ${lastUsed}::interval, expires_at = now() + ${expires}::interval
        where id = ${sessionId}`;
    await set('-20 days', '1 day');
    await found(fresh);
    const row = await database.webSession.findUniqueOrThrow({ where: { id: sessionId } });
    expect(row.expiresAt.getTime() - Date.now()).toBeGreaterThan(29 * 86_400_000);
    await set('-31 days', '-1 day');
    expect(await find(fresh)).toBeNull();
  });

  it('that cross a change of the password do not outlive it', async () => {
    const { address, mailboxId, scope } = await firm();
    const result = await checkSignIn(
      database,
      { address, password, remoteAddress: '203.0.113.4' },
      { failures: 5, waitS: 60, secret: 'a secret of this test' },
    );
    if (!result.ok) throw new Error(result.failure);
    value(await setMailboxPassword(database, scope, mailboxId, 'ein anderes Kennwort'));
    expect(await find(await beginSession(database, result.identity, browser, { proved: true }))).toBeNull();
  });

  it('stand for the typed password once, and for five minutes', async () => {
    const { fresh, old } = await firm();
    const [one, two] = [await found(fresh), await found(old)];
    expect(await hasProof(database, one.sessionId)).toBe(true);
    expect(await consumeProof(database, one.sessionId)).toBe(true);
    expect(await consumeProof(database, one.sessionId)).toBe(false);
    await database.$executeRaw`update web_session set proved_at = now() - interval '6 minutes' where id = ${two.sessionId}`;
    expect(await consumeProof(database, two.sessionId)).toBe(false);
  });

  it.each(['', 'x', '0'.repeat(43), '%', "' or true --"])('are not opened by the key %j', async (key) => {
    expect(await find(key)).toBeNull();
  });
});

it('an administrator gives an owner no password by making the owner’s mailbox', async () => {
  count += 1;
  const domain = `firma${count}.at`;
  const { customerId } = value(
    await createCustomer(database, { name: domain, email: `chefin@${domain}`, password, locale: 'de', remote: null }),
  );
  const owner = mintCustomerScope({ customerId, role: 'owner', actor: 'system', remote: null });
  value(
    await addDomain(database, owner, domain, { secret: 'a secret of this test', ownHosts: [], lookup: createLookup([]), dkimZone: null }),
  );
  const administrator = mintCustomerScope({ customerId, role: 'administrator', actor: 'user:999998', remote: null });
  const input = { domain, localPart: 'chefin', quotaBytes: 2 ** 30, name: '', locale: 'de' };
  expect(await createMailbox(database, administrator, { ...input, password: 'mein eigenes Kennwort' })).toEqual({
    ok: false,
    code: 'OwnersOnly',
  });
  expect(value(await createMailbox(database, administrator, { ...input, password: null }))).toMatchObject({
    password: null,
    keepsPersonsPassword: true,
  });
});
