import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestImap } from '#tests/support/imap-client.ts';
import { eventually } from '#tests/support/eventually.ts';
import { startImapTestServer, type ImapTestServer } from '#tests/support/imap-server.ts';

const address = 'gross@muster.at';
const header = 'From: a@example.org\r\nSubject: large\r\n\r\n';
const body = Array.from({ length: 50_000 }, (_, line) => `line ${line} ${'x'.repeat(60)}\r\n`).join('');
const message = header + body;

let server: ImapTestServer;
let client: TestImap;
beforeAll(async () => {
  server = await startImapTestServer();
  await server.addMailbox(address);
  client = await server.login(address);
  await client.ok(`APPEND INBOX {${message.length}+}\r\n${message}`);
  await client.ok('SELECT INBOX');
});
afterAll(async () => {
  client.socket.destroy();
  await server.close();
});

test.each([
  ['BODY.PEEK[]', message],
  ['BODY.PEEK[TEXT]', body],
  ['BODY.PEEK[1]', body],
  ['BINARY.PEEK[1]', body],
  ['BODY.PEEK[]<7.2000000>', message.slice(7, 2_000_007)],
  ['BODY.PEEK[TEXT]<262100.100>', body.slice(262_100, 262_200)],
  [`BODY.PEEK[TEXT]<${body.length - 5}.100>`, body.slice(-5)],
])('a message that is sent in pieces comes whole: %s', async (item, expected) => {
  const { lines } = await client.ok(`FETCH 1 (${item} UID)`);
  const answer = lines.find(({ literals }) => literals.length > 0);
  expect(answer?.literals[0]?.equals(Buffer.from(expected))).toBe(true);
  expect(answer?.text).toMatch(/ UID 1\)$/);
});

test('of what lies behind its end nothing is sent', async () => {
  const behind = message.length + 5;
  const { lines } = await client.ok(`FETCH 1 (BODY.PEEK[]<${behind}.100> UID)`);
  expect(lines.map(({ text }) => text)).toContain(`* 1 FETCH (BODY[]<${behind}> "" UID 1)`);
});

describe('a large part', () => {
  const lines = Array.from({ length: 60_000 }, (_, line) => `Zeile ${line} äöü = \t \r\n`).join('');
  const bytes = Buffer.from(lines);
  const quoted = lines.replace(/[^\x20-\x3c\x3e-\x7e\t\r\n]|=/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
  const encodings: [string, string, Buffer][] = [
    ['base64', (bytes.toString('base64').match(/.{1,75}/g) ?? []).join('\r\n'), bytes],
    ['quoted-printable', quoted, Buffer.from(lines.replaceAll(' \t \r\n', '\r\n'))],
    [
      'quoted-printable',
      `${'x'.repeat(1_500_000)}=${'20'}${' '.repeat(10)}=\r\ny`,
      Buffer.from(`${'x'.repeat(1_500_000)} ${' '.repeat(10)}y`),
    ],
    ['8bit', lines, bytes],
  ];

  test.each(encodings)('is decoded in pieces as if it were whole: %s', async (encoding, encoded, decoded) => {
    const raw = Buffer.from(`Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${encoded}`);
    client.send(Buffer.concat([Buffer.from(`big APPEND INBOX {${raw.length}+}\r\n`), raw, Buffer.from('\r\n')]));
    while (!(await client.line()).text.startsWith('big OK'));
    const { lines: answers, untagged } = await client.ok('FETCH * (BINARY.PEEK[1] BINARY.PEEK[1]<1000001.7> BINARY.SIZE[1])');
    const literals = answers.flatMap((answer) => answer.literals);
    expect(literals[0]?.equals(decoded)).toBe(true);
    expect(literals[1]?.equals(decoded.subarray(1_000_001, 1_000_008))).toBe(true);
    expect(untagged.join()).toContain(`BINARY.SIZE[1] ${decoded.length})`);
  });
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('clients that ask for much and take nothing hold little memory each', async () => {
  const clients = await Promise.all(Array.from({ length: 30 }, () => server.login(address)));
  await Promise.all(clients.map((each) => each.ok('SELECT INBOX')));
  const before = process.memoryUsage().arrayBuffers;
  for (const each of clients) {
    each.socket.pause();
    each.send('f FETCH 1 (BODY.PEEK[] BODY.PEEK[TEXT] BODY.PEEK[1] BINARY.PEEK[1])\r\n'.repeat(5));
  }
  // the answer to a later command shows that theirs have begun
  for (let round = 0; round < 20; round++) await client.ok('FETCH 1 BODY.PEEK[]<0.1000>');
  // what is held is meant, not what was used a moment ago
  await eventually('little memory', async () => {
    collectGarbage();
    return process.memoryUsage().arrayBuffers - before < (30 * message.length) / 2;
  });
  for (const each of clients) each.socket.destroy();
});

test('messages with large headers among others come in their order and whole', async () => {
  await client.ok('CREATE Kopf');
  const subjects = Array.from({ length: 12 }, (_, at) => `${at} ${at % 3 === 1 ? 'y'.repeat(100_000) : 'short'}`);
  for (const subject of subjects) {
    const raw = `Subject: ${subject}\r\n\r\nx`;
    await client.ok(`APPEND Kopf {${raw.length}+}\r\n${raw}`);
  }
  await client.ok('SELECT Kopf');
  const { lines } = await client.ok('FETCH 1:* (BODY.PEEK[HEADER])');
  expect(lines.flatMap(({ literals }) => literals.map(String))).toEqual(subjects.map((subject) => `Subject: ${subject}\r\n\r\n`));
  const envelopes = await client.ok('FETCH 1:* ENVELOPE');
  expect(envelopes.untagged.filter((line) => line.includes('ENVELOPE'))).toHaveLength(subjects.length);
});
