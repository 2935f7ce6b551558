import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { parseEmailAddress } from '#lib/addresses/email-address.ts';
import { signMailboxToken } from '#lib/auth/mailbox-token.ts';
import type { AccountId } from '#lib/db/ids.ts';
import { type RunningPop3, startPop3 } from '#mail-server/pop3/pop3-server.ts';
import { StoreError } from '#mail-server/store/store-error.ts';
import { Flag, INBOX_ID, type NewMessage } from '#mail-server/store/mail-store.ts';
import { indexMessage } from '#lib/mime/index-message.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { LineClient } from '#tests/support/line-client.ts';
import { setPassword, sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, testSecret, type TestServices } from '#tests/support/services.ts';

let database: TestDatabase;
let opened: TestServices;
let pop3: RunningPop3;
let account: AccountId;
let address: string;
let serial = 0;
const password = 'drei Katzen im Regen';
const clients: LineClient[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  opened = await openTestServices(database.url, {}, { POSTAMT_LOGIN_FAILURES: '50' });
  pop3 = await startPop3(opened.services);
});
afterAll(async () => {
  await pop3.close(1000);
  await opened.close();
  await database.drop();
});
beforeEach(async () => {
  address = `max${++serial}@muster.at`;
  account = await createAccount(database.url, address);
  await setPassword(database.url, account, password);
});
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});

const message = (raw: Buffer): NewMessage => ({ raw, index: indexMessage(raw), flags: 0n, receivedMs: null });
const letter = (subject: string, body = 'Text\r\n') =>
  Buffer.from(`Subject: ${subject}\r\nMessage-ID: <${subject}-${serial}@test>\r\n\r\n${body}`);
const put = (...raws: Buffer[]) => opened.services.store.append(account, INBOX_ID, raws.map(message));
const connect = async (tls = true) => {
  const client = await LineClient.open(tls ? pop3.ports.pop3s : pop3.ports.pop3, { tls });
  clients.push(client);
  expect(await client.line()).toMatch(/^\+OK /);
  return client;
};
const signedIn = async () => {
  const client = await connect();
  await client.ask(`USER ${address}`);
  expect(await client.ask(`PASS ${password}`)).toMatch(/^\+OK /);
  return client;
};
/** A multi-line answer without its first line, its last dot and the stuffing. */
const body = async (client: LineClient, command: string): Promise<Buffer> => {
  expect(await client.ask(command)).toMatch(/^\+OK/);
  let bytes = Buffer.from('\r\n');
  while (!bytes.toString('latin1').endsWith('\r\n.\r\n'))
    bytes = Buffer.concat([bytes, (await client.bytesUntil('\r\n')) ?? Buffer.from('closed')]);
  return Buffer.from(
    bytes
      .subarray(2, -3)
      .toString('latin1')
      .replaceAll(/(^|\n)\.\./g, '$1.'),
    'latin1',
  );
};
const uids = async () => {
  const snapshot = await opened.services.store.snapshot(account, INBOX_ID);
  return Array.from(snapshot.uids.subarray(0, snapshot.count));
};
const plain = (user: string, secret: string, as = '') => Buffer.from(`${as}\0${user}\0${secret}`).toString('base64');

