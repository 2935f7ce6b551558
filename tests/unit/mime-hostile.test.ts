import { describe, expect, it } from 'vitest';
import { decodeBase64 } from '#lib/mime/decode-content.ts';
import { indexMessage } from '#lib/mime/index-message.ts';
import { normalise } from '#mail-server/search/normalise.ts';
import { readBodyStructure, readEnvelope } from '#tests/support/body-structure.ts';
import { parseImapList } from '#tests/support/imap-list.ts';
import { processorTime } from '#tests/support/processor-time.ts';

const header = (field: string): string => `${field}\r\n\r\nx`;
const html = (body: string): string => `Content-Type: text/html\r\n\r\n${body}`;
const mixed = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n';
const counted = (count: number, make: (i: number) => string): string => Array.from({ length: count }, (_, i) => make(i)).join('');

/** Each about a megabyte, made so that an algorithm that looks back, or tries again, takes minutes. */
const HOSTILE: Record<string, string> = {
  'a long header line': header(`Subject: ${'a'.repeat(1e6)}`),
  'many header fields': `${'X-A: b\r\n'.repeat(100_000)}\r\nx`,
  'many lines that are no field': 'abc\r\n'.repeat(200_000),
  'many continuation lines': header(`Subject: a${'\r\n b'.repeat(200_000)}`),
  'empty continuation lines': header(`Subject: a${'\r\n '.repeat(300_000)}x`),
  'many delimiters': `${mixed}${'--b\r\n\r\nx\r\n'.repeat(50_000)}--b--`,
  'lines that are almost delimiters': mixed + '--c\r\n'.repeat(200_000),
  dashes: mixed + '-'.repeat(1e6),
  'multiparts in multiparts': counted(5000, (i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`),
  'multiparts with one boundary': 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n'.repeat(10_000),
  'many active boundaries':
    counted(100, (i) => `Content-Type: multipart/mixed; boundary=${'b'.repeat(i + 1)}c\r\n\r\n--${'b'.repeat(i + 1)}c\r\n`) +
    `\r\n${`--${'b'.repeat(98)}\r\n`.repeat(10_000)}`,
  'messages in messages': 'Content-Type: message/rfc822\r\n\r\n'.repeat(30_000),
  'messages in messages with a long text': 'Content-Type: message/rfc822\r\n\r\n'.repeat(99) + 'x\r\n'.repeat(500_000),
  addresses: header(`To: ${'a@b.at, '.repeat(120_000)}`),
  'groups in From': header(`From: ${'a:;'.repeat(300_000)}`),
  'angle brackets': header(`To: ${'<'.repeat(1e6)}`),
  'closing brackets': header(`To: ${'>)'.repeat(5e5)}`),
  'open addresses': header(`To: ${'<a,'.repeat(300_000)}`),
  comments: header(`To: ${'('.repeat(1e6)}`),
  'quoted strings': header(`To: ${'"a\\"'.repeat(250_000)}`),
  'at signs': header(`To: ${'a @ b '.repeat(160_000)}`),
  'words without an address': header(`To: ${'a '.repeat(500_000)}@b`),
  'encoded words': header(`Subject: ${'=?utf-8?q?a?= '.repeat(70_000)}`),
  'encoded words in unknown charsets': header(`Subject: ${counted(50_000, (i) => `=?x${i}?q?=FF?= `)}`),
  'broken encoded words': header(`Subject: ${'=?a?q?b? '.repeat(110_000)}`),
  'beginnings of encoded words': header(`To: ${'=?a?q?'.repeat(160_000)}`),
  'subject blobs': header(`Subject: ${'[a]'.repeat(330_000)}`),
  'nested forwards': header(`Subject: ${'[fwd:'.repeat(150_000)}${']'.repeat(150_000)}`),
  'subject trailers': header(`Subject: a${'(fwd) '.repeat(160_000)}`),
  'a long date': header(`Date: ${'1 '.repeat(500_000)}`),
  parameters: header(`Content-Type: text/plain; ${'a=b; '.repeat(200_000)}`),
  'a parameter of many words': header(`Content-Type: text/plain; a=${'b '.repeat(500_000)}`),
  'parameter pieces': header(`Content-Disposition: attachment; ${counted(50_000, (i) => `filename*${i}*=%41; `)}`),
  'spaces in a content type': header(`Content-Type: a${' '.repeat(1e6)}b`),
  'semicolons in an encoding': header(`Content-Transfer-Encoding: a${' ;'.repeat(500_000)}b`),
  references: header(`References: ${'<a@b> '.repeat(160_000)}`),
  'open references': header(`References: ${'<a'.repeat(5e5)}`),
  'quoted-printable spaces': `Content-Transfer-Encoding: quoted-printable\r\n\r\n${`=${' '.repeat(99)}x`.repeat(10_000)}`,
  'padding in base64': `Content-Transfer-Encoding: base64\r\n\r\n${'YQ=='.repeat(250_000)}`,
  'open tags': html('<a'.repeat(5e5)),
  'odd quotes in tags': html(`${"<a 'x>".repeat(150_000)}"`),
  'open comments': html('<!--'.repeat(250_000)),
  'open titles': html('<title>'.repeat(150_000)),
  ampersands: html('&'.repeat(1e6)),
  'attributes without a value': html(`<img ${' alt'.repeat(250_000)}>`),
  'spaces in tags': html('<b> </b>'.repeat(120_000)),
  'combining marks': `Content-Type: text/plain; charset=utf-8\r\n\r\na${Buffer.from(`${'\u0301'.repeat(200_000)}${'\u0316'.repeat(200_000)}`).toString('latin1')}`,
  'invisible characters': `Content-Type: text/plain; charset=utf-8\r\n\r\n${Buffer.from('\u200b'.repeat(300_000)).toString('latin1')}`,
  zeros: '\0'.repeat(1e6),
  spaces: ' '.repeat(1e6),
};

describe('hostile messages', () => {
  // Measured: each takes less than 0.3 s. The bound is for what would take minutes, on a machine that does other things too.
  it.each(Object.entries(HOSTILE))('%s', (_, message) => {
    const before = processorTime();
    const index = indexMessage(Buffer.from(message, 'latin1'));
    normalise(index.text);
    expect(processorTime() - before).toBeLessThan(5_000);
    readEnvelope(parseImapList(index.envelope));
    readBodyStructure(parseImapList(index.bodystructure), true);
    // an index is never many times as large as its message
    expect(index.envelope.length + index.bodystructure.length + index.parts.length).toBeLessThan(3 * message.length + 10_000);
  });
});

it('megabytes of base64 padding are decoded in a moment', () => {
  const junk = Buffer.from('!=!='.repeat(2_000_000));
  const started = processorTime();
  expect(decodeBase64(junk)).toHaveLength(0);
  expect(processorTime() - started).toBeLessThan(1_000);
});

it.each([
  ['QQ==QUI=QUJD', 'AABABC'],
  ['QU!\r\nI=\r\n\r\nQUJD====QQ==', 'ABABCA'],
  ['_-A=Q', '\u00ff\u00e0'],
])('glued base64 %j', (encoded, decoded) => {
  expect(decodeBase64(Buffer.from(encoded)).toString('latin1')).toBe(decoded);
});
