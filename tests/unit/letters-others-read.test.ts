import { describe, expect, it } from 'vitest';
import { decodeCharset } from '#lib/mime/decode-charset.ts';
import { decodeBase64, decodeBase64Text } from '#lib/mime/decode-content.ts';
import { decodeEncodedWords } from '#lib/mime/decode-encoded-words.ts';
import { decodeParameter } from '#lib/mime/decode-parameter.ts';
import { decodeText } from '#lib/mime/decode-text.ts';
import { indexMessage } from '#lib/mime/index-message.ts';
import { parseAddresses } from '#lib/mime/parse-addresses.ts';
import { parseDate } from '#lib/mime/parse-date.ts';
import { parseParameterised } from '#lib/mime/parse-content-type.ts';
import { findSection, parsePartMap } from '#lib/mime/part-map.ts';
import { peopleOf } from '#lib/webmail/people/decode-people.ts';
import { toSevenBit } from '#mail-server/delivery/signing/to-seven-bit.ts';
import { readable, viewOf } from '#tests/support/letter-view.ts';
import { processorTime } from '#tests/support/processor-time.ts';

/** Kinds of broken letters that the test suites of other programs have and that those programs read. */

const crlf = (text: string): Buffer => Buffer.from(text.replace(/\r?\n/g, '\r\n'), 'latin1');
const pdf = 'Content-Type: application/pdf; name=plan.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0=\n';
const parts = (boundary: string): string =>
  `--${boundary}\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=C3=9Fe\n--${boundary}\n${pdf}--${boundary}--\n`;

