import { describe, expect, it } from 'vitest';
import { readRtf, unpackRtf } from '#lib/mime/read-rtf.ts';
import { readable, viewOf } from '#tests/support/letter-view.ts';

describe('RTF', () => {
  it('is unpacked as MS-OXRTFCP section 3.1 has it', () => {
    const packed = Buffer.from('2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0', 'hex');
    expect(unpackRtf(packed).toString('latin1')).toBe('{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n');
    expect(unpackRtf(Buffer.from('kurz'))).toHaveLength(0);
  });

  it.each([
    ['text of a code page', "{\\rtf1\\ansi\\ansicpg1251\\deff0{\\fonttbl{\\f0 Arial;}}\\'d1\\'f7\\'b8\\'f2 5\\par}", 'Счёт 5'],
    ['characters by their numbers', '{\\rtf1\\ansi\\uc1 5 \\u8364?\\tab \\u-10179?\\u-8704?}', '5 €\t😀'],
    ['nothing of what is no text', '{\\rtf1{\\*\\generator X;}{\\info{\\title T}}{\\pict 0011}A\\line B}', 'A\nB'],
  ])('%s', (_, source, text) => expect(readRtf(source)).toEqual({ html: '', text }));

  it('that was made from HTML is that HTML', () => {
    const source =
      "{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 {\\*\\htmltag64 <p>}\\htmlrtf {\\f0 \\htmlrtf0 Gr\\'fc\\'dfe & <x>{\\*\\htmltag84 <b>}\\htmlrtf {\\b\\htmlrtf0 fett\\htmlrtf }\\htmlrtf0{\\*\\htmltag92 </b>}\\htmlrtf\\par}\\htmlrtf0{\\*\\htmltag72 </p>}}";
    expect(readRtf(source).html).toBe('<p>Grüße &#38; &#60;x&#62;<b>fett</b></p>');
  });

  it('as a text of a letter is read', () => {
    expect(readable(viewOf("Subject: x\nContent-Type: text/rtf\n\n{\\rtf1\\ansi Hallo \\b Gr\\'fc\\'dfe\\b0\\par}\n"))).toBe('Hallo Grüße');
  });
});
