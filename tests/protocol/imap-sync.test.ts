import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import { startImapTestServer, type ImapTestServer } from '#tests/support/imap-server.ts';
import { numbersOf, type TestImap } from '#tests/support/imap-client.ts';

// Two sessions of one mailbox in two processes: what one does the other is told, at the moments RFC 3501 and RFC 9051 allow.

let server: ImapTestServer;
let elsewhere: ImapTestServer;
let first: TestImap;
let second: TestImap;
let mailbox = 0;
let account: AccountId;

beforeAll(async () => {
  server = await startImapTestServer();
  elsewhere = await server.another();
});
afterAll(async () => {
  await elsewhere.close();
  await server.close();
});

/** A mailbox with five messages, open in both sessions. */
beforeEach(async () => {
  const address = `max${++mailbox}@muster.at`;
  account = await server.addMailbox(address);
  first = await server.login(address);
  second = await elsewhere.login(address);
  for (let number = 1; number <= 5; number++) await first.append('INBOX', `Subject: ${number}\r\n\r\nbody ${number}\r\n`);
  await first.ok('SELECT INBOX');
  await second.ok('SELECT INBOX');
  return () => {
    first.end();
    second.end();
  };
});

test('what a session was told as \\Recent is not counted by STATUS any more', async () => {
  await second.append('INBOX', 'Subject: 6\r\n\r\nx');
  expect((await first.ok('NOOP')).untagged).toEqual(expect.arrayContaining(['6 EXISTS']));
  const third = await server.login(`max${mailbox}@muster.at`);
  expect((await third.ok('STATUS INBOX (MESSAGES RECENT)')).untagged).toEqual(['STATUS "INBOX" (MESSAGES 6 RECENT 0)']);
  third.end();
});

describe('expunged by another session', () => {
  beforeEach(async () => {
    await first.ok('STORE 2,4 +FLAGS.SILENT (\\Deleted)');
    expect((await first.ok('EXPUNGE')).untagged).toEqual(['4 EXPUNGE', '2 EXPUNGE', '3 RECENT']);
  });

  test('NOOP tells it, and numbers move up', async () => {
    const told = (await second.ok('NOOP')).untagged.filter((line) => line.includes('EXPUNGE'));
    expect(told).toEqual(['4 EXPUNGE', '2 EXPUNGE']);
    expect((await second.ok('FETCH 1:* UID')).untagged).toEqual(['1 FETCH (UID 1)', '2 FETCH (UID 3)', '3 FETCH (UID 5)']);
  });

  test('FETCH, STORE and SEARCH keep the numbers, and the message can still be read', async () => {
    // this process knows, the client does not yet
    expect((await elsewhere.process.store.snapshot(account, 1)).count).toBe(3);
    const fetched = await second.ok('FETCH 1:5 (UID BODY.PEEK[TEXT])');
    expect(fetched.untagged.filter((line) => line.includes('EXPUNGE'))).toEqual([]);
    expect(fetched.lines.map((line) => String(line.literals[0])).slice(0, 5)).toEqual(
      [1, 2, 3, 4, 5].map((number) => `body ${number}\r\n`),
    );
    expect((await second.ok('STORE 2,3 +FLAGS (\\Flagged)')).untagged.some((line) => line.includes('EXPUNGE'))).toBe(false);
    expect(numbersOf(await second.ok('SEARCH ALL'), 'SEARCH')).toEqual([1, 2, 3, 4, 5]);
    expect((await second.ok('NOOP')).untagged.filter((line) => line.includes('EXPUNGE'))).toEqual(['4 EXPUNGE', '2 EXPUNGE']);
  });

  test('COPY, MOVE and STORE never mean another message than the client does', async () => {
    expect((await elsewhere.process.store.snapshot(account, 1)).count).toBe(3);
    expect((await second.command('COPY 2 Archive')).text).toMatch(/^NO \[EXPUNGEISSUED\]/);
    expect((await second.ok('STATUS Archive (MESSAGES)')).untagged.at(-1)).toBe('STATUS "Archive" (MESSAGES 0)');
  });

  test('UID commands may tell it', async () => {
    await second.ok('NOOP');
    await first.ok('UID STORE 1 +FLAGS.SILENT (\\Deleted)');
    await first.ok('UID EXPUNGE 1:3');
    await second.ok('NOOP');
    expect((await second.ok('UID FETCH 1:* FLAGS')).untagged.map((line) => /UID (\d+)/.exec(line)?.[1])).toEqual(['3', '5']);
  });

  test('new mail behind it gets the right number', async () => {
    await first.append('INBOX', 'Subject: 6\r\n\r\nbody 6\r\n');
    const { untagged } = await second.ok('NOOP');
    expect(untagged.slice(0, 3)).toEqual(['4 EXPUNGE', '2 EXPUNGE', '4 EXISTS']);
    expect((await second.ok('FETCH 4 UID')).untagged).toEqual(['4 FETCH (UID 6)']);
  });
});

