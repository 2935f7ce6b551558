import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signMailboxToken } from '#lib/auth/mailbox-token.ts';
import type { EmailAddress } from '#lib/addresses/email-address.ts';
import type { AccountId } from '#lib/db/ids.ts';
import { openDirectory } from '#mail-server/store/directory.ts';
import { password, startImapTestServer, type ImapTestServer } from '#tests/support/imap-server.ts';

const max = 'max@muster.at' as EmailAddress;

let server: ImapTestServer;
beforeAll(async () => {
  server = await startImapTestServer({ connectionsPerMailbox: 5 });
  for (const name of ['max', 'erika', 'many', 'blocked', 'idle']) await server.addMailbox(`${name}@muster.at`);
});
afterAll(() => server.close());

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('login', () => {
  test('no password goes over a connection without TLS', async () => {
    const client = await server.connect('imap');
    expect(client.greeting).toMatch(/LOGINDISABLED/);
    expect(client.greeting).not.toMatch(/AUTH=/);
    expect(client.greeting).toMatch(/STARTTLS/);
    for (const command of [
      `LOGIN max@muster.at "${password}"`,
      `AUTHENTICATE PLAIN ${base64(`\0max@muster.at\0${password}`)}`,
      'AUTHENTICATE LOGIN',
    ]) {
      expect((await client.command(command)).text).toMatch(/^NO \[PRIVACYREQUIRED\]/);
    }
    client.end();
  });

  test('STARTTLS leads to a login, once, and what was sent before the handshake is forgotten', async () => {
    const client = await server.connect('imap');
    client.send('a STARTTLS\r\nb CAPABILITY\r\nc LOGOUT\r\n');
    expect((await client.line()).text).toMatch(/^a OK/);
    await client.startTls();
    const capability = await client.ok('CAPABILITY');
    expect(capability.untagged).toHaveLength(1);
    expect(capability.untagged[0]).toMatch(/AUTH=PLAIN/);
    expect(capability.untagged[0]).not.toMatch(/STARTTLS|LOGINDISABLED/);
    expect((await client.command('STARTTLS')).status).toBe('BAD');
    expect((await client.ok(`LOGIN max@muster.at "${password}"`)).text).toMatch(/^OK \[CAPABILITY IMAP4rev1 IMAP4rev2 /);
    client.end();
  });

  test('every mechanism lets the right one in', async () => {
    const login = await openDirectory(server.process.database).login(max);
    const { accountId = 0 as AccountId, credentialVersion = 0 } = login ?? {};
    const token = await signMailboxToken({ address: max, accountId, credentialVersion }, server.secret, 60);
    for (const [command, ...parts] of [
      [`LOGIN {13}`, `max@muster.at {${password.length}}\r\n`, `${password}\r\n`],
      [`AUTHENTICATE PLAIN ${base64(`\0max@muster.at\0${password}`)}`],
      ['AUTHENTICATE PLAIN', `${base64(`max@muster.at\0max@muster.at\0${password}`)}\r\n`],
      ['AUTHENTICATE LOGIN', `${base64('max@muster.at')}\r\n`, `${base64(password)}\r\n`],
      [`AUTHENTICATE OAUTHBEARER ${base64(`n,a=max@muster.at,\u0001auth=Bearer ${token}\u0001\u0001`)}`],
      ['AUTHENTICATE XOAUTH2', `${base64(`user=max@muster.at\u0001auth=Bearer ${token}\u0001\u0001`)}\r\n`],
    ] as const) {
      const client = await server.connect();
      expect((await client.command(command, ...parts)).status, command).toBe('OK');
      client.end();
    }
  });

  test('a wrong password, an unknown mailbox and a bad token are refused alike', async () => {
    const client = await server.connect();
    expect((await client.command('LOGIN erika@muster.at wrong')).text).toMatch(/^NO \[AUTHENTICATIONFAILED\]/);
    expect((await client.command('LOGIN niemand@muster.at wrong')).text).toMatch(/^NO \[AUTHENTICATIONFAILED\]/);
    client.end();
    const other = await server.connect();
    const bearer = base64('n,a=erika@muster.at,\u0001host=localhost\u0001auth=Bearer abc\u0001\u0001');
    expect((await other.command(`AUTHENTICATE OAUTHBEARER ${bearer}`, 'AQ==\r\n')).text).toMatch(/^NO \[AUTHENTICATIONFAILED\]/);
    expect((await other.command('AUTHENTICATE PLAIN', '*\r\n')).status).toBe('BAD');
    expect((await other.command('AUTHENTICATE PLAIN !!!')).status).toBe('BAD');
    expect((await other.command('SELECT INBOX')).status).toBe('BAD');
    other.end();
  });

  test('the mailbox has a limit of connections, which closed ones give back', async () => {
    const clients = await Promise.all(Array.from({ length: 5 }, () => server.login('many@muster.at')));
    const one = await server.connect();
    expect((await one.command(`LOGIN many@muster.at "${password}"`)).text).toMatch(/^NO \[LIMIT\]/);
    await clients[0]?.ok('LOGOUT');
    await clients[0]?.closed();
    await expect.poll(async () => (await one.command(`LOGIN many@muster.at "${password}"`)).status).toBe('OK');
    for (const client of [...clients, one]) client.end();
  });
});

test('failed logins take longer and longer, and the third ends the connection', async () => {
  const client = await server.connect();
  for (let attempt = 0; attempt < 2; attempt++) await client.command(`LOGIN blocked@muster.at wrong${attempt}`);
  client.send('z LOGIN blocked@muster.at wrong\r\n');
  expect((await client.line()).text).toMatch(/^z NO \[AUTHENTICATIONFAILED\]/);
  expect(await client.closed()).toEqual(['* BYE Too many failed logins']);
  const again = await server.connect();
  for (let attempt = 0; attempt < 2; attempt++) await again.command(`LOGIN blocked@muster.at guess${attempt}`);
  again.end();
  const next = await server.connect();
  expect((await next.command(`LOGIN blocked@muster.at "${password}"`)).text).toMatch(/^NO \[LIMIT\]/);
  next.end();
});

describe('hostile input', () => {
  test('megabytes without a line end, before and after login', async () => {
    for (const client of [await server.connect(), await server.login('max@muster.at')]) {
      client.send('a SEARCH TEXT "');
      for (let sent = 0; sent < 100 && !client.ended; sent++) client.send(Buffer.alloc(65_536, 65));
      const said = await client.closed();
      expect(said.join('\n')).toMatch(/BAD/);
      expect(said.join('\n')).toMatch(/\* BYE/);
    }
  });

  test('endless nonsense ends the connection', async () => {
    const client = await server.connect();
    client.send('\r\n'.repeat(10_000));
    expect((await client.closed()).at(-1)).toMatch(/^\* BYE/);
  });

  test.each(['4294967296', '99999999999999999999', '1000000000', '-1', '0x10', '1e9', '9000', '4294967296+', '100000000+'])(
    'LOGIN {%s} before login is refused',
    async (size) => {
      const client = await server.connect();
      client.send(`a LOGIN {${size}}\r\n`);
      expect((await client.line()).text).toMatch(/^(a|\*) (BAD|NO|BYE)/);
      client.end();
    },
  );

  test('a stranger cannot fill the memory with letters before he signs in', async () => {
    const client = await server.connect();
    const piece = `{4096+}\r\n${'x'.repeat(4096)}`;
    client.send(`a APPEND INBOX ${piece} ${piece} ${piece}\r\n`);
    expect((await client.line()).text).toMatch(/^a NO \[TOOBIG\]/);
    expect((await client.closed()).at(-1)).toMatch(/^\* BYE/);
  });

  test('a message that is too large is refused before it is sent', async () => {
    const client = await server.login('max@muster.at');
    expect((await client.command('APPEND INBOX {5000001}')).text).toMatch(/^NO \[TOOBIG\]/);
    expect((await client.command('NOOP')).status).toBe('OK');
    client.send('z APPEND INBOX {5000001+}\r\n');
    expect((await client.line()).text).toMatch(/^z NO \[TOOBIG\]/);
    expect((await client.closed()).at(-1)).toMatch(/^\* BYE/);
  });

  test.each([
    ['parentheses', `SEARCH ${'('.repeat(10_000)}ALL${')'.repeat(10_000)}`],
    ['open parentheses', `SEARCH ${'('.repeat(60_000)}`],
    ['NOT', `SEARCH ${'NOT '.repeat(10_000)}ALL`],
    ['OR', `SEARCH ${'OR ALL '.repeat(8_000)}ALL`],
    ['search keys', `SEARCH ${'TEXT x '.repeat(9_000)}`],
    ['ranges', `FETCH ${Array(15_000).fill('1:*').join(',')} UID`],
    ['fetch lists', `FETCH 1 ${'('.repeat(50_000)}`],
    ['fetch items', `FETCH 1 (${'UID '.repeat(15_000)}UID)`],
    ['section depth', `FETCH 1 BODY[${'1.'.repeat(20_000)}1]`],
    ['partial', 'FETCH 1 BODY[]<18446744073709551615.18446744073709551615>'],
    ['empty partial', 'FETCH 1 BODY[]<0.0>'],
    ['wildcards', `LIST "" "${'*%'.repeat(400)}x"`],
    ['stars', `LIST "" "${'I*'.repeat(40)}x"`],
    ['keywords', `STORE 1 +FLAGS (${Array.from({ length: 8_000 }, (_, at) => `k${at}`).join(' ')})`],
    ['long keyword', `STORE 1 +FLAGS (${'k'.repeat(60_000)})`],
    ['ID fields', `ID (${Array.from({ length: 1000 }, (_, at) => `"a${at}" "b"`).join(' ')})`],
    ['zero', 'FETCH 0 UID'],
    ['large number', 'FETCH 4294967296 UID'],
  ])('too much of %s is answered and the session goes on', async (_name, command) => {
    const client = await server.login('max@muster.at');
    await client.append('INBOX', 'Subject: x\r\n\r\ny\r\n');
    await client.ok('SELECT INBOX');
    expect((await client.command(command)).status).toMatch(/^(OK|NO|BAD)$/);
    expect((await client.command('NOOP')).status).toBe('OK');
    client.end();
  });
});

describe('IDLE', () => {
  test('new mail, flags and expunges of another session are told at once', async () => {
    const idle = await server.login('idle@muster.at');
    const other = await server.login('idle@muster.at');
    await idle.ok('SELECT INBOX');
    idle.send('i IDLE\r\n');
    expect((await idle.line()).text).toMatch(/^\+/);
    await other.append('INBOX', 'Subject: one\r\n\r\n1\r\n');
    expect((await idle.line()).text).toBe('* 1 EXISTS');
    expect((await idle.line()).text).toBe('* 1 RECENT');
    await other.ok('SELECT INBOX');
    await other.ok('STORE 1 +FLAGS (\\Deleted)');
    expect((await idle.line()).text).toMatch(/^\* 1 FETCH \(FLAGS \(\\Deleted( \\Recent)?\)\)$/);
    await other.ok('EXPUNGE');
    expect((await idle.line()).text).toBe('* 1 EXPUNGE');
    idle.send('DONE\r\n');
    expect((await idle.answer('i')).status).toBe('OK');
    idle.end();
    other.end();
  });

  test('what another process does is told too', async () => {
    const elsewhere = await server.another();
    const idle = await server.login('idle@muster.at');
    await idle.ok('SELECT INBOX');
    const other = await elsewhere.login('idle@muster.at');
    await other.append('INBOX', 'Subject: two\r\n\r\n2\r\n');
    expect((await idle.ok('NOOP')).untagged).toContain('1 EXISTS');
    idle.end();
    other.end();
    await elsewhere.close();
  });

  test('commands may stand right behind IDLE and DONE, thousands of times', async () => {
    const client = await server.login('idle@muster.at');
    await client.ok('SELECT INBOX');
    client.send(`${Array.from({ length: 2000 }, (_, at) => `i${at} IDLE\r\nDONE\r\n`).join('')}`);
    client.send('z NOOP\r\n');
    let answered = 0;
    for (let line = await client.line(); !line.text.startsWith('z '); line = await client.line())
      if (/^i\d+ OK/.test(line.text)) answered++;
    expect(answered).toBe(2000);
    client.end();
  });

  test('anything but DONE ends it with BAD', async () => {
    const client = await server.login('idle@muster.at');
    client.send('i IDLE\r\nNOTDONE\r\n');
    expect((await client.line()).text).toMatch(/^\+/);
    expect((await client.answer('i')).status).toBe('BAD');
    client.send(`k IDLE\r\n${'x'.repeat(100_000)}`);
    expect((await client.closed()).at(-1)).toMatch(/^\* BYE/);
  });
});

test('pipelined commands are answered in order', async () => {
  const client = await server.login('max@muster.at');
  client.send(
    Array.from({ length: 300 }, (_, at) => `p${at} ${at % 3 === 0 ? 'NOOP' : at % 3 === 1 ? 'SELECT INBOX' : 'CAPABILITY'}\r\n`).join(''),
  );
  for (let at = 0; at < 300; at++) expect((await client.answer(`p${at}`)).status).toBe('OK');
  client.end();
});

test.each(['imap', 'imaps'] as const)('who ends its side behind its commands gets all the answers: %s', async (service) => {
  const client = await server.connect(service);
  client.socket.end('a CAPABILITY\r\nb ID NIL\r\nc NOOP\r\nd LOG');
  expect((await client.closed()).filter((line) => !line.startsWith('*'))).toEqual([
    'a OK CAPABILITY done',
    'b OK ID done',
    'c OK NOOP done',
  ]);
});

test('commands that do not fit the state are refused', async () => {
  const client = await server.connect();
  for (const command of ['SELECT INBOX', 'LIST "" *', 'IDLE', 'FETCH 1 UID', 'ENABLE CONDSTORE'])
    expect((await client.command(command)).status).toBe('BAD');
  await client.ok(`LOGIN max@muster.at "${password}"`);
  for (const command of ['LOGIN a b', 'FETCH 1 UID', 'CLOSE', 'UID NOOP', 'XYZZY'])
    expect((await client.command(command)).status).toBe('BAD');
  await client.ok('LOGOUT');
  expect(await client.closed()).toEqual([]);
});

test('a store that is away says so and never shows an empty list', async () => {
  const elsewhere = await server.another();
  const client = await elsewhere.login('max@muster.at');
  await client.ok('SELECT INBOX');
  await elsewhere.process.database.close();
  for (const command of ['LIST "" *', 'STATUS INBOX (MESSAGES)', 'SELECT Sent', 'LSUB "" *', 'GETQUOTA ""']) {
    const answer = await client.command(command);
    expect(answer.text).toMatch(/^NO \[UNAVAILABLE\]/);
    expect(answer.untagged.filter((line) => !line.startsWith('OK [CLOSED]'))).toEqual([]);
  }
  client.end();
  await elsewhere.close();
});

test('a server that closes says goodbye', async () => {
  const elsewhere = await server.another();
  const idle = await elsewhere.login('max@muster.at');
  idle.send('i IDLE\r\n');
  await idle.line();
  const waiting = await elsewhere.connect();
  await elsewhere.close();
  expect(await idle.closed()).toEqual(['* BYE [UNAVAILABLE] Server is going down']);
  expect(await waiting.closed()).toEqual(['* BYE [UNAVAILABLE] Server is going down']);
});
