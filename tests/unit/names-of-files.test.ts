import { expect, it } from 'vitest';
import { kindOf } from '#components/mail/letter/attachment-kinds.ts';
import { asRanges, fromRanges } from '#lib/webmail/files/part-ranges.ts';
import { zipRequest } from '#lib/webmail/mail-requests.ts';
import { planLetter } from '#lib/mime/plan-letter.ts';
import { scanEntities } from '#lib/mime/scan-entity.ts';
import { DEFAULT_MIME_LIMITS as limits } from '#lib/mime/limits.ts';
import { toLetterPart } from '#lib/mime/letter-part.ts';

const octets = 'application/octet-stream';

it.each([
  ['Angebot.pdf', octets, 'PDF'],
  ['Budget.numbers', 'application/x-iwork-numbers-sffnumbers', 'NUMB'],
  ['Text.pages', 'application/vnd.apple.pages', 'PAGE'],
  ['profil.mobileconfig', octets, 'MOBI'],
  ['Rechnung vom 3.Dezember', 'application/pdf', 'PDF'],
  ['Rechnung', 'application/pdf', 'PDF'],
  ['Rechnung', octets, '…'],
])('%s of type %s is shown as %s', (name, type, kind) => {
  expect(kindOf(name, type)).toBe(kind);
});

it('a file beside HTML is a file however long its ending is', () => {
  const letter = (name: string) =>
    `Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Hallo</p>\r\n--b\r\nContent-Type: ${octets}; name="${name}"\r\nContent-ID: <a@b>\r\n\r\nx\r\n--b--\r\n`;
  for (const name of ['a.pdf', 'a.numbers', 'a.mobileconfig'])
    expect(
      planLetter(toLetterPart(scanEntities(Buffer.from(letter(name)), limits), limits.parameters)).files.map(({ section }) => section),
    ).toEqual(['2']);
});

it('the address of all files in one has room for any number of them', () => {
  const parts = [...Array.from({ length: 1999 }, (_, at) => `${at + 2}`), '2002', '3.1/1', '3.1/2', '4.7'];
  expect(asRanges(parts)).toBe('2-2000,2002,3.1/1-2,4.7');
  expect(fromRanges(asRanges(parts))).toEqual(parts);
  expect(fromRanges('1-99999')).toEqual(['1-99999']);
  expect(fromRanges('5-2,x-1')).toEqual(['5-2', 'x-1']);
  expect(zipRequest.parse({ folder: 'INBOX', uid: 5, parts: '1-3,2,1-4' }).parts).toEqual(['1', '2', '3', '4']);
});