describe('a multipart whose header does not end', () => {
  const head = 'From: max@muster.at\nSubject: Hallo\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b1\n';

  it.each([
    ['without its empty line', ''],
    ['with a blank in its empty line', ' \n'],
    ['with a word to old programs in place of it', 'This is a multi-part message in MIME format.\n'],
  ])('begins at its own delimiter: %s', (_, between) => {
    const raw = crlf(head + between + parts('b1'));
    const view = viewOf(raw);
    expect([readable(view), view.attachments.map(({ name }) => name), view.subject]).toEqual(['Grüße', ['plan.pdf'], 'Hallo']);
    const map = parsePartMap(indexMessage(raw).parts);
    expect(raw.toString('latin1', 0, map.headerLength) + raw.toString('latin1', map.bodyOffset)).toBe(raw.toString('latin1'));
    const text = findSection(map, [1], 'part');
    expect(text && raw.toString('latin1', text.offset, text.offset + text.length)).toBe('Gr=C3=BC=C3=9Fe');
  });

  it('is re-encoded part by part for hosts that take seven bits', () => {
    const eight = parts('b1')
      .replace('Content-Transfer-Encoding: quoted-printable\n', '')
      .replace('Gr=C3=BC=C3=9Fe', 'Gr\xc3\xbc\xc3\x9fe');
    const view = viewOf(toSevenBit(crlf(`${head} \n${eight}`)));
    expect([readable(view), view.attachments.map(({ name }) => name)]).toEqual(['Grüße', ['plan.pdf']]);
  });

  it.each([
    ['is named wrongly', '--b1\nContent-Type: text/plain; charset=utf-8\n\nGr\xc3\xbc\xc3\x9fe\n--b1--\n', 'Grüße'],
    ['does not occur at all', 'Gr\xc3\xbc\xc3\x9fe an alle\n', 'Grüße an alle'],
    ['occurs within a line alone', 'Gr\xc3\xbc\xc3\x9fe --other\n', 'Grüße --other'],
  ])('loses nothing on its way to other hosts where the boundary %s', (_, body, words) => {
    const raw = crlf(`From: max@muster.at\nSubject: Hallo\nContent-Type: multipart/mixed; boundary=other\n\n${body}`);
    expect([readable(viewOf(raw)), readable(viewOf(toSevenBit(raw)))]).toEqual([words, words]);
  });

  it('hides no field that says something of the message below a delimiter', () => {
    const forged = `Content-Type: multipart/mixed; boundary=b1\n--b1\nFrom: max@muster.at\nSubject: Signiert\nContent-Type: text/plain\n\nText\n`;
    const { subject, bodystructure } = indexMessage(crlf(`Subject: Falsch\n${forged}`));
    expect([subject, bodystructure.toString('latin1').startsWith('("text" "plain"')]).toEqual(['Signiert', true]);
  });

  it('of another boundary stays as it is', () =>
    expect(indexMessage(crlf(`${head}--b12\nContent-Type: text/html\n\n<p>x</p>\n`)).bodystructure.toString('latin1')).toMatch(
      /^\("text" "html"/,
    ));
});

describe('a letter whose boundary does not occur', () => {
  const head = 'Subject: x\nContent-Type: multipart/mixed; boundary="=_von_gestern"\n\n';
  it('is read by the one that its body begins with', () => {
    const view = viewOf(head + parts('=_von_heute'));
    expect([readable(view), view.attachments.map(({ name }) => name)]).toEqual(['Grüße', ['plan.pdf']]);
  });
  it('and by its own where that occurs, whatever stands before', () => {
    const view = viewOf(`${head}--=_von_heute\nContent-Type: text/plain\n\nVorspann\n${parts('=_von_gestern')}`);
    expect(readable(view)).toBe('Grüße');
  });
  it('is looked at once, however many parts are multiparts of that kind', () => {
    const inner = (count: number): string => '--a\nContent-Type: multipart/mixed; boundary=nie\n\nText\n'.repeat(count);
    const time = (count: number): number => {
      const raw = crlf(`Content-Type: multipart/mixed; boundary=a\n\n${inner(count)}${'x'.repeat(2_000_000)}`);
      const before = processorTime();
      indexMessage(raw);
      return processorTime() - before;
    };
    time(10);
    expect(time(1900)).toBeLessThan(time(10) * 10 + 200);
  });
});

it('a boundary in quotes that were escaped is the one within them', () => {
  const view = viewOf(`Content-Type: multipart/mixed; boundary=\\"b 1\\"; x=y\n\n${parts('b 1')}`);
  expect([readable(view), view.attachments.map(({ name }) => name)]).toEqual(['Grüße', ['plan.pdf']]);
});

it('a letter in a letter that was encoded is found by its words, and not by its code', () => {
  const inner = Buffer.from('Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nContent-Type: text/html\r\n\r\n<p>Der Vertrag liegt bei</p>').toString(
    'base64',
  );
  const { text } = indexMessage(
    crlf(
      `Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n${inner}\n--b--\n`,
    ),
  );
  expect([text.includes('Grüße'), text.includes('Der Vertrag liegt bei'), text.includes(inner.slice(0, 20))]).toEqual([true, true, false]);
});

describe('what is signed', () => {
  const signed = (second: string): string =>
    `Subject: x\nContent-Type: multipart/signed; protocol="application/pgp-signature"; boundary=b\n\n--b\nContent-Type: text/plain\n\nText\n--b\n${second}\n--b--\n`;
  it('shows what a list put into the place of the signature, and does not say that there is one', () => {
    const view = viewOf(signed('Content-Type: text/plain\nContent-Disposition: inline\n\nListe: https://l.example'));
    expect([readable(view), view.notes]).toEqual(['Text Liste: https://l.example', []]);
  });
  it('does not show its signature', () => {
    const view = viewOf(signed('Content-Type: application/pgp-signature; name=signature.asc\n\n-----BEGIN PGP SIGNATURE-----'));
    expect([readable(view), view.notes, view.attachments]).toEqual(['Text', ['pgp-signature'], []]);
    expect(viewOf(signed('Content-Type: application/octet-stream; name=signature.asc\n\nx')).attachments).toEqual([]);
  });
  it('offers a file that has come into the place of the signature', () => {
    const view = viewOf(signed(pdf));
    expect([readable(view), view.notes, view.attachments.map(({ name }) => name)]).toEqual(['Text', [], ['plan.pdf']]);
  });
});

describe('names of files', () => {
  const name = (field: string): string | undefined => decodeParameter(parseParameterised(field, 20).parameters, 'filename');
  it.each([
    ['attachment; filename=Rechnung(2).pdf', 'Rechnung(2).pdf'],
    ['attachment; filename=Rechnung (2).pdf', 'Rechnung (2).pdf'],
    ['attachment; filename = (1) Foto.jpg; size=12', '(1) Foto.jpg'],
    ['attachment; (ein Wort dazu) filename="a.pdf" (und noch eins)', 'a.pdf'],
    ["attachment; filename*=utf-8''B%C3%A4r.pdf; filename*0=foo; filename*1=bar", 'Bär.pdf'],
    ["attachment; filename*=utf-8''B%C3%A4r; filename*1=.pdf", 'Bär.pdf'],
  ])('%s', (field, wanted) => expect(name(field)).toBe(wanted));

  it('a comment elsewhere is one', () =>
    expect(parseParameterised('text/plain; charset=us-ascii (Plain text); name=a(b).txt', 20).parameters).toEqual([
      { name: 'charset', value: 'us-ascii' },
      { name: 'name', value: 'a(b).txt' },
    ]));

  it('a winmail.dat with neither file nor text is offered where there is nothing else', () => {
    const empty = Buffer.from([0x78, 0x9f, 0x3e, 0x22, 1, 0, 1, 6, 0x90, 8, 0, 4, 0, 0, 0, 0, 0, 1, 0, 1, 0]).toString('base64');
    const winmail = `Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n${empty}\n`;
    expect(viewOf(`Subject: Gelesen\n${winmail}`).attachments.map((file) => file.name)).toEqual(['winmail.dat']);
    const beside = `Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nText\n--b\n${winmail}--b--\n`;
    expect(viewOf(beside).attachments).toEqual([]);
  });
});

describe('characters', () => {
  const shiftJis = Buffer.from('83818140835b83572082e0838183688d82918a53955c8ea6816683418343836f83755b8341', 'hex');

  it('Shift_JIS whose words are katakana mostly is known under the label of UTF-8', () => {
    const text = decodeCharset(Buffer.from('8381815b838b82f08ac2924d82c98142836183628340835b835781608391838d8142', 'hex'), 'utf-8');
    expect(text.startsWith('メール')).toBe(true);
    expect(decodeCharset(shiftJis, 'utf-8')).toContain('メ');
  });

  it('encoded words of ISO-2022-JP that were cut in a character or in a row of them are read as one', () => {
    const bytes = Buffer.from('\x1b$B%K%c!<%s\x1b(B!');
    for (let at = 4; at < bytes.length - 4; at++) {
      const words = [bytes.subarray(0, at), bytes.subarray(at)].map((piece) => `=?iso-2022-jp?B?${piece.toString('base64')}?=`);
      expect(decodeEncodedWords(words.join(' ')), `cut at ${at}`).toBe('ニャーン!');
    }
    const each = ['\x1b$B%K%c', 'abc'].map((piece) => `=?iso-2022-jp?B?${Buffer.from(piece).toString('base64')}?=`);
    expect(decodeEncodedWords(each.join(' '))).toBe('ニャabc');
  });

  it('a subject that was cut within an encoded word is read as far as it goes', () => {
    expect(decodeEncodedWords('=?utf-8?Q?AW:_Gr=C3=BC=C3=9F=')).toBe('AW: Grüß');
    expect(decodeEncodedWords('Re: =?utf-8?B?R3LDvMOfZSBhdXMg')).toBe('Re: Grüße aus ');
    expect(decodeEncodedWords('=?utf-8?Q?Hallo?')).toBe('Hallo');
    expect(decodeEncodedWords('Was heisst =?utf-8?Q?abc in einem Betreff')).toBe('Was heisst =?utf-8?Q?abc in einem Betreff');
  });

  it('in base64 a "=" behind a single sign is none of its padding', () => {
    expect(decodeBase64(Buffer.from('R=3LDvMOfZSBhdXMgV2llbg==')).toString()).toBe('Grüße aus Wien');
    expect(decodeBase64(Buffer.from('R3LDvMOfZQ==IGF1cw==IFdpZW4=')).toString()).toBe('Grüße aus Wien');
  });

  it('words that are called base64 are words', () => {
    const text = (body: string): string =>
      decodeText(Buffer.from(body), { type: 'text', subtype: 'plain', parameters: [], encoding: 'base64' });
    expect(text('Dies ist ein Anhang\r\n')).toBe('Dies ist ein Anhang\r\n');
    expect(text('R3LD vMOf ZSBh dXMg V2ll bg==')).toBe('Grüße aus Wien');
    // Cyrillic of one byte a letter, which is no UTF-8
    const code = 'z/Do4uXyIOLx5ewsIOryIOft5fH8IOboIuXy';
    const cyrillic = decodeBase64(Buffer.from(code)).toString('latin1');
    for (const parted of [`${code.slice(0, 9)} ${code.slice(9, 20)} ${code.slice(20)}`, code.replace(/(?<=[a-z])(?=[A-Z0-9])/g, ' ')])
      expect(decodeBase64Text(Buffer.from(parted)).toString('latin1')).toBe(cyrillic);
  });

  it.each([
    ['blanks', ' '],
    ['signs', '!'],
    ['a drawn line', '\r\n--------\r\n'],
  ])('base64 into which somebody put %s is read as other programs read it, by filter and search too', (_, between) => {
    const words = 'Jetzt Grüße kaufen: https://boese.example/billig und gewinnen';
    const code = Buffer.from(words).toString('base64');
    const odd = [code.slice(0, 11), code.slice(11, 30), code.slice(30, 55), code.slice(55)].join(between);
    const letter = `Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n`;
    expect(readable(viewOf(letter + odd))).toBe(words);
    expect(indexMessage(crlf(letter + odd)).text).toContain(words);
    const footer = '\n_____________\nListe: https://liste.example/a-b\n';
    expect(readable(viewOf(letter + code + footer))).toMatch(/gewinnen.*Liste: https:\/\/liste\.example\/a-b/s);
  });
});

describe('people and dates', () => {
  const people = (field: string) => peopleOf(parseAddresses(Buffer.from(field).toString('latin1'), 10));

  it('words in brackets keep their blanks and are no address', () =>
    expect(people('<Nicht genannte Leute>, Max <max>')).toEqual([
      { name: 'Nicht genannte Leute', address: '' },
      { name: 'Max', address: 'max' },
    ]));

  it('a name cannot push the address out of sight with blanks of any kind', () => {
    const gap = '\u2003\u2800\u00ad\u034f\u2800\u3164\ufe0f\u2003'.repeat(40);
    expect(people(`"bank@bank.example${gap}." <x@y.example>`)).toEqual([{ name: 'bank@bank.example .', address: 'x@y.example' }]);
  });

  it.each([
    ['16 May 2016 at 09:30:32 GMT+1', '2016-05-16T08:30:32.000Z'],
    ['Mon, 16 May 2016 09:30:32 -03', '2016-05-16T12:30:32.000Z'],
    ['Mon, 16 May 2016 09:30:32 NST', '2016-05-16T13:00:32.000Z'],
    ['Mon, 16 May 2016 09:30:32 AST', '2016-05-16T13:30:32.000Z'],
  ])('%s', (field, instant) => expect(new Date(parseDate(field) ?? Number.NaN).toISOString()).toBe(instant));
});