describe('authorization', () => {
  test('before TLS no password is asked for or taken, and STLS is offered', async () => {
    const client = await connect(false);
    const capabilities = (await body(client, 'CAPA')).toString().split('\r\n');
    expect(capabilities).toContain('STLS');
    expect(capabilities.some((line) => /^(USER|SASL)/.test(line))).toBe(false);
    expect(await client.ask(`USER ${address}`)).toMatch(/^-ERR/);
    expect(await client.ask(`PASS ${password}`)).toMatch(/^-ERR/);
    expect(await client.ask(`AUTH PLAIN ${plain(address, password)}`)).toMatch(/^-ERR/);
  });

  test('under STLS the login works, and STLS is offered no more', async () => {
    const client = await connect(false);
    expect(await client.ask('STLS')).toMatch(/^\+OK/);
    await client.startTls();
    const capabilities = (await body(client, 'CAPA')).toString().trim().split('\r\n');
    expect(capabilities).toEqual(
      expect.arrayContaining([
        'TOP',
        'UIDL',
        'RESP-CODES',
        'AUTH-RESP-CODE',
        'PIPELINING',
        'EXPIRE NEVER',
        'USER',
        'SASL PLAIN LOGIN OAUTHBEARER',
      ]),
    );
    expect(capabilities).not.toContain('STLS');
    expect(await client.ask('STLS')).toMatch(/^-ERR/);
    expect(await client.ask(`AUTH PLAIN ${plain(address, password)}`)).toMatch(/^\+OK/);
  });

  test('what was slipped in behind STLS in clear text is never answered', async () => {
    const client = await connect(false);
    client.send(`STLS\r\nUSER ${address}\r\nCAPA\r\n`);
    expect(await client.line()).toMatch(/^\+OK/);
    await client.startTls();
    expect(await client.ask(`PASS ${password}`)).toBe('-ERR USER comes first');
  });

  test('from loopback a password goes without TLS where the operator allows it', async () => {
    const lenient = await openTestServices(database.url, { cleartextLoginOnLoopback: true });
    const server = await startPop3(lenient.services);
    const client = await LineClient.open(server.ports.pop3);
    await client.line();
    expect((await body(client, 'CAPA')).toString()).toContain('SASL PLAIN');
    await client.ask(`USER ${address}`);
    expect(await client.ask(`PASS ${password}`)).toMatch(/^\+OK/);
    client.destroy();
    await server.close(1000);
    await lenient.close();
  });

  test('a wrong password and an unknown mailbox get the same answer, three end the connection', async () => {
    const client = await connect();
    const answers: (string | null)[] = [];
    for (const [user, secret] of [
      [address, 'wrong'],
      ['nobody@muster.at', password],
      [address, ''],
    ]) {
      expect(await client.ask(`USER ${user}`)).toMatch(/^\+OK/);
      answers.push(await client.ask(`PASS ${secret}`));
    }
    expect(new Set(answers)).toEqual(new Set(['-ERR [AUTH] Wrong address or password']));
    expect(await client.line()).toBeNull();
  });

  test('spaces and umlauts belong to the password', async () => {
    await setPassword(database.url, account, '  größer als  zwei ');
    const client = await connect();
    await client.ask(`USER ${address}`);
    expect(await client.ask('PASS   größer als  zwei ')).toMatch(/^\+OK/);
  });

  test('a suspended mailbox is told apart only behind the right password', async () => {
    await sql(database.url, `update mailbox set status = 'suspended' where id = $1`, [account]);
    const client = await connect();
    expect(await client.ask(`AUTH PLAIN ${plain(address, 'wrong')}`)).toMatch(/^-ERR \[AUTH\]/);
    expect(await client.ask(`AUTH PLAIN ${plain(address, password)}`)).toMatch(/^-ERR \[SYS\/PERM\]/);
  });

  test('SASL PLAIN works with and without an initial response, and can be cancelled', async () => {
    const client = await connect();
    expect(await client.ask('AUTH PLAIN')).toBe('+ ');
    expect(await client.ask('*')).toBe('-ERR Cancelled');
    expect(await client.ask('AUTH PLAIN')).toBe('+ ');
    expect(await client.ask('not base64!')).toBe('-ERR Not a valid response');
    expect(await client.ask('AUTH NTLM')).toBe('-ERR Unknown mechanism');
    expect(await client.ask(`AUTH PLAIN ${plain(address, password, 'erika@muster.at')}`)).toMatch(/^-ERR \[AUTH\]/);
    expect((await body(client, 'AUTH')).toString()).toBe('PLAIN\r\nLOGIN\r\nOAUTHBEARER\r\n');
    expect(await client.ask('AUTH plain')).toBe('+ ');
    expect(await client.ask(plain(address, password, address))).toMatch(/^\+OK/);
  });

  test('a token of the web signs in with OAUTHBEARER, a bad one is told why and refused', async () => {
    const parsed = parseEmailAddress(address);
    if (!parsed) throw new Error('no address');
    const response = async (secret: string) => {
      const token = await signMailboxToken({ address: parsed, accountId: account, credentialVersion: 2 }, secret, 60);
      return Buffer.from(`n,a=${address},\u0001auth=Bearer ${token}\u0001\u0001`).toString('base64');
    };
    const client = await connect();
    const challenge = (await client.ask(`AUTH OAUTHBEARER ${await response(`${testSecret}!`)}`)) ?? '';
    expect(Buffer.from(challenge.slice(2), 'base64').toString()).toBe('{"status":"invalid_token"}');
    expect(await client.ask('AQ==')).toMatch(/^-ERR \[AUTH\]/);
    expect(await client.ask(`AUTH OAUTHBEARER ${await response(testSecret)}`)).toMatch(/^\+OK/);
  });

  test('a second session of a mailbox is told IN-USE, in this process and in another, until the first has ended', async () => {
    const other = await openTestServices(database.url);
    const server = await startPop3(other.services);
    const fresh = async () => {
      const services = await openTestServices(database.url);
      onTestFinished(() => services.close());
      return services;
    };
    const first = await signedIn();
    for (const port of [pop3.ports.pop3s, server.ports.pop3s]) {
      const second = await LineClient.open(port, { tls: true });
      await second.line();
      expect(await second.ask(`AUTH PLAIN ${plain(address, password)}`)).toMatch(/^-ERR \[IN-USE\]/);
      second.destroy();
    }
    // the moment QUIT is answered, the mailbox is free for every process, whichever had it before
    expect(await first.ask('QUIT')).toMatch(/^\+OK/);
    for (const { services } of [other, opened, other, await fresh(), opened]) {
      const giveBack = await services.maildropLocks.take(account);
      expect(giveBack).not.toBeNull();
      await giveBack?.();
    }
    await server.close(1000);
    await other.close();
  });
});

