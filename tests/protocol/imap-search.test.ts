import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startImapTestServer, type ImapTestServer } from '#tests/support/imap-server.ts';
import { numbersOf, type TestImap } from '#tests/support/imap-client.ts';

let server: ImapTestServer;
let client: TestImap;

const letters: Array<[options: string, text: string]> = [
  [
    '(\\Seen) "01-Feb-2026 23:30:00 +0000" ',
    'Message-ID: <1@x>\r\nFrom: Anna Berg <anna@muster.at>\r\nTo: max@muster.at\r\nSubject: Angebot\r\nDate: Mon, 2 Feb 2026 00:30:00 +0200\r\n\r\nHallo Welt\r\n',
  ],
  [
    '(\\Flagged Wichtig) "02-Feb-2026 08:00:00 +0000" ',
    'Message-ID: <2@x>\r\nReferences: <1@x>\r\nFrom: bernd@muster.at (Bernd)\r\nTo: anna@muster.at\r\nSubject: Re: Angebot\r\nDate: Mon, 2 Feb 2026 08:00:00 +0000\r\nX-Ticket: 4711 =?utf-8?q?=C3=9Cber?=\r\n\r\nDie Größe stimmt\r\n',
  ],
  [
    '(\\Deleted \\Answered) "03-Feb-2026 08:00:00 +0000" ',
    `Message-ID: <3@x>\r\nFrom: Carla <carla@else.test>\r\nTo: max@muster.at\r\nCc: chef@muster.at\r\nBcc: geheim@muster.at\r\nSubject: Urlaub\r\nDate: Tue, 3 Feb 2026 08:00:00 +0000\r\n\r\n${'lang '.repeat(200)}\r\n`,
  ],
  [
    '() "04-Feb-2026 08:00:00 +0000" ',
    'Message-ID: <4@x>\r\nIn-Reply-To: <2@x>\r\nFrom: zoe@else.test\r\nSubject: Re: Angebot\r\n\r\nohne Datum\r\n',
  ],
];

beforeAll(async () => {
  server = await startImapTestServer();
  await server.addMailbox('max@muster.at');
  client = await server.login('max@muster.at');
  for (const [options, text] of letters) await client.append('INBOX', text, options);
  await client.ok('SELECT INBOX');
});
afterAll(() => server.close());

const search = async (keys: string): Promise<number[]> => numbersOf(await client.ok(`SEARCH ${keys}`), 'SEARCH');

