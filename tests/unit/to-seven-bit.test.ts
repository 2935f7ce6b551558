import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sealLetter } from '#mail-server/delivery/signing/seal-letter.ts';
import { isFitForEveryHost, isSevenBit, toSevenBit } from '#mail-server/delivery/signing/to-seven-bit.ts';
import { MessageHeader } from '#lib/mime/read-header.ts';
import { decodeEncodedWords } from '#lib/mime/decode-encoded-words.ts';
import { encodeBase64, encodeQuotedPrintable } from '#mail-server/delivery/signing/encode-transfer.ts';
import { decodeBase64, decodeQuotedPrintable } from '#lib/mime/decode-content.ts';
import { processorTime } from '#tests/support/processor-time.ts';

const converted = (text: string, options = {}) => toSevenBit(Buffer.from(text), options).toString();
const lines = (...all: string[]) => `${all.join('\r\n')}\r\n`;

test('what is fit for all hosts stays as it is, to the byte', () => {
  const message = Buffer.from(lines('Subject: x', '', 'y'));
  expect(toSevenBit(message)).toBe(message);
});

test('8-bit text becomes quoted-printable, and says so instead of 8bit', () => {
  const message = lines('MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit', '', 'Grüße = 1');
  expect(converted(message)).toBe(
    lines(
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Gr=C3=BC=C3=9Fe =3D 1',
    ),
  );
});

test('text that is mostly not ASCII becomes base64', () => {
  const result = converted(lines('MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', '', 'Привет, как дела'));
  expect(result).toContain('Content-Transfer-Encoding: base64\r\n');
  expect(Buffer.from(result.slice(result.indexOf('\r\n\r\n')), 'base64').toString()).toBe('Привет, как дела\r\n');
});

test('a message without MIME gets what its bytes need to be understood', () => {
  expect(converted(lines('Subject: x', '', 'Grüße'))).toContain('MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n');
  const latin = toSevenBit(Buffer.from(lines('Subject: x', '', 'Grüße'), 'latin1')).toString();
  expect(latin).toContain('charset=unknown-8bit');
});

test('each part of a multipart is converted for itself; the others stay to the byte', () => {
  const plain = lines('Content-Type: text/plain', 'X-Odd:  kept ', '', 'ascii');
  const message =
    lines(
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="a b"',
      'Content-Transfer-Encoding: 8bit',
      '',
      'preamble',
      '--a b',
    ) +
    plain +
    lines('--a b', 'Content-Type: text/html; charset=utf-8', 'Content-Transfer-Encoding: 8bit', '', 'Österreich', '--a b--', 'épilogue');
  const result = converted(message);
  expect(isSevenBit(Buffer.from(result))).toBe(true);
  expect(result).toContain(plain);
  expect(result).toContain('Content-Transfer-Encoding: quoted-printable\r\n\r\n=C3=96sterreich\r\n--a b--');
  expect(result).toContain('boundary="a b"\r\nContent-Transfer-Encoding: 7bit\r\n');
});