describe('maildrop', () => {
  test('STAT, LIST and UIDL agree with what RETR brings, byte for byte', async () => {
    const raws = [
      letter('eins'),
      letter('zwei', '.\r\n..punkt\r\n.ende'),
      letter('drei', 'noch\r\n.\r\n.\r\n'),
      letter('leer', ''),
      Buffer.from('nur Kopf: ja\r\n'),
    ];
    await put(...raws);
    const client = await signedIn();
    const total = raws.reduce((sum, raw) => sum + raw.length, 0);
    expect(await client.ask('STAT')).toBe(`+OK 5 ${total}`);
    expect((await body(client, 'LIST')).toString()).toBe(raws.map((raw, index) => `${index + 1} ${raw.length}\r\n`).join(''));
    const ids = (await body(client, 'UIDL')).toString().trim().split('\r\n');
    expect(new Set(ids.map((line) => line.split(' ')[1])).size).toBe(5);
    expect(await client.ask('UIDL 2')).toBe(`+OK ${ids[1]}`);
    expect(await client.ask('LIST 2')).toBe(`+OK 2 ${raws[1]?.length}`);
    for (const [index, raw] of raws.entries()) {
      const got = await body(client, `RETR ${index + 1}`);
      // a message that does not end its last line gets the CRLF that the protocol needs
      expect(got.subarray(0, raw.length)).toEqual(raw);
      expect(got.subarray(raw.length).toString()).toBe(raw.toString('latin1').endsWith('\r\n') ? '' : '\r\n');
    }
  });

  test('lines end in CRLF whatever was stored', async () => {
    await put(letter('bare', 'bare\n.\nlf\r\n.\r\n\n'));
    const client = await signedIn();
    expect((await body(client, 'RETR 1')).toString()).toMatch(/\r\n\r\nbare\r\n\.\r\nlf\r\n\.\r\n\r\n$/);
    expect((await body(client, 'TOP 1 2')).toString()).toMatch(/\r\n\r\nbare\r\n\.\r\n$/);
  });

  test('a message of many megabytes comes whole, in pieces', async () => {
    const large = letter('gross', `${'.Zeile mit Punkt und Umlaut ü\r\n'.repeat(150_000)}`);
    await put(letter('klein'), large, letter('danach'));
    const client = await signedIn();
    expect(await client.ask('LIST 2')).toBe(`+OK 2 ${large.length}`);
    client.send('RETR 2\r\n');
    expect(await client.line()).toBe(`+OK ${large.length} octets`);
    const bytes = await client.bytesUntil('\r\n.\r\n');
    expect(bytes?.subarray(0, -3).toString().replaceAll('\n..', '\n.')).toBe(large.toString());
    expect((await body(client, 'TOP 2 1')).toString()).toBe(
      `${large.subarray(0, large.indexOf('\r\n\r\n') + 4)}.Zeile mit Punkt und Umlaut ü\r\n`,
    );
    expect((await body(client, 'RETR 3')).toString()).toContain('danach');
  });

  test('TOP brings the header and so many lines', async () => {
    await put(letter('oben', 'a\r\n.b\r\nc\r\n'));
    const client = await signedIn();
    const header = `Subject: oben\r\nMessage-ID: <oben-${serial}@test>\r\n\r\n`;
    expect((await body(client, 'TOP 1 0')).toString()).toBe(header);
    expect((await body(client, 'TOP 1 2')).toString()).toBe(`${header}a\r\n.b\r\n`);
    expect((await body(client, 'TOP 1 99')).toString()).toBe(`${header}a\r\n.b\r\nc\r\n`);
  });

  test('three hundred messages come in order, out of order and again', async () => {
    await put(...Array.from({ length: 300 }, (_, index) => letter(`nr${index + 1}`)));
    const client = await signedIn();
    const numbers = [...Array.from({ length: 300 }, (_, index) => index + 1), 300, 5, 6, 7, 6, 1, 299];
    for (const number of numbers) expect((await body(client, `RETR ${number}`)).toString()).toContain(`Subject: nr${number}\r\n`);
  });

  test('pipelined commands are answered in order', async () => {
    await put(letter('a'), letter('b'));
    const client = await connect();
    client.send(`USER ${address}\r\nPASS ${password}\r\nSTAT\r\nNOOP\r\nDELE 2\r\nSTAT\r\nFOO\r\nRSET\r\nQUIT\r\n`);
    const answers: (string | null)[] = [];
    for (let index = 0; index < 9; index++) answers.push(await client.line());
    expect(answers.map((answer) => answer?.split(' ')[0])).toEqual(['+OK', '+OK', '+OK', '+OK', '+OK', '+OK', '-ERR', '+OK', '+OK']);
    expect(answers[5]).toMatch(/^\+OK 1 /);
    expect(await uids()).toEqual([1, 2]);
  });

  test('a message that IMAP marked as deleted is shown, one that it expunged cannot be read', async () => {
    await put(letter('bleibt'), letter('geht'));
    const { store, database: db } = opened.services;
    await store.storeFlags(account, INBOX_ID, [[1, 1]], { set: Flag.Deleted });
    const client = await signedIn();
    expect(await client.ask('STAT')).toMatch(/^\+OK 2 /);
    await store.expunge(account, INBOX_ID, [[2, 2]], true);
    await db.write({ name: 'test_sweep', text: `select sweep_account_some($1, now() + interval '1 hour', 1000)` }, [account]);
    expect((await body(client, 'RETR 1')).toString()).toContain('bleibt');
    expect(await client.ask('RETR 2')).toMatch(/^-ERR/);
    expect(await client.ask('STAT')).toMatch(/^\+OK 2 /);
    await client.ask('DELE 2');
    expect(await client.ask('QUIT')).toMatch(/^\+OK/);
    expect(await uids()).toEqual([1]);
  });

  test('a store that is away for a moment makes no message a deleted one', async () => {
    await put(letter('eins'), letter('zwei'), letter('drei'));
    const client = await signedIn();
    const { store } = opened.services;
    const { readMessages } = store;
    store.readMessages = () => {
      throw new StoreError('Unavailable');
    };
    try {
      expect(await client.ask('RETR 1')).toMatch(/^-ERR \[SYS\/TEMP\]/);
    } finally {
      store.readMessages = readMessages;
    }
    expect((await body(client, 'RETR 2')).toString()).toContain('Subject: zwei');
    expect((await body(client, 'RETR 3')).toString()).toContain('Subject: drei');
  });

  test('what comes in during a session is there in the next one, and UIDL stays the same', async () => {
    await put(letter('alt'));
    const first = await signedIn();
    const before = await first.ask('UIDL 1');
    await put(letter('neu'));
    expect(await first.ask('STAT')).toMatch(/^\+OK 1 /);
    await first.ask('QUIT');
    await first.closed();
    const second = await signedIn();
    expect(await second.ask('UIDL 1')).toBe(before);
    expect(await second.ask('STAT')).toMatch(/^\+OK 2 /);
  });

  test('RETR marks a message as seen, TOP does not', async () => {
    await put(letter('a'), letter('b'));
    const client = await signedIn();
    await body(client, 'TOP 1 9');
    await body(client, 'RETR 2');
    await client.ask('QUIT');
    await client.closed();
    await expect
      .poll(async () => {
        const { flags } = await opened.services.store.snapshot(account, INBOX_ID);
        return [flags[0], flags[1]];
      })
      .toEqual([0n, Flag.Seen]);
  });
});

