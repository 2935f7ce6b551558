import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseEmailAddress } from '#lib/addresses/email-address.ts';
import { signMailboxToken } from '#lib/auth/mailbox-token.ts';
import type { AccountId } from '#lib/db/ids.ts';
import { startImap, type RunningImap } from '#mail-server/imap/imap-server.ts';
import { startPop3, type RunningPop3 } from '#mail-server/pop3/pop3-server.ts';
import { startSubmission, type RunningSubmission } from '#mail-server/smtp/submission-server.ts';
import { INBOX_ID } from '#mail-server/store/mail-store.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { eventually } from '#tests/support/eventually.ts';
import { TestImap } from '#tests/support/imap-client.ts';
import { LineClient } from '#tests/support/line-client.ts';
import { addAppPassword, setPassword, sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, testSecret, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';
import { newMessage } from '#tests/support/store.ts';

// Somebody who got hold of a password must be out when it is changed, not when he pleases. The change is made as the web makes it, in the
// database; the sessions are spread over two processes.

interface Process {
  opened: TestServices;
  imap: RunningImap;
  pop3: RunningPop3;
  submission: RunningSubmission;
}

let database: TestDatabase;
let one: Process;
let other: Process;
let account: AccountId;
let address: string;
let serial = 0;
const password = 'fünf Hunde im Nebel';
const ends: (() => void)[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  [one, other] = await Promise.all([start(), start()]);
});
afterAll(async () => {
  await Promise.all([stop(one), stop(other)]);
  await database.drop();
});
beforeEach(async () => {
  address = `max${++serial}@muster.at`;
  account = await createAccount(database.url, address);
  await setPassword(database.url, account, password);
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function start(): Promise<Process> {
  const opened = await openTestServices(database.url);
  const { services } = opened;
  return {
    opened,
    imap: await startImap(services),
    pop3: await startPop3(services),
    submission: await startSubmission({ ...services, secret: testSecret }),
  };
}
async function stop({ opened, imap, pop3, submission }: Process): Promise<void> {
  await Promise.all([imap.close(200), pop3.close(200), submission.close(200)]);
  await opened.close();
}

const imap = async (process: Process, command: string | Buffer = `LOGIN ${address} "${password}"`) => {
  const client = await TestImap.connect(process.imap.ports.imaps, true);
  ends.push(() => client.end());
  await client.ok(typeof command === 'string' ? Buffer.from(command) : command);
  await client.ok('SELECT INBOX');
  return client;
};
const pop3 = async (process: Process, secret = password) => {
  const client = await LineClient.open(process.pop3.ports.pop3s, { tls: true });
  ends.push(() => client.destroy());
  await client.line();
  await client.ask(`USER ${address}`);
  expect(await client.ask(`PASS ${secret}`)).toMatch(/^\+OK/);
  return client;
};
const smtp = async (process: Process, secret: string | Buffer = password) => {
  const client = await SmtpClient.open(process.submission.ports.submissions, { tls: true });
  ends.push(() => client.close());
  expect(await client.signIn(address, secret)).toMatch(/^235/);
  return client;
};
const bye = 'BYE Signed out: sign in again';
const rounds = async (): Promise<void> => {
  // whoever signs in now and is thrown out again has seen a look that began after everybody else's
  const probe = await createAccount(database.url, `probe${serial}@muster.at`);
  for (const { opened } of [one, other]) {
    let revoked = false;
    const principal = { ...probeLogin, accountId: probe, credentialVersion: -1 };
    opened.services.authenticator.watch(principal, { protocol: 'imap', remoteAddress: '127.0.0.1' }, () => {
      revoked = true;
    });
    await eventually('a look at the open sessions', async () => revoked);
  }
};
const probeLogin = {
  customerId: 1 as never,
  address: 'probe@muster.at' as never,
  name: '',
  locale: 'de',
  credential: 'password' as const,
  appPasswordId: null,
};

const changes: [what: string, change: () => Promise<unknown>][] = [
  ['the mailbox is suspended', () => sql(database.url, `update mailbox set status = 'suspended' where id = $1`, [account])],
  ['the mailbox is deleted', () => sql(database.url, `update mailbox set status = 'deleted' where id = $1`, [account])],
  ['the mailbox is purged', () => sql(database.url, 'delete from mailbox where id = $1', [account])],
  ['the password is changed', () => setPassword(database.url, account, 'ein anderes Kennwort')],
  ['its user is given a role', () => giveRole()],
];
const giveRole = (role = 'administrator') =>
  sql(database.url, `insert into app_user (customer_id, email, name, role, mailbox_id) values (1, $1, '', $2::user_role, $3)`, [
    address,
    role,
    account,
  ]);

test('a password opens as programs send it that know Western bytes only', async () => {
  const western = (text: string) => Buffer.from(text, 'latin1');
  await imap(one, western(`LOGIN ${address} "${password}"`));
  await smtp(one, western(password));
  const reader = await LineClient.open(one.pop3.ports.pop3s, { tls: true });
  ends.push(() => reader.destroy());
  await reader.line();
  await reader.ask(`USER ${address}`);
  reader.send(western(`PASS ${password}\r\n`));
  expect(await reader.line()).toMatch(/^\+OK/);
});

describe('open sessions end in all processes when', () => {
  test.each(changes)('%s', async (_, change) => {
    const token = await signMailboxToken({ address: parse(address), accountId: account, credentialVersion: 2 }, testSecret, 60);
    const bearer = Buffer.from(`n,a=${address},\u0001auth=Bearer ${token}\u0001\u0001`).toString('base64');
    const sessions = [await imap(one), await imap(other), await imap(other, `AUTHENTICATE OAUTHBEARER ${bearer}`)];
    const [idling] = sessions;
    idling?.send('i IDLE\r\n');
    expect((await idling?.line())?.text).toBe('+ idling');
    const pop = await pop3(other);
    const submitting = await smtp(one);
    await change();
    for (const session of sessions) expect((await session.closed()).at(-1)).toBe(`* ${bye}`);
    await pop.closed();
    expect(await submitting.reply()).toMatch(/^421 4\.7\.0 /);
  });

  test('the customer is suspended', async () => {
    const customer = 70 + serial;
    await sql(database.url, `insert into customer (id, name) values ($1, 'Andere GmbH')`, [customer]);
    await sql(database.url, 'update mailbox set customer_id = $1 where id = $2', [customer, account]);
    const session = await imap(one);
    await sql(database.url, `update customer set status = 'suspended' where id = $1`, [customer]);
    expect(await session.closed()).toEqual([`* ${bye}`]);
  });
});

describe('sessions with an app password', () => {
  const customer = (status: string) => sql(database.url, 'update customer set status = $1::customer_status where id = 1', [status]);
  test.each<[what: string, change: () => Promise<unknown>, back?: () => Promise<unknown>]>([
    ['the mailbox is suspended', () => sql(database.url, `update mailbox set status = 'suspended' where id = $1`, [account])],
    ['the mailbox is deleted', () => sql(database.url, `update mailbox set status = 'deleted' where id = $1`, [account])],
    ['the customer is suspended', () => customer('suspended'), () => customer('active')],
  ])('end, and no new one begins, when %s', async (_, change, back) => {
    const phone = await addAppPassword(database.url, account);
    const idling = await imap(one, `LOGIN ${address} ${phone}`);
    idling.send('i IDLE\r\n');
    try {
      await change();
      expect((await idling.closed()).at(-1)).toBe(`* ${bye}`);
      const login = { user: address, password: phone, remoteAddress: '127.0.0.1', protocol: 'imap' as const };
      expect(await other.opened.services.authenticator.password(login)).toMatchObject({ ok: false });
    } finally {
      await back?.();
    }
  });

  test.each<[what: string, change: () => Promise<unknown>]>([
    ['a change of the password', () => setPassword(database.url, account, 'ein anderes Kennwort')],
    ['a change of the role', () => giveRole()],
  ])('outlive %s, which the password’s own do not', async (_, change) => {
    const phone = await addAppPassword(database.url, account);
    const [onPhone, withPassword] = [await imap(one, `LOGIN ${address} ${phone}`), await imap(one)];
    await change();
    expect((await withPassword.closed()).at(-1)).toBe(`* ${bye}`);
    await rounds();
    expect((await onPhone.command('NOOP')).status).toBe('OK');
  });
});

describe('what the web opened for a sign-in ends with it', () => {
  const begin = async (): Promise<{ session: number; bearer: string; token: string }> => {
    const [row] = await sql(
      database.url,
      `insert into web_session (hash, mailbox_id, credential_version, expires_at, program, network)
       values (sha256(random()::text::bytea), $1, 2, now() + interval '1 day', 'test', 'unknown') returning id::int`,
      [account],
    );
    const session = Number(row?.['id']);
    const claim = { address: parse(address), accountId: account, credentialVersion: 2, sessionId: session };
    const token = await signMailboxToken(claim, testSecret, 60);
    return { session, token, bearer: Buffer.from(`n,a=${address},\u0001auth=Bearer ${token}\u0001\u0001`).toString('base64') };
  };
  const signOut = (session: number) => sql(database.url, 'delete from web_session where id = $1', [session]);

  test('its connections in all processes, while those of another sign-in, of a program and of a device stay', async () => {
    const [gone, stays] = [await begin(), await begin()];
    const ending = [
      await imap(one, `AUTHENTICATE OAUTHBEARER ${gone.bearer}`),
      await imap(other, `AUTHENTICATE OAUTHBEARER ${gone.bearer}`),
    ];
    ending[1]?.send('i IDLE\r\n');
    const staying = [
      await imap(one, `AUTHENTICATE OAUTHBEARER ${stays.bearer}`),
      await imap(other),
      await imap(one, `LOGIN ${address} ${await addAppPassword(database.url, account)}`),
    ];
    await signOut(gone.session);
    for (const session of ending) expect((await session.closed()).at(-1)).toBe(`* ${bye}`);
    await rounds();
    for (const session of staying) expect((await session.command('NOOP')).status).toBe('OK');
  });

  test('its token at once, on every protocol', async () => {
    const { session, token, bearer } = await begin();
    await (await imap(one, `AUTHENTICATE OAUTHBEARER ${bearer}`)).ok('NOOP');
    await signOut(session);
    const attempts = (['imap', 'pop3', 'smtp'] as const).flatMap((protocol) =>
      [one, other].map(({ opened }) =>
        opened.services.authenticator.bearer({ user: address, token, remoteAddress: '127.0.0.1', protocol }),
      ),
    );
    for (const result of await Promise.all(attempts)) expect(result).toMatchObject({ ok: false, failure: 'InvalidCredentials' });
  });

  test('and no token opens another mailbox than its session’s', async () => {
    const { session } = await begin();
    const foreign = await createAccount(database.url, `fremd${serial}@muster.at`);
    const claim = { address: parse(`fremd${serial}@muster.at`), accountId: foreign, credentialVersion: 1, sessionId: session };
    const token = await signMailboxToken(claim, testSecret, 60);
    const result = await one.opened.services.authenticator.bearer({ user: '', token, remoteAddress: '127.0.0.1', protocol: 'imap' });
    expect(result).toMatchObject({ ok: false });
  });
});

test('POP3 deletes nothing that was marked before', async () => {
  await one.opened.services.store.append(account, INBOX_ID, [newMessage('Subject: bleibt\n\nText')]);
  const client = await pop3(other);
  expect(await client.ask('DELE 1')).toMatch(/^\+OK/);
  await setPassword(database.url, account, 'ein anderes Kennwort');
  await client.closed();
  expect((await one.opened.services.store.snapshot(account, INBOX_ID)).count).toBe(1);
});

test('a command that is running ends as it should, and what was sent behind it is not done', async () => {
  await one.opened.services.store.append(account, INBOX_ID, [newMessage('Subject: bleibt\n\nText')]);
  const client = await imap(one);
  const blocker = await holdAccount();
  client.send('a STORE 1 FLAGS (\\Flagged)\r\nb STORE 1 FLAGS (\\Deleted)\r\n');
  await blocker.waited();
  await setPassword(database.url, account, 'ein anderes Kennwort');
  await rounds();
  await blocker.release();
  const said = await client.closed();
  expect(said.filter((line) => !line.startsWith('* 1 FETCH'))).toEqual(['a OK STORE done', `* ${bye}`]);
});

test('a change of the password leaves app passwords signed in, revoking one ends its sessions alone', async () => {
  const [phone, tablet] = [await addAppPassword(database.url, account), await addAppPassword(database.url, account)];
  const withPassword = await imap(one);
  const onPhone = await imap(one, `LOGIN ${address} ${phone}`);
  const onTablet = await pop3(other, tablet);
  await setPassword(database.url, account, 'ein anderes Kennwort');
  expect(await withPassword.closed()).toEqual([`* ${bye}`]);
  await sql(database.url, 'update app_password set revoked_at = now() where mailbox_id = $1 and id = (select max(id) from app_password)', [
    account,
  ]);
  await onTablet.closed();
  await rounds();
  expect((await onPhone.command('NOOP')).status).toBe('OK');
});

const parse = (text: string) => {
  const parsed = parseEmailAddress(text);
  if (!parsed) throw new Error(`${text} is no address`);
  return parsed;
};

/** Keeps every write to the account waiting. */
async function holdAccount() {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('begin');
  await client.query('select 1 from account_counter where account_id = $1 for update', [account]);
  return {
    waited: () =>
      eventually('a write that waits for the account', async () => {
        const { rows } = await client.query(`select 1 from pg_locks l join pg_stat_activity a using (pid)
          where not l.granted and a.datname = current_database() and a.query like '%store_flags%'`);
        return rows.length > 0;
      }),
    async release() {
      await client.query('commit');
      await client.end();
    },
  };
}
