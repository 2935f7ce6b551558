import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startImapTestServer, type ImapTestServer } from '#tests/support/imap-server.ts';
import type { TestImap } from '#tests/support/imap-client.ts';

const inner = ['From: inner@muster.at', 'Subject: inner', 'Content-Type: text/plain', '', 'inner body', ''].join('\r\n');
const letter = [
  'From: "Müller, Max" <max@muster.at>'.replace('ü', '=FC'),
  'To: erika@muster.at',
  'Subject: Rechnung',
  ' Nr. 5',
  'Date: Mon, 2 Mar 2026 10:00:00 +0100',
  'X-Extra: one',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  'preamble',
  '--b',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'Gr=C3=BC=C3=9Fe',
  '--b',
  'Content-Type: application/octet-stream',
  'Content-Transfer-Encoding: base64',
  '',
  'AAEC/w==',
  '--b',
  'Content-Type: message/rfc822',
  '',
  `${inner}--b`,
  'Content-Type: text/plain',
  'Content-Transfer-Encoding: x-unknown',
  '',
  'secret',
  '--b--',
  '',
].join('\r\n');

let server: ImapTestServer;
let client: TestImap;
beforeAll(async () => {
  server = await startImapTestServer({ messageBytes: 20_000_000 });
  await server.addMailbox('max@muster.at');
  await server.addMailbox('nul@muster.at');
  client = await server.login('max@muster.at');
  await client.append('INBOX', letter);
  await client.ok('SELECT INBOX');
});
afterAll(() => server.close());

/** The only literal or quoted string of the answer to one item. */
async function item(name: string, command = `FETCH 1 (${name})`): Promise<string | null> {
  const { lines } = await client.ok(command);
  const line = lines.find((each) => each.text.includes('FETCH ('));
  if (line?.literals[0]) return line.literals[0].toString('latin1');
  if (line?.text.endsWith(' "")')) return '';
  return / NIL\)$/.test(line?.text ?? '') ? null : (line?.text ?? '');
}

