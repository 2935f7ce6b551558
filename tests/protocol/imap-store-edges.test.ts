import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import { INBOX_ID } from '#mail-server/store/mail-store.ts';
import { eventually } from '#tests/support/eventually.ts';
import { numbersOf, type TestImap } from '#tests/support/imap-client.ts';
import { password, startImapTestServer, type ImapTestServer } from '#tests/support/imap-server.ts';
import { newMessage } from '#tests/support/store.ts';

let server: ImapTestServer;
let client: TestImap;
let account: AccountId;
let address: string;
let serial = 0;

beforeAll(async () => {
  server = await startImapTestServer({ cleartextLoginOnLoopback: true });
});
afterAll(() => server.close());
beforeEach(async () => {
  address = `rand${++serial}@muster.at`;
  account = await server.addMailbox(address);
  client = await server.login(address);
});

const put = (count: number, text = 'Subject: x\n\nx\n') =>
  server.process.store.append(
    account,
    INBOX_ID,
    Array.from({ length: count }, () => newMessage(text)),
  );

async function sql(text: string): Promise<void> {
  const database = new pg.Client(server.databaseUrl);
  await database.connect();
  await database.query(text, [account]);
  await database.end();
}

describe('labels', () => {
  test('a letter is stored whatever its labels are: seventy, too long, or flags that are not ours', async () => {
    const labels = Array.from({ length: 70 }, (_, index) => `Label${index}`).join(' ');
    for (const flags of [labels, `\\Recent \\Seen \\Unknown ${'k'.repeat(300)} Short`]) {
      expect((await client.append('INBOX', 'Subject: x\r\n\r\nx', `(${flags}) `)).text).toMatch(/APPENDUID/);
    }
    const selected = await client.ok('SELECT INBOX');
    expect(selected.untagged.find((line) => line.includes('PERMANENTFLAGS'))).toMatch(/Label69 Short \\\*\)/);
    expect((await client.ok('FETCH 1:2 FLAGS')).untagged).toEqual([
      `1 FETCH (FLAGS (${labels} \\Recent))`,
      '2 FETCH (FLAGS (\\Seen Short \\Recent))',
    ]);
    expect(numbersOf(await client.ok('SEARCH KEYWORD label42'), 'SEARCH')).toEqual([1]);
  });

  test('a letter is stored though its labels are such as IMAP forbids and some servers tell of all the same', async () => {
    const labels = '[EXPUNGED] a]b 100% x*y w\\z Büro "Gmail" "two words" \\ {7} Kept';
    expect((await client.append('INBOX', 'Subject: x\r\n\r\nx', `(\\Seen ${labels}) `)).text).toMatch(/APPENDUID/);
    await client.ok('SELECT INBOX');
    expect((await client.ok('FETCH 1 FLAGS')).untagged).toEqual(['1 FETCH (FLAGS (\\Seen Gmail Kept \\Recent))']);
    for (const flags of ['(a]b)', '[a]', '(100%)', '("Gmail")'])
      expect((await client.command(`STORE 1 +FLAGS ${flags}`)).status).toBe('BAD');
    expect(numbersOf(await client.ok('SEARCH KEYWORD "gmail" UNKEYWORD a]b'), 'SEARCH')).toEqual([1]);
  });

  test('a keyword that no message carries is not told any more', async () => {
    await client.append('INBOX', 'Subject: x\r\n\r\nx', '(Once) ');
    await client.ok('SELECT INBOX');
    await client.ok('STORE 1 -FLAGS (once)');
    expect((await client.ok('SELECT INBOX')).untagged.find((line) => line.startsWith('FLAGS'))).not.toContain('Once');
  });

  test('keyword sets that nobody carries are removed, those in use stay', async () => {
    await put(2);
    await client.ok('SELECT INBOX');
    await client.ok('STORE 2 +FLAGS (Kept)');
    for (let index = 0; index < 300; index++) await client.ok(`STORE 1 FLAGS.SILENT (temporary${index})`);
    const database = new pg.Client(server.databaseUrl);
    await database.connect();
    const { rows } = await database.query('select count(*)::int as n from keyword_set where account_id = $1', [account]);
    await database.end();
    expect(rows[0].n).toBeLessThan(100);
    expect((await client.ok('FETCH 1:2 FLAGS')).untagged).toEqual([
      '1 FETCH (FLAGS (temporary299 \\Recent))',
      '2 FETCH (FLAGS (Kept \\Recent))',
    ]);
  });
});