describe('keys', () => {
  test.each<[string, number[]]>([
    ['ALL', [1, 2, 3, 4]],
    ['SEEN', [1]],
    ['UNSEEN', [2, 3, 4]],
    ['FLAGGED', [2]],
    ['UNFLAGGED UNSEEN', [3, 4]],
    ['DELETED ANSWERED', [3]],
    ['UNDELETED UNANSWERED UNDRAFT', [1, 2, 4]],
    ['DRAFT', []],
    ['KEYWORD Wichtig', [2]],
    ['KEYWORD wichtig', [2]],
    ['UNKEYWORD Wichtig', [1, 3, 4]],
    ['KEYWORD Unbekannt', []],
    ['RECENT', [1, 2, 3, 4]],
    ['NEW', [2, 3, 4]],
    ['OLD', []],
    ['2:3', [2, 3]],
    ['*', [4]],
    ['2:* UNSEEN', [2, 3, 4]],
    ['100:200', []],
    ['UID 1,4:*', [1, 4]],
    ['NOT 2', [1, 3, 4]],
    ['NOT NOT 2', [2]],
    ['OR 1 3', [1, 3]],
    ['OR 1 OR 2 OR 3 DELETED', [1, 2, 3]],
    ['OR (SEEN SUBJECT angebot) (NOT (2:4))', [1]],
    ['(OR FLAGGED SEEN) NOT SEEN', [2]],
    ['SUBJECT angebot', [1, 2, 4]],
    ['SUBJECT ""', [1, 2, 3, 4]],
    ['FROM "anna berg"', [1]],
    ['FROM muster.at', [1, 2]],
    ['FROM "Bernd <bernd@muster.at>"', [2]],
    ['FROM "\\"Anna Berg\\" <anna@muster.at>"', [1]],
    ['HEADER FROM "\\"anna berg\\" <anna"', [1]],
    ['HEADER FROM "bernd@muster.at (Bernd)"', [2]],
    ['NOT HEADER FROM "bernd@muster.at (Bernd)"', [1, 3, 4]],
    ['FROM "\\""', []],
    ['TO anna', [2]],
    ['CC chef', [3]],
    ['BCC geheim', [3]],
    ['BODY welt', [1]],
    ['BODY angebot', []],
    ['TEXT angebot', [1, 2, 4]],
    ['CHARSET UTF-8 BODY "größe"', [2]],
    ['CHARSET US-ASCII TEXT ohne', [4]],
    ['HEADER X-Ticket "4711 über"', [2]],
    ['HEADER X-Ticket ""', [2]],
    ['HEADER Cc ""', [3]],
    ['HEADER Message-ID 3@x', [3]],
    ['BEFORE 2-Feb-2026', [1]],
    ['ON 2-Feb-2026', [2]],
    ['SINCE "3-Feb-2026"', [3, 4]],
    ['SENTBEFORE 2-Feb-2026', []],
    ['SENTON 2-Feb-2026', [1, 2]],
    ['SENTSINCE 3-Feb-2026', [3]],
    ['LARGER 700', [3]],
    ['SMALLER 700', [1, 2, 4]],
    ['LARGER 5000000000', []],
    ['SMALLER 9223372036854775807', [1, 2, 3, 4]],
    ['YOUNGER 60', []],
    ['OLDER 60', [1, 2, 3, 4]],
  ])('%s', async (keys, expected) => {
    expect(await search(keys)).toEqual(expected);
  });

  test('the text may come as a literal', async () => {
    expect(numbersOf(await client.ok('SEARCH CHARSET UTF-8 BODY {7}', Buffer.from('größe\r\n')), 'SEARCH')).toEqual([2]);
  });

  test('MODSEQ finds what changed and tells the highest', async () => {
    const { untagged } = await client.ok('SEARCH MODSEQ "/flags/\\\\draft" all 1');
    expect(untagged[0]).toMatch(/^OK \[HIGHESTMODSEQ \d+\]/); // RFC 7162 section 3.1: told once
    expect(untagged[1]).toMatch(/^SEARCH 1 2 3 4 \(MODSEQ \d+\)$/);
    expect((await client.ok('SEARCH MODSEQ 999999')).untagged).toEqual(['SEARCH']);
    expect((await client.ok('SORT (ARRIVAL) UTF-8 MODSEQ 1')).untagged[0]).toMatch(/^SORT 1 2 3 4 \(MODSEQ \d+\)$/);
    expect((await client.ok('SORT (ARRIVAL) UTF-8 MODSEQ 999999')).untagged).toEqual(['SORT']);
  });

  test('ids of messages and threads', async () => {
    const [line = ''] = (await client.ok('FETCH 2 (EMAILID THREADID)')).untagged;
    const [, email = '', thread = ''] = /EMAILID \((.*?)\) THREADID \((.*?)\)/.exec(line) ?? [];
    expect(await search(`EMAILID ${email}`)).toEqual([2]);
    expect(await search(`THREADID ${thread}`)).toEqual([1, 2, 4]);
    expect(await search('EMAILID x')).toEqual([]);
  });

  test.each(['', 'NONSENSE', '(', '()', 'OR SEEN', 'NOT', 'BEFORE 31-Feb-2026', 'HEADER x', 'UID', 'LARGER x', 'SEEN)', '0'])(
    '%j is refused',
    async (keys) => {
      expect((await client.command(`SEARCH ${keys}`)).status).toBe('BAD');
    },
  );

  test('in the charset of an old program finds the same', async () => {
    const found = (await client.ok('SEARCH CHARSET UTF-8 TEXT "ü"')).untagged;
    expect(found.join('')).toMatch(/SEARCH \d/);
    expect((await client.ok(Buffer.from('SEARCH CHARSET ISO-8859-1 TEXT "\xfc"', 'latin1'))).untagged).toEqual(found);
    expect((await client.ok(Buffer.from('SORT (ARRIVAL) "windows-1252" TEXT "\xfc"', 'latin1'))).untagged).toHaveLength(1);
  });

  test('an unknown charset is named', async () => {
    expect((await client.command('SEARCH CHARSET X-KLINGON TEXT x')).text).toMatch(/^NO \[BADCHARSET \(US-ASCII UTF-8\)\]/);
    expect((await client.command(Buffer.from('SEARCH TEXT "\xfc"', 'latin1'))).status).toBe('NO');
  });
});