describe('sections', () => {
  test.each([
    ['BODY.PEEK[]', letter],
    ['BODY.PEEK[HEADER]', letter.slice(0, letter.indexOf('preamble'))],
    ['BODY.PEEK[TEXT]', letter.slice(letter.indexOf('preamble'))],
    ['RFC822.HEADER', letter.slice(0, letter.indexOf('preamble'))],
    ['BODY.PEEK[1]', 'Gr=C3=BC=C3=9Fe'],
    ['BODY.PEEK[1.MIME]', 'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'],
    ['BODY.PEEK[2]', 'AAEC/w=='],
    ['BODY.PEEK[3]', inner.slice(0, -2)],
    ['BODY.PEEK[3.HEADER]', 'From: inner@muster.at\r\nSubject: inner\r\nContent-Type: text/plain\r\n\r\n'],
    ['BODY.PEEK[3.TEXT]', 'inner body'],
    ['BODY.PEEK[3.1]', 'inner body'],
    ['BODY.PEEK[3.HEADER.FIELDS (SUBJECT)]', 'Subject: inner\r\n\r\n'],
    ['BODY.PEEK[HEADER.FIELDS (subject X-EXTRA)]', 'Subject: Rechnung\r\n Nr. 5\r\nX-Extra: one\r\n\r\n'],
    ['BODY.PEEK[HEADER.FIELDS (None)]', '\r\n'],
    ['BODY.PEEK[9]', null],
    ['BODY.PEEK[1.9]', null],
    ['BINARY.PEEK[1]', 'Gr\u00c3\u00bc\u00c3\u009fe'],
    ['BINARY.PEEK[3.1]', 'inner body'],
  ])('%s', async (name, expected) => {
    expect(await item(name)).toBe(expected);
  });

  test('everything but some fields', async () => {
    const left = await item('BODY.PEEK[HEADER.FIELDS.NOT (From To Date MIME-Version Content-Type Subject)]');
    expect(left).toBe('X-Extra: one\r\n\r\n');
  });

  test('partial fetches give what there is', async () => {
    expect(await item('BODY.PEEK[]<0.4>')).toBe('From');
    expect(await item('BODY.PEEK[TEXT]<3.5>')).toBe('amble');
    expect(await item('BODY.PEEK[1]<2.3>')).toBe('=C3');
    expect(await item('BODY.PEEK[1]<1000.5>')).toBe('');
    expect(await item('BODY.PEEK[]<100000.5>')).toBe('');
    expect(await item('BODY.PEEK[]<5000000000.5>')).toBe('');
    expect(await item('BODY.PEEK[]<0.9223372036854775807>')).toBe(await item('BODY.PEEK[]'));
    expect(await item('BINARY.PEEK[1]<1.2>')).toBe('r\u00c3');
    expect((await client.ok('FETCH 1 BODY.PEEK[1]<2.3>')).untagged[0]).toBe('1 FETCH (BODY[1]<2> {3})');
  });

  test('BINARY decodes, says the size, carries NUL and refuses what it does not know', async () => {
    expect((await client.ok('FETCH 1 (BINARY.SIZE[1] BINARY.SIZE[2])')).untagged[0]).toBe('1 FETCH (BINARY.SIZE[1] 7 BINARY.SIZE[2] 4)');
    expect((await client.ok('FETCH 1 BINARY.PEEK[2]')).untagged[0]).toBe('1 FETCH (BINARY[2] ~{4})');
    expect((await client.command('FETCH 1 BINARY.PEEK[4]')).text).toMatch(/^NO \[UNKNOWN-CTE\]/);
  });

  describe('of a message that holds NUL', () => {
    const small = Buffer.from(
      'From: a\0b <a\0@example.org>\r\nSubject: x\0y\r\nX\0Y: z\r\nContent-Type: multipart/mixed; boundary="b\0"\r\n\r\n' +
        '--b\0\r\nContent-Type: text/plain; name="n\0"\r\n\r\nGuten\0Tag\r\n--b\0--\r\n',
    );
    const large = Buffer.concat([Buffer.from('Subject: large\r\n\r\n'), Buffer.alloc(1_500_000, 'abc\0def\r\n')]);
    const with80 = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte || 0x80));

    test('no literal has one: 80 hex stands there, so sizes stay; BINARY gives the very bytes', async () => {
      const own = await server.login('nul@muster.at');
      for (const message of [small, large]) {
        own.send(Buffer.concat([Buffer.from(`z APPEND INBOX {${message.length}+}\r\n`), message, Buffer.from('\r\n')]));
        expect((await own.answer('z')).status).toBe('OK');
      }
      await own.ok('SELECT INBOX');
      for (const [number, message] of [small, large].entries()) {
        const fetched = (name: string) => own.ok(`FETCH ${number + 1} ${name}`);
        expect((await fetched('BODY.PEEK[]')).lines[0]?.literals[0]?.equals(with80(message))).toBe(true);
        expect((await fetched('RFC822.SIZE')).untagged[0]).toContain(`RFC822.SIZE ${message.length})`);
        const binary = (await fetched('BINARY.PEEK[]')).lines[0];
        expect(binary?.text).toContain(`BINARY[] ~{${message.length}}`);
        expect(binary?.literals[0]?.equals(message)).toBe(true);
        const everything =
          '(ENVELOPE BODYSTRUCTURE BODY PREVIEW RFC822 RFC822.HEADER RFC822.TEXT BODY[1] BODY[1.MIME] BODY[TEXT]<2.100> BODY[HEADER.FIELDS (FROM)])';
        const { lines } = await fetched(everything);
        const bytes = Buffer.concat(lines.flatMap(({ text, literals }) => [Buffer.from(text), ...literals]));
        expect(bytes.includes(0)).toBe(false);
      }
      own.end();
    });
  });

  test.each([
    'BODY[MIME]',
    'BODY[0]',
    'BODY[1.HEADER',
    'BODY[HEADER.FIELDS ()]',
    'BODY[]<1>',
    'BODY[1.]x',
    'NONSENSE',
    'BODY[HEADER.FIELDS (a:b)]',
  ])('%s is refused', async (name) => expect((await client.command(`FETCH 1 ${name}`)).status).toBe('BAD'));
});