describe('a full mailbox', () => {
  test('deletes by COPY to Trash as well as by MOVE, and takes no new letter', async () => {
    await put(2);
    await sql('update account_counter set quota_bytes = used_bytes - 1 where account_id = $1');
    await client.ok('SELECT INBOX');
    expect((await client.command('COPY 1 Archive')).text).toMatch(/^NO \[OVERQUOTA\]/);
    expect((await client.ok('COPY 1 Trash')).text).toMatch(/COPYUID/);
    await client.ok('STORE 1 +FLAGS (\\Deleted $label)');
    await client.ok('MOVE 2 Trash');
    const appended = await client.command('APPEND INBOX {4}', 'x: y\r\n');
    expect(appended.text).toMatch(/^NO \[OVERQUOTA\]/);
  });

  test('the margin of Trash has an end', async () => {
    await put(1);
    await sql('update account_counter set quota_bytes = 1000, used_bytes = 1000 + 104857600 where account_id = $1');
    await client.ok('SELECT INBOX');
    expect((await client.command('COPY 1 Trash')).text).toMatch(/^NO \[OVERQUOTA\]/);
  });
});

describe('to the letter', () => {
  test('a tag may hold "]"', async () => {
    client.send('a]1 NOOP\r\n');
    expect((await client.line()).text).toMatch(/^a\]1 OK/);
  });

  test('APPEND takes literal8, NUL included, and BINARY gives it back', async () => {
    const bytes = Buffer.from('Subject: n\r\nContent-Transfer-Encoding: binary\r\n\r\na\0b\r\n');
    await client.ok(`APPEND INBOX ~{${bytes.length}}`, Buffer.concat([bytes, Buffer.from('\r\n')]));
    client.send(Buffer.concat([Buffer.from(`b APPEND INBOX (\\Seen) ~{${bytes.length}+}\r\n`), bytes, Buffer.from('\r\n')]));
    expect((await client.answer('b')).text).toMatch(/^OK \[APPENDUID/);
    await client.ok('SELECT INBOX');
    const fetched = await client.ok('FETCH 2 BINARY.PEEK[1]');
    expect(fetched.lines[0]?.literals[0]?.toString('latin1')).toBe('a\0b\r\n');
  });

  test('BINARY of an unknown encoding is NO [UNKNOWN-CTE] and never an empty list', async () => {
    await client.append('INBOX', 'Subject: x\r\nContent-Transfer-Encoding: x-fancy\r\n\r\nx\r\n');
    await client.append('INBOX', 'Subject: y\r\n\r\ny\r\n');
    await client.ok('SELECT INBOX');
    for (const [command, told] of [
      ['FETCH 1 BINARY.PEEK[1]', []],
      ['FETCH 1 (BINARY.PEEK[1] BINARY.SIZE[1])', []],
      ['UID FETCH 1 BINARY.PEEK[1]', ['1 FETCH (UID 1)']],
      ['FETCH 1:2 BINARY.SIZE[1]', ['2 FETCH (BINARY.SIZE[1] 3)']],
    ] as const) {
      const answer = await client.command(command);
      expect(answer.text).toMatch(/^NO \[UNKNOWN-CTE\]/);
      expect(answer.untagged).toEqual(told);
    }
  });

  test('a SEARCH that ends in NO leaves nothing saved, one that ends in BAD changes nothing', async () => {
    await put(3);
    await client.ok('SELECT INBOX');
    const saved = async (): Promise<number[]> => numbersOf(await client.ok('SEARCH $'), 'SEARCH');
    await client.ok('SEARCH RETURN (SAVE) 2:3');
    expect((await client.command('SEARCH RETURN (SAVE) NONSENSE')).status).toBe('BAD');
    expect(await saved()).toEqual([2, 3]);
    expect((await client.command('SEARCH RETURN (SAVE) CHARSET X-KLINGON SUBJECT x')).text).toMatch(/^NO \[BADCHARSET/);
    expect(await saved()).toEqual([]);
  });

  test('STATUS tells what is \\Deleted in octets', async () => {
    const [first] = await put(2);
    await client.ok('SELECT INBOX');
    await client.ok('STORE 1 +FLAGS.SILENT (\\Deleted)');
    const size = Number(/RFC822\.SIZE (\d+)/.exec((await client.ok('FETCH 1 RFC822.SIZE')).untagged[0] ?? '')?.[1]);
    expect(first?.uid).toBe(1);
    expect((await client.ok('STATUS INBOX (DELETED DELETED-STORAGE)')).untagged[0]).toBe(
      `STATUS "INBOX" (DELETED 1 DELETED-STORAGE ${size})`,
    );
    const listed = await client.ok('LIST "" Archive RETURN (STATUS (DELETED-STORAGE RECENT))');
    expect(listed.untagged[1]).toBe('STATUS "Archive" (DELETED-STORAGE 0 RECENT 0)');
  });

  test('STORE that names only messages expunged elsewhere is NO, by UID it is not', async () => {
    await put(3);
    await client.ok('SELECT INBOX');
    const other = await server.login(address);
    await other.ok('SELECT INBOX');
    await other.ok('STORE 1:2 +FLAGS.SILENT (\\Deleted)');
    await other.ok('EXPUNGE');
    // numbers stay what they were while the client is not told
    client.send('x NOOP\r\n');
    await client.answer('x');
    await server.process.store.expunge(account, INBOX_ID, [[3, 3]], true);
    const [byNumber, byUid] = [await client.command('STORE 1 +FLAGS (\\Seen)'), await client.command('UID STORE 3 +FLAGS (\\Seen)')];
    expect(byNumber.text).toMatch(/^NO \[EXPUNGEISSUED\]/);
    expect(byUid.status).toBe('OK');
    other.end();
  });

  test('what is asked for twice is answered once', async () => {
    await put(1);
    await client.ok('SELECT INBOX');
    expect((await client.ok('FETCH 1 (UID UID BODY.PEEK[TEXT] BODY[TEXT] BODY.PEEK[TEXT])')).untagged).toEqual([
      expect.stringMatching(/^1 FETCH \(UID 1 BODY\[TEXT\] \{3\} FLAGS \(\\Seen \\Recent\)\)$/),
    ]);
  });
});

/** Logs in without TLS: only a bare socket can be reset. */
async function bare(of: ImapTestServer, name: string): Promise<TestImap & { socket: Socket }> {
  const connection = await of.connect('imap');
  await connection.ok(`LOGIN "${name}" "${password}"`);
  return connection;
}

describe('a client that is gone', () => {
  test('leaves no listener behind, wherever it was', async () => {
    let live = 0;
    const { store } = server.process;
    const { onChange, snapshot } = store;
    store.onChange = (id, listener) => {
      live++;
      const end = onChange(id, listener);
      return () => {
        live--;
        end();
      };
    };
    const waiting: (() => void)[] = [];
    store.snapshot = async (id, folder) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return snapshot(id, folder);
    };
    try {
      const gone = await bare(server, address);
      gone.send('b SELECT INBOX\r\n');
      await eventually('the picture that is asked for', async () => waiting.length > 0);
      gone.socket.resetAndDestroy();
      await eventually('the end of the listener', async () => live === 0);
      for (const go of waiting) go();
      await sleep(50);
      expect(live).toBe(0);
    } finally {
      store.onChange = onChange;
      store.snapshot = snapshot;
    }
  });

  test('has no more bodies read for it', async () => {
    const text = `Subject: x\n\n${'x'.repeat(60_000)}\n`;
    for (let at = 0; at < 10; at++) await put(40, text);
    const { store } = server.process;
    const { readMessages } = store;
    let read = 0;
    store.readMessages = async function* (...args) {
      for await (const chunk of readMessages(...args)) {
        read += chunk.length;
        yield chunk;
      }
    };
    try {
      await client.ok('SELECT INBOX');
      client.socket.pause();
      client.send('c FETCH 1:* BODY.PEEK[]\r\n');
      await eventually('the first bodies', async () => read > 0);
      client.socket.destroy();
      await eventually('an end of the reading', async () => {
        const before = read;
        await sleep(300);
        return read === before;
      });
      expect(read).toBeLessThan(400);
    } finally {
      store.readMessages = readMessages;
    }
  });

  test('has none of its further commands run, and writes no error to the log', async () => {
    const errors: unknown[] = [];
    const log = pino({ level: 'error' }, { write: (line: string) => errors.push(line) });
    const loud = await startImapTestServer({ cleartextLoginOnLoopback: true }, undefined, log);
    try {
      const mailbox = await loud.addMailbox('weg@muster.at');
      await loud.process.store.append(mailbox, INBOX_ID, [newMessage('Subject: x\n\nx\n')]);
      const leaving = await bare(loud, 'weg@muster.at');
      await leaving.ok('SELECT INBOX');
      let stored = 0;
      const { storeFlags } = loud.process.store;
      loud.process.store.storeFlags = async (...args) => {
        if (++stored === 3) leaving.socket.resetAndDestroy();
        await sleep(20);
        return storeFlags(...args);
      };
      leaving.send(Array.from({ length: 200 }, (_, index) => `c${index} STORE 1 +FLAGS (k${index})\r\n`).join(''));
      await eventually('the third command', async () => stored >= 3);
      await sleep(300);
      expect(stored).toBeLessThan(10);
      expect(errors).toEqual([]);
    } finally {
      await loud.close();
    }
  });
});

