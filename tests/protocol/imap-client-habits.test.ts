// What famous programs send, as they send it; what each must get so that its person sees their mail.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { numbersOf, type TestImap } from '#tests/support/imap-client.ts';
import { type ImapTestServer, startImapTestServer } from '#tests/support/imap-server.ts';

let server: ImapTestServer;
let client: TestImap;
const letter = [
  'From: Anna <anna@muster.at>',
  'Subject: Angebot',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain',
  '',
  'Guten Tag',
  '--b--',
  '',
].join('\r\n');

beforeAll(async () => {
  server = await startImapTestServer();
  await server.addMailbox('anna@muster.at');
  client = await server.login('anna@muster.at');
  for (let count = 0; count < 3; count++) await client.append('INBOX', letter);
  await client.ok('SELECT INBOX');
});

afterAll(async () => {
  client.end();
  await server.close();
});

describe('Outlook', () => {
  test('asks for the separator with an empty name and for INBOX in quotes, bare and in any case', async () => {
    expect((await client.ok('LIST "" ""')).untagged).toEqual(['LIST (\\Noselect) "/" ""']);
    for (const name of ['"INBOX"', 'INBOX', 'inbox', '{5+}\r\nInbox'])
      expect((await client.ok(`LIST "" ${name}`)).untagged).toEqual(['LIST (\\HasNoChildren) "/" "INBOX"']);
    expect((await client.ok('LSUB "" "INBOX"')).untagged).toEqual(['LSUB () "/" "INBOX"']);
  });

  test('reads the flags of the whole folder by UID, and files a copy of what it sent', async () => {
    const { untagged } = await client.ok('UID FETCH 1:* (UID FLAGS)');
    expect(untagged.map((line) => /^(\d) FETCH \(UID (\d) FLAGS \(.*\)\)$/.exec(line)?.slice(1))).toEqual([
      ['1', '1'],
      ['2', '2'],
      ['3', '3'],
    ]);
    expect((await client.append('"Sent"', letter, '(\\Seen) ')).text).toMatch(/^OK \[APPENDUID \d+ 1\]/);
    expect((await client.ok('UID FETCH 4:* (UID FLAGS)')).untagged.map((line) => line.split(' ')[3])).toEqual(['3']);
  });
});

