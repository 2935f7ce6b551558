import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeEncodedWords } from '#lib/mime/decode-encoded-words.ts';
import { decodeParameter } from '#lib/mime/decode-parameter.ts';
import { parseParameterised } from '#lib/mime/parse-content-type.ts';
import { determineAuthors } from '#lib/mime/parse-authors.ts';
import { MessageHeader } from '#lib/mime/read-header.ts';
import { encodeHeader } from '#mail-server/delivery/signing/encode-header.ts';

const encoded = (header: string, charset: BufferEncoding = 'utf8') => encodeHeader(Buffer.from(`${header}\r\n\r\nText ü\r\n`, charset));
const fieldOf = (message: Buffer, key: string): string => {
  const header = new MessageHeader(message);
  const [field] = header.named(key);
  return field ? header.value(field) : '';
};

test('a header that is ASCII stays, to the byte', () => {
  const message = Buffer.from('Subject: x\r\n\r\nü\r\n');
  expect(encodeHeader(message)).toBe(message);
});

test('umlauts that a device writes into Subject and names go out as encoded words, and read the same', () => {
  const message = encoded(
    'Subject: Störung im Büro 7\r\nFrom: Jürgen Müller <a@muster.at>\r\nTo: "Ärztin, Dr." <b@x.example>, c@x.example (Öster)\r\nX-A: y',
  );
  const text = message.toString('latin1');
  expect(text.slice(0, text.indexOf('\r\n\r\n'))).toMatch(/^[\x20-\x7e\r\n]*$/);
  expect(decodeEncodedWords(fieldOf(message, 'subject'))).toBe('Störung im Büro 7');
  expect(decodeEncodedWords(fieldOf(message, 'from'))).toBe('Jürgen Müller <a@muster.at>');
  expect(decodeEncodedWords(fieldOf(message, 'to'))).toBe('Ärztin, Dr. <b@x.example>, c@x.example (Öster)');
  expect(fieldOf(message, 'to')).not.toMatch(/Dr\.[^?]*</);
  expect(text).toContain('\r\nX-A: y\r\n\r\n');
  expect(message.subarray(-8).toString()).toBe('ext ü\r\n'.slice(-8));
});

test('what is no UTF-8 is read as everybody reads it', () => {
  expect(decodeEncodedWords(fieldOf(encoded('Subject: Grüße', 'latin1'), 'subject'))).toBe('Grüße');
});

test('file names become RFC 2231, and are found again', () => {
  const message = encoded(
    `Content-Type: application/pdf; x=1; name="Prüfung; ${'ä'.repeat(60)}.pdf"; charset=utf-8\r\nContent-Disposition: attachment; filename=Übung.pdf`,
  );
  const named = (key: string, name: string) => decodeParameter(parseParameterised(fieldOf(message, key), 50).parameters, name);
  expect(named('content-type', 'name')).toBe(`Prüfung; ${'ä'.repeat(60)}.pdf`);
  expect(named('content-type', 'x')).toBe('1');
  expect(named('content-type', 'charset')).toBe('utf-8');
  expect(named('content-disposition', 'filename')).toBe('Übung.pdf');
});

test('an address that is not ASCII, and what cannot carry encoded words, stay as they are', () => {
  for (const header of [
    'From: <jürgen@muster.at>',
    'To: a@müller.example',
    'To: "ü"@x.example',
    'Message-ID: <ü@x>',
    'kein Feld ü',
    'To: "ü',
  ])
    expect(encoded(header).toString()).toBe(`${header}\r\n\r\nText ü\r\n`);
});

test('whatever a device writes: the author stays who he is, words are short, lines too, and text reads the same', () => {
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 120 })
    .map((value) => value.replace(/[\p{C}\p{Z}]+/gu, ' ').trim())
    .filter((value) => value !== '' && !value.includes('=?'));
  fc.assert(
    fc.property(text, (value) => {
      const message = encoded(`Subject: ${value}\r\nFrom: "${value.replace(/["\\]/g, '\\$&')}" <a@muster.at>`);
      for (const line of message.toString('latin1').split('\r\n'))
        if (line.includes('=?')) for (const word of line.match(/=\?\S+\?=/g) ?? []) expect(word.length).toBeLessThanOrEqual(75);
      expect(message.toString('latin1').split('\r\n\r\n')[0]).toMatch(/^[\x20-\x7e\r\n]*$/);
      expect(decodeEncodedWords(fieldOf(message, 'subject'))).toBe(value);
      expect(determineAuthors(fieldOf(message, 'from'))?.candidates.map(({ local, domain }) => `${local}@${domain}`)).toEqual([
        'a@muster.at',
      ]);
    }),
  );
});