describe('ESEARCH', () => {
  test('returns what was asked for', async () => {
    const answer = async (command: string) => (await client.ok(command)).untagged.map((line) => line.replace(/TAG "t\d+"/, 'TAG'));
    expect(await answer('SEARCH RETURN (MIN MAX COUNT) UNSEEN')).toEqual(['ESEARCH (TAG) MIN 2 MAX 4 COUNT 3']);
    expect(await answer('UID SEARCH RETURN () UNSEEN')).toEqual(['ESEARCH (TAG) UID ALL 2:4']);
    expect(await answer('SEARCH RETURN (ALL COUNT) DRAFT')).toEqual(['ESEARCH (TAG) COUNT 0']);
    expect(await answer('SEARCH RETURN (MIN) DRAFT')).toEqual(['ESEARCH (TAG)']);
  });

  test('saves a result for later commands, and forgets what is expunged', async () => {
    expect((await client.ok('SEARCH RETURN (SAVE) OR FLAGGED ANSWERED')).untagged).toEqual([]);
    expect((await client.ok('FETCH $ UID')).untagged).toEqual(['2 FETCH (UID 2)', '3 FETCH (UID 3)']);
    expect((await client.ok('UID SEARCH $ FLAGGED')).untagged).toEqual(['SEARCH 2']);
    await client.ok('SEARCH RETURN (SAVE MIN) ALL');
    expect((await client.ok('FETCH $ UID')).untagged).toEqual(['1 FETCH (UID 1)']);
    expect((await client.command('SEARCH RETURN (NONSENSE) ALL')).status).toBe('BAD');
  });
});

describe('SORT and THREAD', () => {
  test.each<[string, number[]]>([
    ['(ARRIVAL)', [1, 2, 3, 4]],
    ['(REVERSE ARRIVAL)', [4, 3, 2, 1]],
    ['(DATE)', [1, 2, 3, 4]],
    ['(SUBJECT REVERSE DATE)', [4, 2, 1, 3]],
    ['(REVERSE SIZE)', [3, 2, 1, 4]],
    ['(FROM)', [1, 2, 3, 4]],
    ['(TO)', [4, 2, 1, 3]],
    ['(REVERSE CC ARRIVAL)', [3, 1, 2, 4]],
  ])('SORT %s', async (criteria, expected) => {
    expect(numbersOf(await client.ok(`SORT ${criteria} UTF-8 ALL`), 'SORT')).toEqual(expected);
  });

  test('an umlaut stands with its letter, and not behind Z', async () => {
    await client.ok('CREATE Sorten');
    for (const subject of ['Zahlung', 'Änderung', '=?utf-8?q?A=CC=88nderung_zwei?=', 'angebot', 'Bote']) {
      await client.append('Sorten', `Subject: ${subject}\r\nFrom: ${subject} <x@muster.at>\r\n\r\nx\r\n`);
    }
    await client.ok('SELECT Sorten');
    expect(numbersOf(await client.ok('SORT (SUBJECT) UTF-8 ALL'), 'SORT')).toEqual([4, 2, 3, 5, 1]);
    await client.ok('SELECT INBOX');
  });

  test('characters of two units stand behind those of one, as their octets do', async () => {
    await client.ok('CREATE Zeichen');
    for (const subject of ['=?utf-8?q?=F0=9F=98=80?=', '=?utf-8?q?=EF=BF=BD?='])
      await client.append('Zeichen', `Subject: ${subject}\r\n\r\nx\r\n`);
    await client.ok('SELECT Zeichen');
    expect(numbersOf(await client.ok('SORT (SUBJECT) UTF-8 ALL'), 'SORT')).toEqual([2, 1]);
    await client.ok('SELECT INBOX');
  });

  test('THREAD', async () => {
    expect((await client.ok('THREAD REFERENCES UTF-8 ALL')).untagged).toEqual(['THREAD (1 2 4)(3)']);
    expect((await client.ok('UID THREAD ORDEREDSUBJECT UTF-8 ALL')).untagged).toEqual(['THREAD (1 (2)(4))(3)']);
    expect((await client.ok('THREAD REFERENCES UTF-8 DRAFT')).untagged).toEqual(['THREAD']);
    expect((await client.command('THREAD NONSENSE UTF-8 ALL')).status).toBe('BAD');
  });
});