describe('deleting', () => {
  beforeEach(() => put(letter('a'), letter('b'), letter('c')));

  test('happens at QUIT', async () => {
    const client = await signedIn();
    expect(await client.ask('DELE 2')).toMatch(/^\+OK/);
    expect(await client.ask('DELE 2')).toMatch(/^-ERR/);
    expect(await client.ask('RETR 2')).toMatch(/^-ERR/);
    expect((await body(client, 'LIST')).toString()).not.toMatch(/^2 /m);
    expect(await uids()).toEqual([1, 2, 3]);
    expect(await client.ask('QUIT')).toMatch(/^\+OK/);
    expect(await uids()).toEqual([1, 3]);
  });

  test('does not happen after RSET, nor when the connection is cut', async () => {
    const client = await signedIn();
    await client.ask('DELE 1');
    expect(await client.ask('RSET')).toMatch(/^\+OK 3 /);
    await client.ask('DELE 3');
    client.destroy();
    const isFree = async () => {
      const giveBack = await opened.services.maildropLocks.take(account);
      await giveBack?.();
      return giveBack !== null;
    };
    await expect.poll(isFree).toBe(true);
    expect(await uids()).toEqual([1, 2, 3]);
  });

  test('that fails deletes nothing and says so', async () => {
    const client = await signedIn();
    await client.ask('DELE 1');
    await client.ask('DELE 3');
    await sql(
      database.url,
      `create function fail_expunge() returns trigger language plpgsql as $$ begin
        if old.account_id = ${account} and old.uid = 3 then raise exception 'disk full' using errcode = '53100'; end if; return old; end $$`,
    );
    await sql(database.url, 'create trigger fail_expunge before delete on folder_message for each row execute function fail_expunge()');
    expect(await client.ask('QUIT')).toMatch(/^-ERR \[SYS\/TEMP\]/);
    expect(await client.line()).toBeNull();
    await sql(database.url, 'drop trigger fail_expunge on folder_message');
    expect(await uids()).toEqual([1, 2, 3]);
  });
});