describe('STORE', () => {
  test('answers every message it named, and .SILENT none', async () => {
    expect((await first.ok('STORE 1:2 +FLAGS (\\Seen)')).untagged.filter((line) => line.includes('Seen'))).toHaveLength(2);
    expect((await first.ok('STORE 1:2 +FLAGS (\\Seen)')).untagged).toHaveLength(2);
    expect((await first.ok('STORE 1:2 -FLAGS.SILENT (\\Seen)')).untagged).toEqual([]);
    expect((await first.ok('UID STORE 1 FLAGS (\\Draft $Label)')).untagged.at(-1)).toMatch(/^1 FETCH \(UID 1 FLAGS \(\\Draft \$Label/);
  });

  test('.SILENT still tells what another session changed', async () => {
    await second.ok('STORE 1 +FLAGS (\\Flagged)');
    await first.ok('NOOP');
    await second.ok('STORE 1 +FLAGS (\\Answered)');
    await server.process.store.snapshot(account, 1);
    const silent = await first.ok('STORE 1 +FLAGS.SILENT (\\Seen)');
    expect(silent.untagged.join()).toMatch(/1 FETCH \(FLAGS \(\\Answered \\Flagged/);
  });

  test('UNCHANGEDSINCE leaves alone what was changed meanwhile, and says so', async () => {
    const modseq = Number(/MODSEQ \((\d+)\)/.exec((await first.ok('FETCH 5 (MODSEQ)')).untagged.at(-1) ?? '')?.[1]);
    await second.ok('STORE 2 +FLAGS (\\Flagged)');
    const answer = await first.ok(`STORE 1:3 (UNCHANGEDSINCE ${modseq}) +FLAGS (\\Deleted)`);
    expect(answer.text).toMatch(/^OK \[MODIFIED 2\]/);
    expect((await first.ok('FETCH 1:3 FLAGS')).untagged.map((line) => line.includes('Deleted'))).toEqual([true, false, true]);
    expect((await first.ok('UID STORE 1 (UNCHANGEDSINCE 0) +FLAGS.SILENT (\\Seen)')).text).toMatch(/\[MODIFIED 1\]/);
  });

  test('a session that knows CONDSTORE is told every MODSEQ, also of its silent changes', async () => {
    await first.ok('UNSELECT');
    expect((await first.ok('ENABLE CONDSTORE')).untagged).toEqual(['ENABLED CONDSTORE']);
    await first.ok('SELECT INBOX');
    // who enables too late is let: it was enabled already
    expect((await first.ok('ENABLE CONDSTORE')).untagged).toEqual(['ENABLED']);
    expect((await first.ok('STORE 1 +FLAGS.SILENT (\\Seen)')).untagged[0]).toMatch(/^1 FETCH \(MODSEQ \(\d+\)\)$/);
    expect((await first.ok('STORE 1 +FLAGS (\\Flagged)')).untagged[0]).toMatch(/^1 FETCH \(FLAGS \(.*\) MODSEQ \(\d+\)\)$/);
  });

  test('a keyword is made by +FLAGS and not by -FLAGS, and the client hears of it first', async () => {
    const made = await first.ok('STORE 1 +FLAGS (Wichtig)');
    expect(made.untagged[0]).toMatch(/^FLAGS \(.*Wichtig\)$/);
    expect(made.untagged[1]).toMatch(/^1 FETCH \(FLAGS \(Wichtig/);
    await first.ok('STORE 1 -FLAGS (Nie)');
    expect((await second.ok('SELECT INBOX')).untagged.find((line) => line.startsWith('FLAGS'))).not.toMatch(/Nie/);
    expect((await first.command(`STORE 1 +FLAGS (${'k'.repeat(200)})`)).text).toMatch(/^NO \[LIMIT\]/);
    let last = await first.command('NOOP');
    for (let at = 0; at < 60; at++) last = await first.command(`STORE 1 +FLAGS.SILENT (key${at})`);
    expect(last.untagged).toEqual([expect.stringMatching(/^FLAGS \(.* key59\)$/)]);
    expect((await first.ok('STORE 1 -FLAGS (Wichtig)')).untagged[0]).toMatch(/^1 FETCH \(FLAGS \(key0 .* key59/);
  });

  test('a folder opened with EXAMINE cannot be changed', async () => {
    await first.ok('EXAMINE INBOX');
    for (const command of ['STORE 1 +FLAGS (\\Seen)', 'EXPUNGE', 'MOVE 1 Trash']) expect((await first.command(command)).status).toBe('NO');
    await first.ok('FETCH 1 BODY[]');
    expect((await first.ok('FETCH 1 FLAGS')).untagged[0]).not.toMatch(/Seen/);
    await first.ok('CLOSE');
  });
});

describe('COPY and MOVE', () => {
  test('say which UID became which', async () => {
    expect((await first.ok('COPY 2:4 Archive')).text).toMatch(/^OK \[COPYUID \d+ 2:4 1:3\]/);
    const moved = await first.ok('UID MOVE 1,5 Archive');
    expect(moved.untagged[0]).toMatch(/^OK \[COPYUID \d+ 1,5 4:5\]/);
    expect(moved.untagged.slice(1)).toEqual(['5 EXPUNGE', '1 EXPUNGE', '3 RECENT']);
    expect((await first.ok('STATUS Archive (MESSAGES)')).untagged).toEqual(['STATUS "Archive" (MESSAGES 5)']);
  });

  test('a folder that is not there asks to be created, and nothing is copied', async () => {
    expect((await first.command('COPY 1 Nirgends')).text).toMatch(/^NO \[TRYCREATE\]/);
    expect((await first.command('MOVE 1 Nirgends')).text).toMatch(/^NO \[TRYCREATE\]/);
    expect((await first.command('APPEND Nirgends {1+}\r\nx')).text).toMatch(/^NO \[TRYCREATE\]/);
  });

  test('messages copied into their own folder are both read', async () => {
    await first.ok('COPY 1 INBOX');
    const { lines } = await first.ok('FETCH 1:6 (BODY.PEEK[TEXT])');
    expect(lines.filter((line) => String(line.literals[0]) === 'body 1\r\n')).toHaveLength(2);
  });
});

describe('APPEND', () => {
  test('several messages come all or none, with flags and dates', async () => {
    const answer = await first.ok('APPEND Drafts (\\Draft) "17-Jul-1996 02:44:25 -0700" {3+}\r\na\r\n (\\Seen Eigen) {3+}\r\nb\r\n');
    expect(answer.text).toMatch(/^OK \[APPENDUID \d+ 1:2\]/);
    await first.ok('SELECT Drafts');
    const { untagged } = await first.ok('FETCH 1:2 (FLAGS INTERNALDATE)');
    expect(untagged[0]).toMatch(/FLAGS \(\\Draft.*\) INTERNALDATE "17-Jul-1996 09:44:25 \+0000"/);
    expect(untagged[1]).toMatch(/FLAGS \(\\Seen Eigen/);
    expect((await first.command('APPEND Drafts {3+}\r\na\r\n {0+}\r\n')).status).toBe('NO');
    expect((await first.ok('STATUS Drafts (MESSAGES)')).untagged).toEqual(['STATUS "Drafts" (MESSAGES 2)']);
  });

  test('a full mailbox says OVERQUOTA', async () => {
    await server.addMailbox('voll@muster.at', 100);
    const full = await server.login('voll@muster.at');
    const big = 'x'.repeat(200);
    expect((await full.command(`APPEND INBOX {${big.length}+}\r\n${big}`)).text).toMatch(/^NO \[OVERQUOTA\]/);
    expect((await full.ok('GETQUOTAROOT INBOX')).untagged[1]).toBe('QUOTA "" (STORAGE 0 0)');
    full.end();
  });

  test('bytes come out as they came in', async () => {
    const message = Buffer.concat([
      Buffer.from('Subject: bytes\r\n\r\n'),
      Buffer.from(Array.from({ length: 255 }, (_, at) => at + 1)),
      Buffer.from('\n\r\r\n'),
    ]);
    first.send(Buffer.concat([Buffer.from(`z APPEND INBOX {${message.length}+}\r\n`), message, Buffer.from('\r\n')]));
    expect((await first.answer('z')).status).toBe('OK');
    const { lines } = await first.ok('FETCH 6 (BODY.PEEK[])');
    expect(lines[0]?.literals[0]?.equals(message)).toBe(true);
  });
});

test('a connection cut inside a literal leaves nothing behind', async () => {
  first.send('z APPEND INBOX {1000+}\r\nSubject: half');
  first.socket.end();
  await first.closed();
  expect((await second.ok('STATUS INBOX (MESSAGES UIDNEXT)')).untagged[0]).toBe('STATUS "INBOX" (MESSAGES 5 UIDNEXT 6)');
});

test('only the first session to open a folder sees a message as recent', async () => {
  await server.addMailbox('neu@muster.at');
  const one = await server.login('neu@muster.at');
  await one.append('INBOX', 'a');
  expect((await one.ok('EXAMINE INBOX')).untagged).toContain('1 RECENT');
  expect((await one.ok('SELECT INBOX')).untagged).toContain('1 RECENT');
  expect((await one.ok('FETCH 1 FLAGS')).untagged).toEqual(['1 FETCH (FLAGS (\\Recent))']);
  expect(numbersOf(await one.ok('SEARCH NEW'), 'SEARCH')).toEqual([1]);
  const two = await elsewhere.login('neu@muster.at');
  expect((await two.ok('SELECT INBOX')).untagged).toContain('0 RECENT');
  one.end();
  two.end();
});

test('the selected folder deleted by another session ends the session, by itself only closes it', async () => {
  await first.ok('CREATE Weg');
  await first.ok('SELECT Weg');
  await second.ok('SELECT Weg');
  await second.ok('DELETE Weg');
  expect((await second.command('FETCH 1 UID')).status).toBe('BAD');
  first.send('z NOOP\r\n');
  expect((await first.closed()).join()).toMatch(/\* BYE/);
});
