import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCharset } from '#lib/mime/decode-charset.ts';
import { decodeContent, decodeBase64, decodeQuotedPrintable, isKnownEncoding } from '#lib/mime/decode-content.ts';
import { decodeEncodedWords } from '#lib/mime/decode-encoded-words.ts';
import { decodeParameter } from '#lib/mime/decode-parameter.ts';
import { htmlToText } from '#lib/mime/html-to-text.ts';
import { indexMessage } from '#lib/mime/index-message.ts';
import { parseParameterised } from '#lib/mime/parse-content-type.ts';
import { parsePartMap } from '#lib/mime/part-map.ts';
import { anyCharacter } from '#tests/support/any-character.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

describe('encoded words', () => {
  it.each([
    ['plain', 'plain'],
    ['=?iso-8859-1?Q?a?=', 'a'],
    ['=?ISO-8859-1?Q?a?= b', 'a b'],
    ['=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=', 'ab'],
    ['=?ISO-8859-1?Q?a?=   \t =?ISO-8859-2?Q?_b?=', 'a b'],
    ['=?utf-8?Q?Gr=C3=BC=C3=9Fe?=', 'Grüße'],
    ['=?utf-8?b?R3LDvMOfZQ==?=', 'Grüße'],
    ['=?utf-8*de?b?R3LDvMOfZQ?=', 'Grüße'],
    ['=?utf-8?Q?Gr=C3?= =?utf-8?Q?=BC=C3=9Fe?=', 'Grüße'],
    ['=?utf-8?B?R3LD?= =?utf-8?B?vMOfZQ==?=', 'Grüße'],
    ['"=?utf-8?Q?Gr=C3=BC=C3=9Fe?="', '"Grüße"'],
    ['x=?utf-8?Q?=C3=BC?=y', 'xüy'],
    ['=?utf-8?Q?mit Leerzeichen?=', 'mit Leerzeichen'],
    ['=?utf-8?Q?x=A_B=C3=BC?=', 'x=A Bü'],
    ['=?utf-8?Q?Gr=C3=B C=C3=9Fe?=', 'Grüße'],
    ['=?utf-8?Q?Gr=C3=BC= =C3=9Fe?=', 'Grüße'],
    ['=?utf-8?Q?x=a_b?=', 'x=a b'],
    ['=?utf-8?Q?warum? darum?=', 'warum? darum'],
    ['=?utf-8?Q?kein Ende', '=?utf-8?Q?kein Ende'],
    ['=?x-gibtsnicht?Q?Gr=FC=DFe?=', 'Grüße'],
    ['=?us-ascii?Q?Gr=C3=BC=C3=9Fe?=', 'Grüße'],
    ['=?utf-8?X?abc?=', '=?utf-8?X?abc?='],
    ['=?iso-2022-jp?B?GyRCJUYlOSVIGyhC?= =?ISO-2022-JP?B?GyRCJUYlOSVIGyhC?=', 'テストテスト'],
    ['=?koi8-r?B?89DJ08/L?=', 'Список'],
    ['=?gb2312?B?xOO6ww==?=', '你好'],
    ['=?utf-8?Q?a=00b?=', 'ab'],
    ['=?utf-8?Q??=', ''],
    [utf8('Grüße'), 'Grüße'],
    ['Gr\xfc\xdfe', 'Grüße'],
  ])('%s', (field, expected) => {
    expect(decodeEncodedWords(field)).toBe(expected);
  });

  it('what is encoded by the rules reads back, however it is cut', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((value) => !value.includes('\0') && value.isWellFormed());
    fc.assert(
      fc.property(text, fc.boolean(), fc.integer({ min: 1, max: 20 }), (value, base64, size) => {
        const all = Buffer.from(value);
        const words: string[] = [];
        for (let at = 0; at < all.length; at += size) {
          const piece = all.subarray(at, at + size);
          const q = [...piece].map((byte) => `=${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('');
          words.push(base64 ? `=?utf-8?B?${piece.toString('base64')}?=` : `=?UTF-8?q?${q}?=`);
        }
        expect(decodeEncodedWords(words.join(' '))).toBe(value);
      }),
    );
  });

  it('any bytes give a text that Postgres stores', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('=?', '?=', 'utf-8', 'utf-16', 'utf-7', '?b?', '?q?', '=00', '=D8=00', 'AAAA', ' ', '\xff', '\0')),
        (pieces) => {
          const text = decodeEncodedWords(pieces.join(''));
          expect(text.isWellFormed() && !text.includes('\0')).toBe(true);
        },
      ),
    );
  });
});

describe('parameters (RFC 2231)', () => {
  const filename = (field: string): string | undefined => decodeParameter(parseParameterised(field, 100).parameters, 'filename');
  it.each([
    ['attachment', undefined],
    ['attachment; filename=a.pdf', 'a.pdf'],
    ['attachment; FILENAME="a b.pdf"', 'a b.pdf'],
    ['attachment; filename=a b.pdf; size=1', 'a b.pdf'],
    ['attachment; filename=a.pdf size=1', 'a.pdf'],
    ["attachment; filename*=utf-8'de'Gr%C3%BC%C3%9Fe.pdf", 'Grüße.pdf'],
    ["attachment; filename=x.pdf; filename*=UTF-8''%C3%BC.pdf", 'ü.pdf'],
    ["attachment; filename*1*=%9Fe.pdf; filename*0*=utf-8''Gr%C3%BC%C3", 'Grüße.pdf'],
    ['attachment; filename*0*=iso-8859-1\'\'Gr%FC; filename*1="%41.pdf"', 'Grü%41.pdf'],
    ['attachment; filename*0=lang; filename*1=er.pdf', 'langer.pdf'],
    // counted from one
    ["attachment; filename*1*=utf-8''Gr%C3%BC; filename*2=n.pdf", 'Grün.pdf'],
    ["attachment; filename=plain.pdf; filename*1*=utf-8''Gr%C3%BC; filename*2=n.pdf", 'plain.pdf'],
    ['attachment; filename="=?utf-8?Q?Gr=C3=BC=C3=9Fe.pdf?="', 'Grüße.pdf'],
    ['attachment; filename="unclosed.pdf', 'unclosed.pdf'],
    ['attachment; filename="a\\"b.pdf"', 'a"b.pdf'],
  ])('%s', (field, expected) => {
    expect(filename(field)).toBe(expected);
  });
});

describe('content', () => {
  it.each([
    ['a=3Db', 'a=b'],
    ['a =\r\nb', 'a b'],
    ['a= \t\r\nb', 'ab'],
    ['a   \r\nb', 'a\r\nb'],
    ['a=20 \r\nb', 'a \r\nb'],
    ['a=c3=bc', 'a\xc3\xbc'],
    ['a=ZZ=', 'a=ZZ'],
    ['a=\nb \n', 'ab\n'],
    ['a b ', 'a b '],
  ])('quoted-printable %j', (encoded, expected) => {
    expect(decodeQuotedPrintable(bytes(encoded)).toString('latin1')).toBe(expected);
  });

  it.each([
    ['SGFs\r\nbG8=', 'Hallo'],
    ['SGFsbG8', 'Hallo'],
    ['SGFs*bG8=', 'Hallo'],
    ['SGFsbG8=IFdlbHQ=', 'Hallo Welt'],
    ['', ''],
    ['=', ''],
  ])('base64 %j', (encoded, expected) => {
    expect(decodeBase64(bytes(encoded)).toString('latin1')).toBe(expected);
  });

  it('base64 of anything reads back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
        const encoded = Buffer.from(data)
          .toString('base64')
          .replace(/.{1,76}/g, '$&\r\n');
        expect([...decodeContent(bytes(encoded), 'base64')]).toEqual([...data]);
      }),
    );
  });

  it('leaves what it does not know', () => {
    expect(decodeContent(bytes('=41'), 'x-unknown').toString()).toBe('=41');
    expect(isKnownEncoding('x-uuencode')).toBe(false);
    expect(isKnownEncoding('base64')).toBe(true);
  });

  it.each<[string | undefined, string, string]>([
    ['utf-8', utf8('Grüße'), 'Grüße'],
    ['utf-8', 'Gr\xfc\xdfe \x80', 'Grüße €'],
    [undefined, utf8('Grüße'), 'Grüße'],
    ['us-ascii', 'Gr\xfc\xdfe', 'Grüße'],
    ['ISO-8859-1', '\x93Gr\xfc\xdfe\x94', '“Grüße”'],
    ['"iso-8859-15"', '\xa4', '€'],
    ['utf-7', 'Gr+APw-n', 'Grün'],
    ['x-unicode-2-0-utf-7', 'Gr+APw-n', 'Grün'],
    ['utf-7', utf8('Grün'), 'Grün'],
    ['windows-cp1250', 'P\xf8\xedklad', 'Příklad'],
    ['cn-gb', '\xb7\xa2\xc6\xb1', '发票'],
    ['utf-16', '\xff\xfeG\0\xfc\0', 'Gü'],
    ['utf-16le', '\x00\xd8a\0', '\ufffda'],
    ['base64', 'Gr\xfc', 'Grü'],
    ['no such charset', 'Gr\xfc', 'Grü'],
    ['x-windows-1250', 'P\xf8\xedklad', 'Příklad'],
    ['utf-8', 'a\0b', 'ab'],
  ])('charset %s of %j', (charset, raw, expected) => {
    expect(decodeCharset(bytes(raw), charset)).toBe(expected);
  });
});

describe('HTML as text', () => {
  it.each([
    ['<p>Hallo <b>Welt</b></p><p>Zweiter</p>', 'Hallo Welt\nZweiter'],
    ['<b>&Uuml;ber</b>weisung', 'Überweisung'],
    ['a<br>b<br/>c', 'a\nb\nc'],
    ['<style>p{}</style><script>if (a<b) x("</p>")</script>Text', 'Text'],
    ['<title>Titel</title>Text', 'Text'],
    ['<title>Text ohne Ende', 'Text ohne Ende'],
    ['<!-- <p>weg</p> -->da<!---->, ja', 'da, ja'],
    ['<!--[if mso]><p>Outlook</p><![endif]-->da', 'da'],
    ['1 &lt; 2 &amp;&amp; 3 > 2 &euro; &#8364; &#x20AC; &#128;', '1 < 2 && 3 > 2 € € € €'],
    ['&unbekannt; &amp', '&unbekannt; &'],
    // as browsers read them: without a semicolon, of two characters, and those that only HTML 5 knows
    ['M&uumlller &ampere &notit; &notin; &NotEqualTilde; &zwsp;', 'Müller &ere ¬it; ∉ ≂̸ &zwsp;'],
    ['&#0;&#xD800;&#99999999;', '\ufffd\ufffd\ufffd'],
    ['a < b', 'a < b'],
    ['<a title="x>y" href=\'z\'>Link</a>', 'Link'],
    ['<a title="offen>Link</a> rest', 'Link rest'],
    ['<img alt="Logo der Firma" src=x>Hallo', 'Logo der Firma Hallo'],
    ['<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>', '1 2\n3'],
    ['  viel \r\n\t Platz  ', 'viel Platz'],
    ['<pre>a\n  b</pre>', 'a\n  b'],
    ['Ein&shy;zel\u00adhandel', 'Einzelhandel'],
    ['a&nbsp;b', 'a\u00a0b'],
    ['<p', ''],
    ['<o:p>Word</o:p>', 'Word'],
    ['<?xml version="1.0"?><!DOCTYPE html>Text', 'Text'],
  ])('%s', (html, expected) => {
    expect(htmlToText(html)).toBe(expected);
  });

  it('any tag soup ends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('<', '>', '<p', '</', '"', "'", '<!--', '-->', '&', ';', '#', 'style', '<script', ' ', 'x', '\n')),
        (pieces) => {
          expect(htmlToText(pieces.join('')).length).toBeLessThanOrEqual(pieces.join('').length);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('text for searching', () => {
  const raw = Buffer.from(
    [
      'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
      'X-Odd: =?utf-8?b?w6Q=?=',
      'Content-Type: multipart/mixed; boundary=x',
      '',
      '--x',
      'Content-Type: multipart/alternative; boundary=y',
      '',
      '--y',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<p>Hallo &ouml;</p>',
      '--y',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Liebe Gr=C3=BC=C3=9Fe,=',
      ' und bis bald',
      '--y--',
      '--x',
      'Content-Type: application/pdf; name="=?utf-8?q?M=C3=A4rz?=.pdf"',
      'Content-Transfer-Encoding: base64',
      '',
      'R2VoZWlt',
      '--x',
      'Content-Type: message/rfc822',
      '',
      'Subject: drinnen',
      '',
      'innerer Text',
      '--x--',
    ].join('\r\n'),
  );

  it('has the decoded header first, then all readable parts and names of files', () => {
    const { text, bodyStart } = indexMessage(raw);
    expect(text.slice(0, bodyStart - 1)).toBe('Subject: Grüße\nX-Odd: ä\nContent-Type: multipart/mixed; boundary=x\n');
    expect(text.slice(bodyStart - 1)).toBe('Hallo ö\nLiebe Grüße, und bis bald\nMärz.pdf\nSubject: drinnen\n\ninnerer Text');
  });

  it('a word that format=flowed has broken is found, and quoted lines are one', () => {
    const flowed = 'Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\n\r\n> ein \r\n> Zitat\r\nein l \r\nanges Wort\r\n';
    const { text, bodyStart, preview } = indexMessage(Buffer.from(flowed));
    expect(text.slice(bodyStart - 1)).toBe('> einZitat\nein langes Wort\n');
    expect(preview).toBe('> einZitat ein langes Wort');
  });

  it('and so is it in a long text, wherever it is read on', () => {
    const flowed = 'Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\n';
    const words = Array.from({ length: 30_000 }, (_, index) => `Wort${index}`).join('.');
    const { text } = indexMessage(Buffer.from(flowed + words.replace(/.{3}(?=.)/g, '$& \r\n')));
    expect(text.endsWith(words)).toBe(true);
  });

  it('previews the plain alternative', () => {
    expect(indexMessage(raw).preview).toBe('Liebe Grüße, und bis bald');
  });

  it('knows the name of the file', () => {
    expect(parsePartMap(indexMessage(raw).parts).children[1]).toMatchObject({
      filename: 'März.pdf',
      encoding: 'base64',
      type: 'application',
    });
  });
});

describe('previews', () => {
  const preview = (text: string, type = 'text/plain; charset=utf-8'): string =>
    indexMessage(Buffer.from(`Content-Type: ${type}\r\n\r\n${text}`)).preview;

  it('collapse white space, control and invisible characters', () => {
    expect(preview('Guten Tag,\r\n\r\n> zitiert\t\u0007  \u200b\u200b Ende\u00a0! \u034f \u200c')).toBe('Guten Tag, > zitiert Ende !');
  });

  it('are at most 200 characters and never end in half of one', () => {
    expect(preview('x'.repeat(500))).toHaveLength(200);
    expect(preview(`${'x'.repeat(199)}😀${'y'.repeat(50)}`)).toBe('x'.repeat(199));
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 300 }), fc.nat(10), (text, repeat) => {
        const result = preview(text.repeat(repeat + 1));
        expect(result.isWellFormed() && result.length <= 200).toBe(true);
      }),
    );
  });

  it('come from HTML where there is nothing else, and not from attachments', () => {
    const armour = (what: string) => `-----BEGIN ${what}-----\r\nVersion: GnuPG v2\r\n\r\nhQEMA0x\r\n=abcd\r\n-----END ${what}-----`;
    expect(preview(armour('PGP MESSAGE'))).toBe('');
    expect(preview(`Hier der Schlüssel\r\n${armour('PGP PUBLIC KEY BLOCK')}\r\nLG Max`)).toBe('Hier der Schlüssel LG Max');
    expect(preview(`-----BEGIN PGP MESSAGE-----\r\n\r\n${'hQEMA0x/'.repeat(2000)}`)).toBe('');
    expect(preview('-----BEGIN ENCRYPTED PRIVATE KEY-----\r\nMIIE\r\n-----END ENCRYPTED PRIVATE KEY-----\r\nDanke')).toBe('Danke');
    expect(preview('-----BEGIN FORWARDED MESSAGE-----\r\nFrage')).toContain('Frage');
    expect(preview('Antwort\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\n\r\nFrage')).toContain('Frage');
    expect(preview('________________\r\nTeams\r\n----------\r\n## A ## 2026-11-27 -- b')).toBe('Teams ## A ## 2026-11-27 -- b');
    expect(preview('<style>x</style><p>Nur <b>HTML</b></p>', 'text/html')).toBe('Nur HTML');
    expect(indexMessage(Buffer.from('Content-Disposition: attachment\r\n\r\nAlles, was da ist')).preview).toBe('Alles, was da ist');
    expect(indexMessage(Buffer.from('Content-Disposition: attachment; filename=a.txt\r\n\r\nEine Datei')).preview).toBe('');
  });
});
