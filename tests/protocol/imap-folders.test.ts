import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startImapTestServer, type ImapTestServer } from '#tests/support/imap-server.ts';
import type { TestImap } from '#tests/support/imap-client.ts';

let server: ImapTestServer;
let client: TestImap;
let mailbox = 0;

beforeAll(async () => {
  server = await startImapTestServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  const address = `max${++mailbox}@muster.at`;
  await server.addMailbox(address);
  client = await server.login(address);
  return () => client.end();
});

const names = async (command: string): Promise<string[]> =>
  (await client.ok(command)).untagged.map((line) => /"\/" "(.*?)"( \(|$)/.exec(line)?.[1] ?? line);

test('a new mailbox has its folders, each with its use', async () => {
  expect((await client.ok('LIST "" *')).untagged).toEqual([
    'LIST (\\HasNoChildren) "/" "INBOX"',
    'LIST (\\HasNoChildren \\Archive) "/" "Archive"',
    'LIST (\\HasNoChildren \\Drafts) "/" "Drafts"',
    'LIST (\\HasNoChildren \\Junk) "/" "Junk"',
    'LIST (\\HasNoChildren \\Sent) "/" "Sent"',
    'LIST (\\HasNoChildren \\Trash) "/" "Trash"',
  ]);
  expect(await names('LIST (SPECIAL-USE) "" *')).toEqual(['Archive', 'Drafts', 'Junk', 'Sent', 'Trash']);
  expect((await client.ok('LIST "" ""')).untagged).toEqual(['LIST (\\Noselect) "/" ""']);
});

describe('names', () => {
  test('INBOX is one folder in any case, and a parent', async () => {
    await client.ok('CREATE inbox/Kunden/');
    expect(await names('LIST "" "InBoX/*"')).toEqual(['INBOX/Kunden']);
    expect(await names('LIST "inbox/" "%"')).toEqual(['INBOX/Kunden']);
    expect((await client.ok('STATUS iNbOx (MESSAGES)')).untagged).toEqual(['STATUS "INBOX" (MESSAGES 0)']);
    expect((await client.command('CREATE inbox')).text).toMatch(/^NO \[ALREADYEXISTS\]/);
    expect((await client.command('DELETE inbox')).text).toMatch(/^NO \[CANNOT\]/);
  });

  test('IMAP4rev1 speaks modified UTF-7, IMAP4rev2 UTF-8, of the same folder', async () => {
    await client.ok('CREATE Entw&APw-rfe');
    expect(await names('LIST "" Entw*')).toEqual(['Entw&APw-rfe']);
    expect((await client.command('CREATE "Entwürfe"')).status).toBe('NO');
    expect((await client.command('CREATE Entw&APw')).status).toBe('NO');
    expect((await client.ok('LIST "" Entw&APw*')).untagged).toEqual([]);
    expect((await client.ok('ENABLE IMAP4rev2')).untagged).toEqual(['ENABLED IMAP4rev2']);
    expect(await names('LIST "" Entw*')).toEqual(['Entwürfe']);
    expect((await client.command('CREATE "Entw\u0075\u0308rfe"')).text).toMatch(/^NO \[ALREADYEXISTS\]/);
    const renamed = 'LIST (\\HasNoChildren) "/" "Größe" ("OLDNAME" ("Gro\u0308ße"))';
    expect((await client.ok('CREATE "Gro\u0308ße"')).untagged).toEqual([renamed]);
    expect((await client.ok('SELECT "Gro\u0308ße"')).untagged).toContain(renamed);
  });

  test.each(['"a//b"', '"/a"', `"${'x'.repeat(256)}"`, `"${Array(40).fill('a').join('/')}"`, '""'])(
    '%s cannot be created',
    async (name) => {
      expect((await client.command(`CREATE ${name}`)).text).toMatch(/^NO \[CANNOT\]/);
    },
  );

  test('a wildcard behind "&" is one, though the encoding wants more there', async () => {
    await client.ok('CREATE &-Co');
    await client.ok('SUBSCRIBE &-Co');
    for (const pattern of ['&*', '&%', '&-*', '%&*', '"&-C%"']) {
      expect(await names(`LIST "" ${pattern}`), pattern).toEqual(['&-Co']);
      expect((await client.ok(`LSUB "" ${pattern}`)).untagged, pattern).toEqual(['LSUB () "/" "&-Co"']);
    }
    expect((await client.ok('LIST "" &A*')).untagged).toEqual([]);
  });

  test('quotes and backslashes come back as they went', async () => {
    await client.ok('CREATE "a\\"b\\\\c"');
    expect((await client.ok('LIST "" a*')).untagged).toEqual(['LIST (\\HasNoChildren) "/" "a\\"b\\\\c"']);
  });
});

describe('CREATE, RENAME, DELETE', () => {
  test('folders in between are real', async () => {
    expect((await client.ok('CREATE a/b/c')).text).toMatch(/^OK \[MAILBOXID \(F\d+\)\]/);
    expect((await client.ok('LIST "" "a*"')).untagged).toEqual([
      'LIST (\\HasChildren) "/" "a"',
      'LIST (\\HasChildren) "/" "a/b"',
      'LIST (\\HasNoChildren) "/" "a/b/c"',
    ]);
    await client.ok('SELECT a');
    expect((await client.command('DELETE a')).text).toMatch(/^NO \[HASCHILDREN\]/);
  });

  test('children move along, the id stays, UIDVALIDITY never falls', async () => {
    await client.ok('CREATE alt/tief');
    const [before = ''] = (await client.ok('STATUS alt (MAILBOXID UIDVALIDITY)')).untagged;
    await client.ok('RENAME alt neu');
    expect(await names('LIST "" "neu*"')).toEqual(['neu', 'neu/tief']);
    const [after = ''] = (await client.ok('STATUS neu (MAILBOXID UIDVALIDITY)')).untagged;
    expect(/F\d+/.exec(after)?.[0]).toBe(/F\d+/.exec(before)?.[0]);
    await client.ok('CREATE alt');
    const [again = ''] = (await client.ok('STATUS alt (UIDVALIDITY)')).untagged;
    expect(Number(/UIDVALIDITY (\d+)/.exec(again)?.[1])).toBeGreaterThan(Number(/UIDVALIDITY (\d+)/.exec(before)?.[1]));
    await client.ok('RENAME alt ALT');
    expect(await names('LIST "" "ALT"')).toEqual(['ALT']);
    expect((await client.command('RENAME neu neu/unten')).text).toMatch(/^NO \[CANNOT\]/);
    expect((await client.command('RENAME nichts etwas')).text).toMatch(/^NO \[NONEXISTENT\]/);
  });

  test('a subscription moves along, also where the new name was subscribed before', async () => {
    for (const command of ['CREATE von', 'SUBSCRIBE von', 'SUBSCRIBE nach', 'RENAME von nach']) await client.ok(command);
    expect((await client.ok('LSUB "" von')).untagged).toEqual([]);
    expect((await client.ok('LSUB "" na*')).untagged).toEqual(['LSUB () "/" "nach"']);
    await client.ok('UNSUBSCRIBE nach');
    await client.ok('DELETE nach');
  });

  test('RENAME INBOX moves its messages and leaves INBOX', async () => {
    await client.append('INBOX', 'Subject: x\r\n\r\ny');
    await client.ok('RENAME INBOX 2025');
    expect((await client.ok('STATUS INBOX (MESSAGES)')).untagged).toEqual(['STATUS "INBOX" (MESSAGES 0)']);
    expect((await client.ok('STATUS 2025 (MESSAGES)')).untagged).toEqual(['STATUS "2025" (MESSAGES 1)']);
  });

  test('a special use is given to one folder', async () => {
    expect((await client.command('CREATE Papierkorb (USE (\\Trash))')).text).toMatch(/^NO \[USEATTR\]/);
    expect((await client.command('CREATE Alles (USE (\\All))')).text).toMatch(/^NO \[USEATTR\]/);
    await client.ok('DELETE Trash');
    await client.ok('CREATE Papierkorb (USE (\\Trash))');
    expect(await names('LIST (SPECIAL-USE) "" P*')).toEqual(['Papierkorb']);
  });

  test('what would lie too deep or have too long a name is not moved along', async () => {
    const deep = Array(20).fill('a').join('/');
    const long = `${'x'.repeat(200)}/${'y'.repeat(200)}/${'z'.repeat(200)}`;
    await client.ok(`CREATE ${deep}`);
    await client.ok(`CREATE ${long}`);
    const parents = Array(12).fill('b').join('/');
    expect((await client.command(`RENAME a ${parents}`)).text).toMatch(/^NO \[CANNOT\]/);
    expect((await client.command(`RENAME ${'x'.repeat(200)} ${long.toUpperCase()}`)).text).toMatch(/^NO \[CANNOT\]/);
    await client.ok(`RENAME ${deep} ${parents}`);
    expect(await names(`LIST "" "a*"`)).toHaveLength(19);
  });

  test('the selected folder may be deleted', async () => {
    await client.ok('CREATE weg');
    await client.ok('SELECT weg');
    expect((await client.ok('DELETE weg')).untagged[0]).toMatch(/^OK \[CLOSED\]/);
    expect((await client.command('FETCH 1 UID')).status).toBe('BAD');
    expect((await client.command('SELECT weg')).text).toMatch(/^NO \[NONEXISTENT\]/);
  });
});

describe('with as many folders as there may be', () => {
  const most = 8; // two more than a new mailbox has
  const start = async () => {
    const small = await startImapTestServer({}, most);
    onTestFinished(() => small.close());
    await small.addMailbox('voll@muster.at');
    const session = await small.login('voll@muster.at');
    onTestFinished(() => session.end());
    const count = async () => (await session.ok('LIST "" *')).untagged.length;
    return { small, session, count };
  };
  const refused = /^NO \[LIMIT\]/;

  test('no further one is made, also not in part or by RENAME; those that are there can be renamed and replaced', async () => {
    const { session, count } = await start();
    expect((await session.command('CREATE a/b/c')).text).toMatch(refused);
    expect(await count()).toBe(6);
    await session.ok('CREATE a/b');
    expect((await session.command('CREATE c')).text).toMatch(refused);
    expect((await session.command('RENAME a/b x/y')).text).toMatch(refused);
    expect((await session.command('RENAME INBOX c')).text).toMatch(refused);
    await session.ok('RENAME a/b a/d');
    await session.ok('DELETE a/d');
    await session.ok('CREATE c');
    expect(await count()).toBe(most);
  });

  test('two processes together make no more than that', async () => {
    const { small, session, count } = await start();
    const other = await small.another();
    onTestFinished(() => other.close());
    const second = await other.login('voll@muster.at');
    onTestFinished(() => second.end());
    const made = await Promise.all(
      [session, second].map(async (client, who) => {
        const answers = [];
        for (let each = 0; each < 4; each++) answers.push((await client.command(`CREATE f${who}${each}`)).status);
        return answers;
      }),
    );
    expect(made.flat().filter((status) => status === 'OK')).toHaveLength(2);
    expect(await count()).toBe(most);
  });

  test('subscriptions have the same limit', async () => {
    const { session } = await start();
    await session.ok('SUBSCRIBE eins');
    await session.ok('SUBSCRIBE zwei');
    expect((await session.command('SUBSCRIBE drei')).text).toMatch(refused);
    await session.ok('SUBSCRIBE zwei');
    await session.ok('UNSUBSCRIBE eins');
    await session.ok('SUBSCRIBE drei');
  });
});

describe('LIST', () => {
  beforeEach(async () => {
    for (const name of ['a/b', 'a/c/d', 'e']) await client.ok(`CREATE ${name}`);
    for (const name of ['Archive', 'Drafts', 'Junk', 'Sent', 'Trash']) await client.ok(`UNSUBSCRIBE ${name}`);
    await client.ok('SUBSCRIBE a/c/d');
    await client.ok('SUBSCRIBE fehlt/x');
  });

  test.each<[string, string[]]>([
    ['"" %', ['INBOX', 'Archive', 'Drafts', 'Junk', 'Sent', 'Trash', 'a', 'e']],
    ['"" a/%', ['a/b', 'a/c']],
    ['a/ %', ['a/b', 'a/c']],
    ['a/ *', ['a/b', 'a/c', 'a/c/d']],
    ['"" %/%', ['a/b', 'a/c']],
    ['"" *d', ['a/c/d']],
    ['"" (e a/b INBOX)', ['INBOX', 'a/b', 'e']],
    ['"" nichts', []],
  ])('%s', async (pattern, expected) => {
    expect(await names(`LIST ${pattern}`)).toEqual(expected);
  });

  test('subscriptions, also to what is not there', async () => {
    expect((await client.ok('LIST (SUBSCRIBED) "" *')).untagged).toEqual([
      'LIST (\\HasNoChildren \\Subscribed) "/" "INBOX"',
      'LIST (\\HasNoChildren \\Subscribed) "/" "a/c/d"',
      'LIST (\\NonExistent \\HasNoChildren \\Subscribed) "/" "fehlt/x"',
    ]);
    expect((await client.ok('LIST (SUBSCRIBED RECURSIVEMATCH) "" %')).untagged).toEqual([
      'LIST (\\HasNoChildren \\Subscribed) "/" "INBOX"',
      'LIST (\\HasChildren) "/" "a" ("CHILDINFO" ("SUBSCRIBED"))',
      'LIST (\\NonExistent \\HasNoChildren) "/" "fehlt" ("CHILDINFO" ("SUBSCRIBED"))',
    ]);
    expect((await client.command('LIST (RECURSIVEMATCH) "" %')).status).toBe('BAD');
    expect((await client.ok('LIST "" a* RETURN (SUBSCRIBED CHILDREN)')).untagged).toContain(
      'LIST (\\HasNoChildren \\Subscribed) "/" "a/c/d"',
    );
    expect((await client.ok('LSUB "" *')).untagged).toEqual(['LSUB () "/" "INBOX"', 'LSUB () "/" "a/c/d"', 'LSUB () "/" "fehlt/x"']);
    expect((await client.ok('LSUB "" %')).untagged).toEqual([
      'LSUB () "/" "INBOX"',
      'LSUB (\\Noselect) "/" "a"',
      'LSUB (\\Noselect) "/" "fehlt"',
    ]);
  });

  test('STATUS comes along', async () => {
    expect((await client.ok('LIST "" e RETURN (STATUS (MESSAGES UNSEEN))')).untagged).toEqual([
      'LIST (\\HasNoChildren) "/" "e"',
      'STATUS "e" (MESSAGES 0 UNSEEN 0)',
    ]);
  });
});

test('STATUS counts', async () => {
  await client.append('Sent', 'Subject: x\r\n\r\n1', '(\\Seen) ');
  await client.append('Sent', 'Subject: x\r\n\r\n22', '(\\Deleted) ');
  const [line = ''] = (await client.ok('STATUS Sent (MESSAGES RECENT UIDNEXT UNSEEN DELETED SIZE HIGHESTMODSEQ APPENDLIMIT)')).untagged;
  expect(line).toMatch(
    /^STATUS "Sent" \(MESSAGES 2 RECENT 2 UIDNEXT 3 UNSEEN 1 DELETED 1 SIZE 31 HIGHESTMODSEQ \d+ APPENDLIMIT 5000000\)$/,
  );
  expect((await client.command('STATUS nichts (MESSAGES)')).text).toMatch(/^NO \[NONEXISTENT\]/);
  expect((await client.command('STATUS Sent ()')).status).toBe('BAD');
});

test('SELECT describes the folder, in the words of each revision', async () => {
  await client.append('INBOX', 'Subject: x\r\n\r\n1', '(\\Seen) ');
  await client.append('INBOX', 'Subject: x\r\n\r\n1');
  const rev1 = (await client.ok('SELECT INBOX')).untagged.join('\n');
  for (const part of [
    'FLAGS (',
    '2 EXISTS',
    '2 RECENT',
    'OK [UNSEEN 2]',
    'OK [UIDNEXT 3]',
    'OK [HIGHESTMODSEQ ',
    'OK [MAILBOXID (F1)]',
    '\\*)]',
  ]) {
    expect(rev1).toContain(part);
  }
  await client.ok('UNSELECT');
  await client.ok('ENABLE IMAP4rev2');
  const rev2 = (await client.ok('SELECT INBOX')).untagged.join('\n');
  expect(rev2).toContain('LIST (\\HasNoChildren) "/" "INBOX"');
  expect(rev2).not.toMatch(/RECENT|UNSEEN/);
  expect((await client.ok('SELECT Sent')).untagged[0]).toMatch(/^OK \[CLOSED\]/);
  expect((await client.ok('SEARCH ALL')).untagged[0]).toMatch(/^ESEARCH/);
  expect((await client.command('SELECT nichts')).status).toBe('NO');
  expect((await client.command('FETCH 1 UID')).status).toBe('BAD');
});

test('CLOSE expunges without a word, UNSELECT does not', async () => {
  await client.append('INBOX', 'x', '(\\Deleted) ');
  await client.ok('SELECT INBOX');
  await client.ok('UNSELECT');
  expect((await client.ok('SELECT INBOX')).untagged).toContain('1 EXISTS');
  expect((await client.ok('CLOSE')).untagged).toEqual([]);
  expect((await client.ok('SELECT INBOX')).untagged).toContain('0 EXISTS');
});