describe('Apple Mail', () => {
  test('reads the structure and the beginning of a part in one command, past the end too', async () => {
    const { lines } = await client.ok('FETCH 1 (BODYSTRUCTURE BODY.PEEK[1]<0.5> BODY.PEEK[1]<100.5> BODY.PEEK[1.MIME])');
    expect(lines[0]?.text).toMatch(
      /^\* 1 FETCH \(BODYSTRUCTURE \(\("text" "plain" .*BODY\[1\]<0> \{5\} BODY\[1\]<100> "" BODY\[1\.MIME\] \{28\}\)$/,
    );
    expect(lines[0]?.literals.map(String)).toEqual(['Guten', 'Content-Type: text/plain\r\n\r\n']);
  });

  test('asks for slices behind the end and waits in vain behind a literal of no bytes', async () => {
    for (const item of [
      'BODY.PEEK[1]<393216.393216>',
      'BODY.PEEK[]<393216.393216>',
      'BODY.PEEK[HEADER]<393216.5>',
      'BINARY.PEEK[1]<393216.5>',
    ])
      expect((await client.ok(`UID FETCH 1 (UID ${item})`)).lines[0]?.text).toMatch(/^\* 1 FETCH \(UID 1 \S+<393216> ""\)$/);
  });

  test('pipelines NOOP behind DONE and another IDLE behind it', async () => {
    client.send('i1 IDLE\r\n');
    await client.line();
    client.send('DONE\r\ni2 NOOP\r\ni3 IDLE\r\nDONE\r\ni4 CHECK\r\n');
    expect((await client.answer('i1')).status).toBe('OK');
    expect((await client.answer('i2')).status).toBe('OK');
    expect((await client.answer('i3', '')).status).toBe('OK');
    expect((await client.answer('i4')).status).toBe('OK');
  });
});

describe('Thunderbird', () => {
  test('asks for the status of the folder that is selected', async () => {
    expect((await client.ok('STATUS "INBOX" (UIDNEXT MESSAGES UNSEEN RECENT HIGHESTMODSEQ)')).untagged.at(-1)).toMatch(
      /^STATUS "INBOX" \(UIDNEXT 4 MESSAGES 3 UNSEEN 3 RECENT \d HIGHESTMODSEQ \d+\)$/,
    );
  });

  test('fetches what the status of the selected folder spoke of, though another process delivered it', async () => {
    const other = await server.another();
    const elsewhere = await other.login('anna@muster.at');
    for (const ask of ['STATUS INBOX (UIDNEXT)', 'LIST "" INBOX RETURN (STATUS (UIDNEXT))']) {
      const [, before] = /UIDNEXT (\d+)/.exec((await client.ok(ask)).untagged.join()) ?? [];
      await elsewhere.append('INBOX', letter);
      expect((await client.ok(ask)).untagged.join()).toContain(`UIDNEXT ${Number(before) + 1}`);
      expect((await client.ok(`UID FETCH ${before}:* (UID)`)).untagged).toEqual([`${before} FETCH (UID ${before})`]);
    }
    await client.ok('UID STORE 4:* +FLAGS.SILENT (\\Deleted)');
    await client.ok('UID EXPUNGE 4:*');
    elsewhere.end();
    await other.close();
  });

  test('leaves blanks behind its commands and two between its words, and quotes out of ID', async () => {
    for (const command of [
      'FETCH 1 FLAGS ',
      'FETCH  1  (UID)',
      'SELECT INBOX ',
      'EXAMINE INBOX  ',
      'LIST "" "INBOX" ',
      'CREATE Leer ',
      'NOOP ',
      'ENABLE CONDSTORE  X-FOO ',
    ])
      await client.ok(command);
    expect((await client.ok('STATUS  Leer  (MESSAGES) ')).untagged).toEqual(['STATUS "Leer" (MESSAGES 0)']);
    await client.ok('ID (name Scanner "version" NIL "os" 4.2)');
    expect((await client.command('SELECT INBOX(CONDSTORE)')).status).not.toBe('OK');
    await client.ok('SELECT INBOX');
  });

  test('renames a folder by case alone', async () => {
    await client.ok('CREATE rechnungen');
    await client.append('rechnungen', letter);
    await client.ok('RENAME "rechnungen" "Rechnungen"');
    expect((await client.ok('LIST "" "?echnungen"')).untagged).toEqual([]);
    expect((await client.ok('LIST "" "*echnungen"')).untagged).toEqual(['LIST (\\HasNoChildren) "/" "Rechnungen"']);
    expect((await client.ok('STATUS Rechnungen (MESSAGES)')).untagged).toEqual(['STATUS "Rechnungen" (MESSAGES 1)']);
  });

  test('searches what is not deleted, and stores and fetches by a set of thousands of UIDs', async () => {
    await client.ok('UID STORE 2 +FLAGS.SILENT (\\Deleted)');
    expect(numbersOf(await client.ok('UID SEARCH UNDELETED'), 'SEARCH')).toEqual([1, 3]);
    await client.ok('UID STORE 2 -FLAGS.SILENT (\\Deleted)');
    const scattered = Array.from({ length: 8_000 }, (_, index) => index * 2 + 1).join(',');
    expect((await client.ok(`UID FETCH ${scattered} (FLAGS)`)).untagged).toHaveLength(2);
    await client.ok(`UID STORE ${scattered} +FLAGS.SILENT (\\Seen)`);
    expect(numbersOf(await client.ok('UID SEARCH SEEN'), 'SEARCH')).toEqual([1, 3]);
  });
});

describe('scripts', () => {
  test('leave blanks behind and in front of parentheses, and two between what stands in them', async () => {
    for (const command of [
      'UID FETCH 1 ( UID FLAGS )',
      'UID FETCH 1 (UID  FLAGS)',
      'UID FETCH 1 (BODY.PEEK[HEADER.FIELDS ( SUBJECT  FROM )])',
      'UID STORE 1 +FLAGS ( \\Flagged  $Erledigt )',
      'UID STORE 1 -FLAGS \\Flagged  $Erledigt ',
      'UID SEARCH ( SEEN  NOT  FLAGGED )',
      'UID SEARCH SEEN  UNFLAGGED  ( ALL )',
      'UID SEARCH OR  SEEN  OR  FLAGGED  ALL',
      'UID SEARCH RETURN  ( COUNT  ALL )  ALL',
      'UID SORT ( REVERSE  DATE  SUBJECT ) UTF-8 ALL',
      'STATUS Sent ( MESSAGES  UNSEEN )',
      'LIST ( SUBSCRIBED ) "" ( "INBOX"  Sent ) RETURN ( CHILDREN  STATUS ( MESSAGES ) )',
      'LIST ( ) "" * RETURN ( )',
      'CREATE Sonderbar ( USE ( ) )',
      'UID FETCH 1 (UID FLAGS) ( CHANGEDSINCE  1 )',
      'UID STORE 1 ( UNCHANGEDSINCE 99999999 ) +FLAGS (\\Seen)',
      'ID ( "name" "Skript"  "version" "1" )',
      'ID ( )',
      'SELECT INBOX ( CONDSTORE )',
    ])
      await client.ok(command);
    expect((await client.append('Sent', letter, '( \\Seen  $Erledigt ) ')).status).toBe('OK');
    for (const command of [
      'UID FETCH 1 ( )',
      'UID FETCH 1 (UID FLAGS',
      'UID FETCH 1 (UID"FLAGS")',
      'STATUS Sent ( )',
      'UID SEARCH ( )',
      'UID SORT ( ) UTF-8 ALL',
    ])
      expect((await client.command(command)).status).toBe('BAD');
  });

  test('leave quotes out around passwords, names and texts that would need them', async () => {
    await client.ok('CREATE 100%');
    expect((await client.ok('STATUS 100% (MESSAGES)')).untagged).toEqual(['STATUS "100%" (MESSAGES 0)']);
    expect((await client.ok('LIST "" 1*%')).untagged).toEqual(['LIST (\\HasNoChildren) "/" "100%"']);
    for (const text of ['SUBJECT 100%', 'BODY back\\slash', 'HEADER Subject *', 'SINCE " 3-Jun-2030"'])
      expect(numbersOf(await client.ok(`SEARCH ${text}`), 'SEARCH')).toEqual([]);
    const other = await server.connect();
    expect((await other.command('LOGIN anna@muster.at p%s*s\\wort')).text).toMatch(/^NO \[AUTHENTICATIONFAILED\]/);
    other.end();
  });
});