test('who ends its side behind its commands gets all the answers', async () => {
  await put(letter('eins'));
  const client = await connect();
  client.end(`USER ${address}\r\nPASS ${password}\r\nDELE 1\r\nSTAT\r\nQUI`);
  for (const answer of [/^\+OK/, /^\+OK 1 /, /^\+OK/, /^\+OK 0 0$/]) expect(await client.line()).toMatch(answer);
  await client.closed();
  expect(await uids()).toEqual([1]);
});

describe('hostile input', () => {
  test('a line without an end is refused, and the connection closed', async () => {
    const client = await connect();
    client.send(Buffer.alloc(9000, 'A'));
    expect(await client.line()).toBe('-ERR Line too long');
    expect(await client.line()).toBeNull();
  });

  test('ten commands that are none end the connection', async () => {
    const client = await connect();
    client.send('\0\0\r\n\r\nGET\r\nX\r\n12\r\nUSERuser\r\nFOO\r\nBAR\r\nBAZ\r\nQUX\r\n');
    const answers: (string | null)[] = [];
    for (let answer = await client.line(); answer !== null; answer = await client.line()) answers.push(answer);
    expect(answers).toHaveLength(10);
    expect(answers.every((answer) => answer?.startsWith('-ERR'))).toBe(true);
  });

  test.each([
    'RETR',
    'RETR 0',
    'RETR -1',
    'RETR 1 2',
    'RETR 99999999999',
    'TOP 1',
    'TOP 1 -1',
    'DELE x',
    'LIST 1 1',
    'UIDL 7',
    'USER x',
    'STLS',
  ])('%s is refused and the session goes on', async (command) => {
    const client = await signedIn();
    expect(await client.ask(command)).toMatch(/^-ERR/);
    expect(await client.ask('NOOP')).toBe('+OK');
  });

  test('commands of the other state are refused', async () => {
    const client = await connect();
    for (const command of ['STAT', 'LIST', 'RETR 1', 'RSET', 'NOOP']) expect(await client.ask(command)).toBe('-ERR Sign in first');
    expect(await client.ask('QUIT')).toMatch(/^\+OK/);
  });

  test('a client that takes nothing of what it asked for does not fill our memory', async () => {
    await put(letter('gross', 'x'.repeat(999).concat('\r\n').repeat(8_000)));
    const client = await signedIn();
    client.pause();
    client.send('RETR 1\r\n'.repeat(200));
    const before = process.memoryUsage().rss;
    // the server's event loop has turned often enough to have sent all 1.6 GB if nothing held it back
    for (let turn = 0; turn < 50; turn++) expect(await (await connect(false)).ask('QUIT')).toMatch(/^\+OK/);
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  });
});
