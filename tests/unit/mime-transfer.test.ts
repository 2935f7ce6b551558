import { describe, expect, it } from 'vitest';
import { indexMessage } from '#lib/mime/index-message.ts';
import { decodeText } from '#lib/mime/decode-text.ts';
import work from '#lib/webmail/view/view-worker.ts';
import { readable, viewOf } from '#tests/support/letter-view.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const text = (encoding: string, body: string): string =>
  decodeText(Buffer.from(body), { type: 'text', subtype: 'plain', parameters: [], encoding });

describe('text in base64', () => {
  it('keeps what a mailing list put below it', () => {
    expect(text('base64', `${base64('Grüße aus Wien')}\r\n____________\r\nListe, http://x.example\r\n`)).toBe(
      'Grüße aus Wien\n____________\r\nListe, http://x.example\r\n',
    );
  });
  it('is read as it stands where it is none', () => expect(text('base64', 'Hallo, das ist Text. Ja!')).toBe('Hallo, das ist Text. Ja!'));
  it('may hold a stray sign in a line', () =>
    expect(text('base64', `${base64('Grüße aus Wien, lang')}!\r\n`)).toBe('Grüße aus Wien, lang'));
});

/** "Inhalt der Notiz" */
const uuencoded = 'begin 644 Notiz Öl.txt\r\n0 26YH86QT(&1E<B!.;W1I>@  \r\n`\r\nend\r\n'.replace('0 ', '0');

describe('uuencode', () => {
  const letter = `Subject: x\nContent-Type: text/plain; charset=utf-8\n\nHallo,\n\n${uuencoded}\nGruß\n`;

  it('a file in the middle of a text is an attachment, and the text goes on', () => {
    const view = viewOf(letter);
    expect(readable(view)).toBe('Hallo, Gruß');
    expect(view.attachments).toMatchObject([{ name: 'Notiz Öl.txt', part: '1/1', opens: true }]);
    const file = work({ kind: 'file', container: Buffer.from(`Hallo\n${uuencoded}`), encoding: '8bit', holds: 'text', path: ['1'] });
    expect(file).toMatchObject({ name: 'Notiz Öl.txt', type: 'text/plain' });
    expect(file && 'bytes' in file ? Buffer.from(file.bytes).toString() : '').toBe('Inhalt der Notiz');
  });

  it('its lines are not found by searching, its name is', () => {
    const { text: searched, preview } = indexMessage(Buffer.from(letter.replace(/\r?\n/g, '\r\n')));
    expect([searched.includes('26YH86QT'), searched.includes('Notiz Öl.txt'), preview]).toEqual([false, true, 'Hallo, Gruß Notiz Öl.txt']);
  });

  it('as a transfer encoding', () => expect(text('x-uuencode', uuencoded)).toBe('Inhalt der Notiz'));

  it('yEnc is a file as well, byte for byte', () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
    const encoded = [...bytes].flatMap((byte) => {
      const code = (byte + 42) & 255;
      return [0, 10, 13, 61].includes(code) ? [61, (code + 64) & 255] : [code];
    });
    const head = 'Subject: x\n\nHallo\n=ybegin part=1 line=128 size=256 name=Bild 1.gif\n=ypart begin=1 end=256\n';
    const letter = Buffer.concat([Buffer.from(head), Buffer.from(encoded), Buffer.from('\n=yend size=256\nGruß\n')]);
    const view = viewOf(letter);
    expect(readable(view)).toBe('Hallo Gruß');
    expect(view.attachments).toMatchObject([{ name: 'Bild 1.gif' }]);
    const file = work({ kind: 'file', container: letter, encoding: '8bit', holds: 'text', path: ['1'] });
    expect(file && 'bytes' in file ? Buffer.from(file.bytes) : null).toEqual(bytes);
  });

  it('a sentence that begins like one is a sentence', () => {
    expect(readable(viewOf('Subject: x\n\nWe\nbegin 644 with an idea\nand end\nend\n'))).toContain('begin 644 with an idea');
  });
});

describe('other names of encodings', () => {
  it.each(['base-64', 'b', 'BASE64;'])('%s', (name) => {
    expect(readable(viewOf(`Subject: x\nContent-Transfer-Encoding: ${name}\n\n${base64('Grüße aus Wien')}\n`))).toBe('Grüße aus Wien');
  });
  it.each(['q', 'quoted_printable', 'quotedprintable'])('%s', (name) => {
    expect(readable(viewOf(`Subject: x\nContent-Transfer-Encoding: ${name}\n\nGr=C3=BC=C3=9Fe\n`))).toBe('Grüße');
  });
});

describe('text that was made for a terminal', () => {
  it.each([
    ['colours', '\x1b[1;31mFEHLER\x1b[0m: Platte', 'FEHLER: Platte'],
    ['bold by overstriking', 'N\bNA\bAM\bME\bE _\bu', 'NAME u'],
    ['a bell', 'fertig\x07', 'fertig'],
    ['pages', 'Seite 1\fSeite 2', 'Seite 1 Seite 2'],
    ['lines of old Macs', 'eins\rzwei', 'eins zwei'],
  ])('%s', (_, source, seen) => expect(readable(viewOf(Buffer.from(`Subject: x\r\n\r\n${source}`)))).toBe(seen));
});