test('macros and single items', async () => {
  const [fast] = (await client.ok('FETCH 1 FAST')).untagged;
  expect(fast).toMatch(/^1 FETCH \(FLAGS \(\\Recent\) INTERNALDATE "..-...-2\d{3} \d\d:\d\d:\d\d \+0000" RFC822.SIZE \d+\)$/);
  expect((await client.ok('FETCH 1 ALL')).untagged[0]).toMatch(/ENVELOPE \("Mon, 2 Mar 2026 10:00:00 \+0100" /);
  expect((await client.ok('FETCH 1 FULL')).untagged[0]).toMatch(/BODY \(\("text" "plain"/i);
  expect((await client.ok('FETCH 1 (EMAILID THREADID)')).untagged[0]).toMatch(/^1 FETCH \(EMAILID \(M\d+\) THREADID \(T\d+\)\)$/);
  expect((await client.ok('FETCH 1 (PREVIEW (LAZY))')).untagged[0]).toMatch(/PREVIEW/);
  expect((await client.ok('UID FETCH 1 (FLAGS)')).untagged[0]).toMatch(/^1 FETCH \(UID 1 FLAGS /);
});

test('reading sets \\Seen once and says so; peeking does not', async () => {
  await client.ok('STORE 1 -FLAGS.SILENT (\\Seen)');
  await client.ok('FETCH 1 (BODY.PEEK[] RFC822.HEADER BINARY.SIZE[1])');
  expect((await client.ok('FETCH 1 FLAGS')).untagged[0]).not.toMatch(/Seen/);
  expect((await client.ok('FETCH 1 BODY[1]')).untagged[0]).toMatch(/^1 FETCH \(BODY\[1\] \{15\} FLAGS \(\\Seen( \\Recent)?\)\)$/);
  expect((await client.ok('FETCH 1 BODY[1]')).untagged[0]).toBe('1 FETCH (BODY[1] {15})');
});

test('CHANGEDSINCE answers what changed, with its MODSEQ', async () => {
  await client.append('INBOX', 'Subject: second\r\n\r\nx');
  const [highest, first] = (await client.ok('FETCH 1 MODSEQ')).untagged;
  expect(highest).toMatch(/^OK \[HIGHESTMODSEQ \d+\]/); // the first command that asks for MODSEQ: RFC 7162 section 3.1
  const modseq = Number(/MODSEQ \((\d+)\)/.exec(first ?? '')?.[1]);
  const changed = await client.ok(`UID FETCH 1:* (FLAGS) (CHANGEDSINCE ${modseq})`);
  expect(changed.untagged).toHaveLength(1);
  expect(changed.untagged[0]).toMatch(/^2 FETCH \(UID 2 FLAGS \(.*\) MODSEQ \(\d+\)\)$/);
});

test('numbers beyond the last message are refused, unknown UIDs ignored', async () => {
  expect((await client.command('FETCH 99 UID')).status).toBe('BAD');
  expect((await client.ok('UID FETCH 99 UID')).untagged).toEqual([]);
  expect((await client.ok('UID FETCH 99:* UID')).untagged).toHaveLength(1);
  expect((await client.ok('FETCH * UID')).untagged).toHaveLength(1);
});

test('a large attachment is read in pieces without loss', async () => {
  const large = Buffer.concat([Buffer.from('Subject: large\r\n\r\n'), Buffer.alloc(3_000_000, 'abcdefghij\r\n')]);
  await client.append('INBOX', large);
  const pieces: Buffer[] = [];
  for (let offset = 0; offset < large.length; offset += 700_000) {
    const { lines } = await client.ok(`UID FETCH 3 (BODY.PEEK[]<${offset}.700000>)`);
    pieces.push(lines[0]?.literals[0] ?? Buffer.alloc(0));
  }
  expect(Buffer.concat(pieces).equals(large)).toBe(true);
  const text = (await client.ok('FETCH 1:3 (BODY.PEEK[1]<5.5>)')).lines.map(({ literals }) => literals.join());
  expect(text).toEqual(['=BC=C', '', 'fghij']);
});

test('for a client that does not read the server stops working', async () => {
  const slow = await server.login('max@muster.at');
  await slow.ok('SELECT INBOX');
  slow.socket.pause();
  const fetched = async (): Promise<number> => {
    const { values } = await server.metrics.commands.get();
    return values.find(({ labels }) => labels['command'] === 'FETCH' && labels['result'] === 'OK')?.value ?? 0;
  };
  const before = await fetched();
  slow.send(Array.from({ length: 100 }, (_, at) => `s${at} FETCH 3 (BODY.PEEK[])\r\n`).join(''));
  for (let round = 0; round < 20; round++) await client.ok('FETCH 1 (BODY.PEEK[])');
  // 300 MB are asked for; what the buffers of two sockets hold may be answered
  expect((await fetched()) - before - 20).toBeLessThan(20);
  slow.end();
});
