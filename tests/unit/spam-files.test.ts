import { describe, expect, test } from 'vitest';
import { extractFeatures } from '#mail-server/spam/extract-features.ts';
import { imitatedBrand } from '#mail-server/spam/judge-links.ts';
import { growthOf } from '../support/cost-gate.ts';

const encoded = (content: string): string =>
  Buffer.from(content)
    .toString('base64')
    .replace(/.{76}(?=.)/g, '$&\r\n');
const part = (fields: string, content: string): string =>
  `--b\r\n${fields}\r\nContent-Transfer-Encoding: base64\r\n\r\n${encoded(content)}\r\n`;
const head = 'From: a <a@b.example>\r\nTo: m@muster.at\r\nSubject: Unterlagen\r\nMIME-Version: 1.0\r\n';
const withFile = (fields: string, content: string): Buffer =>
  Buffer.from(
    `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nAnbei die Unterlagen, mit freundlichen Grüßen\r\n${part(fields, content)}--b--\r\n`,
  );
const found = (raw: Buffer): string[] =>
  extractFeatures(raw)
    .reasons.map(({ code }) => code)
    .filter((code) => code === 'dangerous-attachment' || code === 'attachment-deceives');
const attached = (name: string): string =>
  `Content-Type: application/octet-stream; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"`;

const packed = '<html><script>const b = new Blob([atob(x)]); a.href = URL.createObjectURL(b); a.click()</script></html>';
const leading = '<svg xmlns="http://www.w3.org/2000/svg"><script>location.href = atob("aHR0cHM6")</script></svg>';
const drawn = '<svg xmlns="http://www.w3.org/2000/svg"><metadata/><path d="M0 0h9v9z"/></svg>';
const isDangerous = ['dangerous-attachment'];
const isTrap = ['dangerous-attachment', 'attachment-deceives'];

describe('an attachment', () => {
  test.each([
    ['a program', attached('Rechnung.exe'), 'MZ', isDangerous],
    ['a program with a dot behind its name, which Windows does not see', attached('Rechnung.exe. '), 'MZ', isDangerous],
    ['a link to a program', attached('Rechnung.url'), '[InternetShortcut]', isDangerous],
    ['a program that is called a document', attached('Rechnung.pdf.scr'), 'MZ', isTrap],
    [
      'a program whose name is written backwards',
      "Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*=utf-8''Rechnung%E2%80%AEfdp.exe",
      'MZ',
      isTrap,
    ],
    ['a program whose name is written backwards in an encoded word', attached('=?utf-8?q?Rechnung=E2=80=AEfdp.exe?='), 'MZ', isTrap],
    ['a program whose name is written backwards as it is', attached('Rechnung\u202efdp.exe'), 'MZ', isTrap],
    ['a program with a sign behind its name that nobody sees', attached('=?utf-8?q?Rechnung.exe=E2=80=8B=01?='), 'MZ', isDangerous],
    ['a sheet with macros', attached('Kalkulation.xlsm'), 'PK', isDangerous],
    ['a page', attached('securedoc.html'), '<html><form></form></html>', isDangerous],
    ['a page that is called a document', attached('Rechnung.pdf.html'), '<html></html>', isTrap],
    ['a page that makes a file', attached('Rechnung.html'), packed, isTrap],
    ['a page that makes a file and is called no attachment', 'Content-Type: application/octet-stream; name=Rechnung.html', packed, isTrap],
    ['a page that is shown as a file, since another text stands before it', 'Content-Type: text/html; name=Rechnung.html', packed, isTrap],
    ['a page that makes a file and has the name of what Exchange cuts off', attached('ATT00001.htm'), packed, isTrap],
    ['a drawing with a script', attached('voice.svg'), leading, isTrap],
    ['a drawing with a script, without a name, in UTF-16', 'Content-Type: image/svg+xml', [...leading].join('\0'), isTrap],
    ['a drawing that leads away', attached('voice.svg'), drawn.replace('<path', '<a href="https://x.example"/><path'), isDangerous],
    ['a drawing of which not all can be looked at', attached('voice.svg'), drawn + ' '.repeat(200_000), isDangerous],
    ['a drawing that is none', attached('voice.svg'), 'x', isDangerous],
  ])('is seen for what it is: %s', (_, fields, content, expected) => {
    expect(found(withFile(fields, content))).toEqual(expected);
  });

  test.each([
    ['calls itself an attachment and is all there is', 'Content-Type: text/html\r\nContent-Disposition: attachment\r\n\r\n', ''],
    [
      'has a name and stands behind an empty one',
      'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n\r\n\r\n--b\r\nContent-Type: text/html; name=brief.html\r\n\r\n',
      '\r\n--b--',
    ],
  ])('is none, and is read, where it is shown as the letter: a text that %s', (_, before, behind) => {
    const letter = Buffer.from(
      `${head}${before}<p>Ihr Konto wurde gesperrt, <a href="https://paypal.x.example/">hier</a></p>${behind}\r\n`,
    );
    const codes = extractFeatures(letter).reasons.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['words-account', 'link-of-brand']));
    expect(codes).not.toContain('dangerous-attachment');
  });

  test.each([
    ['a drawing', attached('logo.svg'), drawn],
    ['a signed document', attached('fattura.pdf.p7m'), 'x'],
    ['an encrypted sheet', attached('Lohn.xlsx.gpg'), 'x'],
    ['packed pictures', attached('hochzeit.jpg.zip'), 'PK'],
    ['the end of a letter that Exchange cut off', `${attached('ATT00001.htm')}`, '<html><p>Mit freundlichen Grüßen</p></html>'],
    ['a document', attached('Angebot.v2.docx'), 'PK'],
    ['a key', attached('public.asc'), 'x'],
    ['a letter', 'Content-Type: message/rfc822; name="Ihre Bestellung bei buch.com"', 'From: a@b.at\r\n\r\nx'],
  ])('that people send each other is nothing odd: %s', (_, fields, content) => {
    expect(found(withFile(fields, content))).toEqual([]);
  });

  test('whose page is made of what a search looks for takes time in proportion to its length', async () => {
    for (const piece of ['<a ', 'location = ', 'eval( ', ' onclick  ', '<svg '])
      for (const name of ['a.svg', 'a.html']) {
        const letter = (size: number): string => withFile(attached(name), piece.repeat(size / piece.length)).toString();
        const run = (text: string) => extractFeatures(Buffer.from(text));
        expect(await growthOf({ entry: 'judgeFile', run, size: 20_000 }, letter), `${piece} ${name}`).toMatchObject({ linear: true });
      }
  });
});