describe('the ends of what a number or a date may be', () => {
  test('a letter is stored whatever day its INTERNALDATE is', async () => {
    const days = [
      '01-Jan-0000 00:00:00 +0000',
      '01-Jan-0001 00:00:00 +0100',
      ' 1-Jan-1969 12:00:00 +0000',
      '31-Dec-9999 23:59:59 -1200',
      '00-Jan-2020 00:00:00 +0000',
      '29-Feb-2021 12:00:00 +0100',
      '01-Jan-2020 24:00:00 +0000',
    ];
    for (const day of days) expect((await client.append('INBOX', 'Subject: x\r\n\r\nx', `"${day}" `)).text).toMatch(/APPENDUID/);
    await client.ok('SELECT INBOX');
    const told = (await client.ok('FETCH 1:* INTERNALDATE')).untagged;
    expect(told[2]).toBe('3 FETCH (INTERNALDATE " 1-Jan-1969 12:00:00 +0000")');
    // what no calendar of four digits holds counts as none, nor a day or an hour that there was not
    for (const at of [0, 1, 3, 4, 5, 6]) expect(told[at]).toContain(`-${new Date().getUTCFullYear()} `);
  });

  test('STORE takes the highest MODSEQ that there may be', async () => {
    await put(1);
    await client.ok('SELECT INBOX');
    expect((await client.ok('STORE 1 (UNCHANGEDSINCE 9223372036854775807) +FLAGS.SILENT (\\Seen)')).untagged).toContainEqual(
      expect.stringMatching(/^1 FETCH \(MODSEQ/),
    );
    expect((await client.ok('FETCH 1 (FLAGS) (CHANGEDSINCE 9223372036854775807)')).untagged).toEqual([]);
    expect(numbersOf(await client.ok('SEARCH MODSEQ 9223372036854775807'), 'SEARCH')).toEqual([]);
  });

  test('NUL is in no name of a folder', async () => {
    await client.ok('ENABLE IMAP4rev2');
    for (const command of ['SELECT', 'STATUS', 'DELETE', 'UNSUBSCRIBE', 'LIST ""'])
      expect((await client.command(`${command} {3}`, `a\0b${command === 'STATUS' ? ' (MESSAGES)' : ''}\r\n`)).text).toMatch(
        command === 'LIST ""' ? /^OK / : /^NO \[CANNOT\]/,
      );
  });
});

test('a client that closes its socket during a long command is noticed, one that only says no more gets its answer', async () => {
  await put(1);
  const { store } = server.process;
  const { matchText } = store;
  const signals: AbortSignal[] = [];
  const { promise: ends, resolve: end } = Promise.withResolvers<void>();
  store.matchText = (id, ids, criteria, options) => {
    if (options?.signal) signals.push(options.signal);
    return ends.then(() => matchText(id, ids, criteria));
  };
  try {
    const [leaving, silent] = [await server.login(address), await bare(server, address)];
    for (const each of [leaving, silent]) {
      await each.ok('SELECT INBOX');
      each.send('x SEARCH TEXT x\r\n');
    }
    await eventually('both searches', async () => signals.length === 2);
    leaving.socket.destroy();
    silent.socket.end();
    await eventually('the end of one of them', async () => signals.some(({ aborted }) => aborted));
    end();
    expect((await silent.answer('x')).untagged).toContain('SEARCH 1');
    expect(signals.filter(({ aborted }) => aborted)).toHaveLength(1);
  } finally {
    store.matchText = matchText;
  }
});

test('a statement that was cancelled or met a deadlock is "again" and not a failure', async () => {
  const { database } = server.process;
  await expect(database.read({ name: 'cancel_me', text: 'select pg_cancel_backend(pg_backend_pid()), pg_sleep(5)' })).rejects.toMatchObject(
    {
      code: 'Unavailable',
    },
  );
  for (const code of ['40P01', '57014', '55P03', '40001']) {
    const raise = { name: `raise_${code}`, text: `do $$ begin raise exception 'x' using errcode = '${code}'; end $$` };
    await expect(database.transaction((query) => query(raise))).rejects.toMatchObject({ code: 'Unavailable' });
  }
});

test('a letter that comes again while it is being stored is stored once, and both senders hear so', async () => {
  const { store } = server.process;
  const key = Buffer.from(`same ${serial}`);
  const message = newMessage('Subject: same\n\nx\n');
  const [one, two] = await Promise.all([store.deliver(account, message, key), store.deliver(account, message, key)]);
  expect(two).toEqual(one);
  expect(await store.deliver(account, message, key)).toEqual(one);
  expect((await store.status(account, INBOX_ID)).messages).toBe(1);
  store.acknowledge(account, key);
  await eventually('the same letter as a new one, once the sender knows', async () => {
    const again = await store.deliver(account, message, key);
    return again !== null && again.uid !== one?.uid;
  });
});