test('a message within a message is converted inside, since it must not be encoded itself', () => {
  const inner = lines('Subject: inner', 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', '', 'Österreich');
  const result = converted(`${lines('MIME-Version: 1.0', 'Content-Type: message/rfc822', '')}${inner}`);
  expect(result).toContain('Subject: inner');
  expect(result).toContain('=C3=96sterreich');
});

test('what a sender signed is left alone before our signature, and converted for a host that needs it', () => {
  const message = lines(
    'MIME-Version: 1.0',
    'Content-Type: multipart/signed; boundary=s',
    '',
    '--s',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    'ü',
    '--s--',
  );
  expect(converted(message, { keepSigned: true })).toBe(message);
  expect(isSevenBit(Buffer.from(converted(message)))).toBe(true);
});

test.each([
  ['text/html', `<p>${'x'.repeat(5000)}</p>`],
  ['text/plain', 'word '.repeat(1000)],
  ['application/octet-stream', 'x'.repeat(3000)],
])('a long line of %s is encoded, and reads the same', (type, body) => {
  const result = converted(lines('MIME-Version: 1.0', `Content-Type: ${type}`, '', body));
  expect(isFitForEveryHost(Buffer.from(result))).toBe(true);
  const encoded = Buffer.from(result.slice(result.indexOf('\r\n\r\n') + 4));
  const decode = result.includes('base64') ? decodeBase64 : decodeQuotedPrintable;
  expect(decode(encoded).toString()).toBe(`${body}\r\n`);
});

test('base64 in one line, as devices write it, is broken into lines', () => {
  const bytes = Buffer.alloc(3000, 7);
  const result = converted(
    lines('MIME-Version: 1.0', 'Content-Type: image/png', 'Content-Transfer-Encoding: BASE64', '', bytes.toString('base64')),
  );
  expect(isFitForEveryHost(Buffer.from(result))).toBe(true);
  expect(decodeBase64(Buffer.from(result.slice(result.indexOf('\r\n\r\n') + 4))).equals(bytes)).toBe(true);
});

test('long lines of a header are folded at white space, or where they must', () => {
  const result = converted(lines(`References: ${'<a@b.example> '.repeat(200)}`, `X-Token: ${'y'.repeat(3000)}`, 'Subject: x', '', 'z'));
  expect(isFitForEveryHost(Buffer.from(result))).toBe(true);
  expect(result.slice(0, result.indexOf('\r\n\r\n')).replace(/\r\n(?=[ \t])/g, '')).toContain('<a@b.example> <a@b.example>');
  expect(result).toMatch(/\r\nSubject: x\r\n\r\nz\r\n$/);
});

test('an encoded word that is longer than a line becomes several, and none is cut', () => {
  const [subject, name] = ['Grüße, '.repeat(200), 'Büro, '.repeat(200)];
  const word = (text: string) => `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;
  const message = lines(`Subject: ${word(subject)}`, `To: ${word(name)} <a@b.at>, x@y.at`, '', 'y');
  const result = toSevenBit(Buffer.from(message));
  expect(isFitForEveryHost(result)).toBe(true);
  const header = new MessageHeader(result);
  const decoded = header.fields.map((field) => decodeEncodedWords(header.text(field)));
  expect(decoded).toEqual([subject, `${name} <a@b.at>, x@y.at`]);
  expect(
    result
      .toString()
      .match(/=\?[^?]*\?.\?[^?]*\?=/g)
      ?.every((each) => each.length <= 75),
  ).toBe(true);
});

test('whatever is encoded can be decoded to the same bytes, in lines of at most 76', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (array) => {
      const bytes = Buffer.from(array);
      for (const [encode, decode] of [[encodeQuotedPrintable, decodeQuotedPrintable] as const, [encodeBase64, decodeBase64] as const]) {
        const encoded = encode(bytes);
        expect(decode(encoded).equals(bytes)).toBe(true);
        expect(isFitForEveryHost(encoded)).toBe(true);
        for (const line of encoded.toString().split('\r\n')) expect(line.length).toBeLessThanOrEqual(76);
      }
    }),
  );
});

test.each([1, 2, 4])('costs no more than its size: ×%i', (factor) => {
  const nested = Array.from(
    { length: 2000 * factor },
    (_, at) => `--b${at}\r\nContent-Type: multipart/mixed; boundary=b${at + 1}\r\n\r\n`,
  ).join('');
  const started = processorTime();
  toSevenBit(Buffer.from(`Content-Type: multipart/mixed; boundary=b0\r\n\r\n${nested}ü`));
  toSevenBit(Buffer.from(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nü\r\n'.repeat(10_000 * factor)}`));
  toSevenBit(Buffer.from(`Content-Type: multipart/mixed; boundary="-"\r\n\r\n${'---'.repeat(30_000 * factor)}ü`));
  expect(processorTime() - started).toBeLessThan(1000 * factor);
});

test('what somebody else signed stays as it came, unless few hosts would take it so', () => {
  const sealed = (text: string) => {
    const message = Buffer.from(`Content-Transfer-Encoding: 8bit\r\n\r\n${text}`);
    const done = sealLetter({ message, signer: null, asItCame: true });
    return { stays: done.message.equals(message), fits: isFitForEveryHost(done.message) };
  };
  expect(sealed('Grüße\r\n')).toEqual({ stays: true, fits: false });
  for (const text of [`ü${'a'.repeat(1_200)}\r\n`, 'ü\0\r\n']) expect(sealed(text)).toEqual({ stays: false, fits: true });
});