test('an invitation is read, which people see beside the text', () => {
  const calendar = (lines: string): string => `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n${lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;
  const lure = calendar('SUMMARY:Ihr Konto wurde gesperrt\r\nDESCRIPTION:Konto bestätigen: https://www.paypal.com.login.example/');
  const alternatives = (second: string): Buffer =>
    Buffer.from(
      `${head}Content-Type: multipart/alternative; boundary=b\r\n\r\n${part('Content-Type: text/html; charset=utf-8', '<p>Einladung</p>')}${second}--b--\r\n`,
    );
  const codes = (raw: Buffer): string[] => extractFeatures(raw).reasons.map(({ code }) => code);
  const type = 'Content-Type: text/calendar; charset=utf-8; method=REQUEST';
  expect(codes(alternatives(''))).not.toContain('link-of-brand');
  expect(codes(alternatives(part(type, lure)))).toContain('link-of-brand');
  const asFile = withFile(`${type}\r\nContent-Disposition: attachment; filename=invite.ics`, lure);
  expect(codes(asFile)).toContain('link-of-brand');
  // once, and nothing of what is for programs
  const both = alternatives(part(type, lure) + part(type, lure));
  expect(extractFeatures(both).reasons).toEqual(extractFeatures(alternatives(part(type, lure))).reasons);
});

test.each([
  ['paypa1-kundendienst.com', 'paypal'],
  ['www.arnazon.de', 'amazon'],
  ['b1nance-login.com', 'binance'],
  ['g00gle.example', 'google'],
  ['xn--pypal-4ve.com', 'paypal'],
  ['service.vvhatsapp.com', 'whatsapp'],
  ['paypal.com', null],
  ['pay1.paypal.com', null],
  ['modern.at', null],
  ['a1.net', null],
  ['post24.at', null],
  ['xn--mller-kva.at', null],
  ['d3k1e0app1ex9.cloudfront.net', null],
])('%s is to be taken for %s', (host, brand) => {
  expect(imitatedBrand(host)).toBe(brand);
});

describe('of alternatives, what people see is judged', () => {
  const lure = '<p>Ihr Konto wurde gesperrt. <a href="http://198.51.100.9/login">Jetzt bestätigen</a></p>';
  const html = (content: string): string => part('Content-Type: text/html; charset=utf-8', content);
  const plain = (content: string): string => part('Content-Type: text/plain; charset=utf-8', content);
  const nested = (inner: string): string =>
    `--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n${inner.replace('--b', '--c')}--c--\r\n`;
  const harmless = 'Anbei der Plan für das Treffen am Montag.';
  const codesOf = (parts: string, kind = 'alternative'): string[] =>
    extractFeatures(Buffer.from(`${head}Content-Type: multipart/${kind}; boundary=b\r\n\r\n${parts}--b--\r\n`)).reasons.map(
      ({ code }) => code,
    );

  test.each([
    ['the last of two pages', plain(harmless) + html(`<p>${harmless}</p>`) + html(lure)],
    ['a page behind parts that hold only text', nested(plain(harmless)) + html(lure)],
    ['a page before the text', html(lure) + plain(harmless)],
    ['the text where the page is empty', plain('Ihr Konto wurde gesperrt: http://198.51.100.9/login') + html('<p> </p>')],
    ['the page where the last one is empty', plain(harmless) + html(lure) + html('<p> </p>')],
  ])('%s', (_, parts) => {
    expect(codesOf(parts)).toContain('link-to-number');
  });

  test('and nothing beside it', () => {
    expect(codesOf(html(lure) + html(`<p>${harmless}</p>`))).not.toContain('link-to-number');
    expect(codesOf(plain('Ihr Konto wurde gesperrt: http://198.51.100.9/login') + html(`<p>${harmless}</p>`))).not.toContain(
      'link-to-number',
    );
  });

  test('files are offered from each of them', () => {
    expect(codesOf(plain(harmless) + part(attached('Rechnung.exe'), 'MZ') + html(`<p>${harmless}</p>`))).toContain('dangerous-attachment');
  });
});
