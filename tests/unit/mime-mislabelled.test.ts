import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { decodeCharset } from '#lib/mime/decode-charset.ts';
import { decodeEncodedWords } from '#lib/mime/decode-encoded-words.ts';
import { decodeText } from '#lib/mime/decode-text.ts';
import { parseContentType } from '#lib/mime/parse-content-type.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('a label that is wrong', () => {
  it.each([
    ['iso-8859-1', 'Grüße'],
    ['windows-1252', 'Grüße — 5 € für Ärzte'],
    ['iso-8859-15', 'Grüße'],
    ['windows-1251', 'Привет'],
    ['koi8-r', 'Привет'],
    ['gb2312', '发票已开具'],
    ['shift_jis', '会議の資料です'],
    ['euc-kr', '안녕하세요'],
    ['iso-2022-jp', '会議の資料です'],
    ['utf-16', 'Größe ohne Zeichen davor'],
    ['us-ascii', 'Größe'],
    ['x-unknown', 'Größe'],
    ['utf-16le', 'just ascii, odd'],
  ])('UTF-8 that is called %s is read as what it is', (label, text) => {
    expect(decodeCharset(Buffer.from(text), label)).toBe(text);
  });

  it.each([
    ['gb2312', '联通'],
    ['windows-1251', 'Счёт № 5'],
    ['big5', '報價單'],
    ['shift_jis', 'ﾃｽﾄ'],
    ['euc-kr', '견적서'],
    ['windows-1255', 'שלום'],
    ['cp850', 'Größe'],
    ['iso-8859-1', 'Ä'],
  ])('%s that is %s stays it', (label, text) => expect(decodeCharset(iconv.encode(text, label), label)).toBe(text));

  it('what is called UTF-8 and is none is Latin-1, line by line, and one broken letter does not change the others', () => {
    expect(decodeCharset(bytes('Gr\xfc\xdfe 5 \x80'), 'utf-8')).toBe('Grüße 5 €');
    expect(decodeCharset(Buffer.concat([Buffer.from('Grüße '), bytes('\xe2\x82'), Buffer.from(' für Öl')]), 'utf-8')).toBe(
      'Grüße \ufffd für Öl',
    );
  });

  it('Shift_JIS and EUC that are called ISO-2022-JP are read', () => {
    expect(decodeCharset(iconv.encode('会議の資料', 'shift_jis'), 'iso-2022-jp')).toBe('会議の資料');
    expect(decodeCharset(iconv.encode('会議の資料', 'euc-jp'), 'iso-2022-jp')).toBe('会議の資料');
  });

  it('EUC-JP and Shift_JIS that nobody named are read, also cut in a letter; other letters are not taken for them', () => {
    const text = '株式会社の山田です。会議の資料をお送りします。';
    for (const charset of ['euc-jp', 'shift_jis']) {
      const encoded = iconv.encode(text, charset);
      expect(decodeCharset(encoded, undefined)).toBe(text);
      expect(decodeCharset(Buffer.concat([Buffer.from('Re: '), encoded.subarray(0, -1)]), 'x-unknown')).toContain(text.slice(0, -1));
    }
    const western = 'Öl für 5 ¤¤, ‚ähnlich‘ ‚übel‘ ‚öd‘ ƒA ƒB ƒC – Größe, déjà vu, àéîõüÿ';
    expect(decodeCharset(iconv.encode(western, 'windows-1252'), undefined)).toBe(western);
    expect(decodeCharset(Buffer.from('Что это так').subarray(0, -1), undefined)).toContain('Что это та');
  });

  it('signs of Windows in charsets of ISO are the signs of Windows', () => {
    expect(decodeCharset(bytes('\x93x\x94 \x80'), 'iso-8859-1')).toBe('“x” €');
    expect(decodeCharset(bytes('\x84x\x93'), 'iso-8859-2')).toBe('„x“');
    expect(decodeCharset(bytes('\x93x\x94 \xfe'), 'iso-8859-9')).toBe('“x” ş');
  });

  it.each([
    ['iso-8859-2', 'windows-1250', 'Święta są już „w piątek” – Příliš žluťoučký'],
    ['ISO_8859-2', 'windows-1250', 'Šťastné a veselé'],
    ['iso-8859-5', 'windows-1251', 'Счёт № 5 – «оплата»'],
    ['iso-8859-7', 'windows-1253', 'Άγιος – 5 €'],
    ['iso-8859-13', 'windows-1257', 'Dārta „Keršule“ – 5 €'],
    ['iso-8859-8-i', 'windows-1255', 'שלום – 5 €'],
  ])('what is called %s and has signs that only Windows has there is %s, with all its letters', (label, windows, text) => {
    expect(decodeCharset(iconv.encode(text, windows), label)).toBe(text);
    expect(decodeCharset(iconv.encode('abc', windows), label)).toBe('abc');
  });

  it('letters of ISO without such signs stay letters of ISO', () => {
    expect(decodeCharset(iconv.encode('są świąteczne', 'iso-8859-2'), 'iso-8859-2')).toBe('są świąteczne');
  });

  it.each(['gb2312', 'GBK', 'x-gbk', 'cp936', 'gb_2312-80', 'gb18030'])(
    'Chinese that is called %s has the letters of its superset',
    (label) => {
      expect(decodeCharset(iconv.encode('镕榮 发票 囍 5 € 㐀 😀', 'gb18030'), label)).toBe('镕榮 发票 囍 5 € 㐀 😀');
    },
  );

  it('what was made UTF-8 twice is undone, if all of it was', () => {
    expect(decodeCharset(Buffer.from('GrÃ¼ÃŸe'), 'utf-8')).toBe('Grüße');
    expect(decodeCharset(Buffer.from('„GrÃ¼ÃŸe“ statt Grüße'), 'utf-8')).toBe('„GrÃ¼ÃŸe“ statt Grüße');
    expect(decodeCharset(Buffer.from('5 Â°C'), 'utf-8')).toBe('5 Â°C');
  });

  it('surrogates that were written as UTF-8 are one character', () => {
    expect(decodeCharset(bytes('\xed\xa0\xbc\xed\xbe\x84 Fest'), 'utf-8')).toBe('🎄 Fest');
  });
});

describe('names of charsets', () => {
  it.each([
    ['X-MS-CP932', 'cp932', '株式会社'],
    ['x-sjis-jp', 'shift_jis', '株式会社'],
    ['UHC', 'cp949', '뷁'],
    ['koi', 'koi8-r', 'Привет'],
    ['iso-ir-111', 'koi8-r', 'Привет'],
    ['logical', 'iso-8859-8', 'שלום'],
    ['dos-862', 'cp862', 'שלום'],
    ['ibm-850', 'cp850', 'Größe'],
    ['x-mac-ce', 'maccenteuro', 'Łódź'],
    ['x-cp1250', 'win1250', 'Příliš'],
    ['iso-10646-ucs-2', 'utf-16be', 'Grüße 5'],
    ['"utf-8"', 'utf-8', 'Größe'],
    ['utf-8;', 'utf-8', 'Größe'],
    ['charset=utf-8', 'utf-8', 'Größe'],
    ['unicode-1-1-utf-8', 'utf-8', 'Größe'],
  ])('%s is %s', (label, encoding, text) => expect(decodeCharset(iconv.encode(text, encoding), label)).toBe(text));
});

describe('the charset of HTML', () => {
  const html = (field: string, source: string, encoding: string): string => {
    const type = parseContentType(field, 'text/plain', 100);
    return decodeText(iconv.encode(source, encoding), { ...type, encoding: '8bit' });
  };

  it.each([
    ['in a comment counts for nothing', 'text/html', '<!-- <meta charset="koi8-r"> --><meta charset=utf-8>Grüße', 'utf-8'],
    [
      'may stand behind a long style sheet',
      'text/html',
      `<style>${'a{color:red}\n'.repeat(500)}</style><meta charset=windows-1251>Счёт`,
      'win1251',
    ],
    ['counts where the header says UTF-8 and is wrong', 'text/html; charset=utf-8', '<meta charset=windows-1251>Счёт', 'win1251'],
    ['that is called Unicode is none', 'text/html', '<meta charset=unicode>Grüße', 'utf-8'],
    ['without a semicolon', 'text/html charset=windows-1251', 'Счёт', 'win1251'],
    ['in pieces of RFC 2231', 'text/html; charset*0=windows;\r\n charset*1=-1251', 'Счёт', 'win1251'],
  ])('%s', (_, field, source, encoding) => expect(html(field, source, encoding)).toContain(source.slice(-4)));
});

it('encoded words with the wrong charset, and with line ends in them, are one readable line', () => {
  expect(decodeEncodedWords('=?iso-8859-1?Q?Gr=C3=BC=C3=9Fe?=')).toBe('Grüße');
  expect(decodeEncodedWords('=?utf-8?Q?eins=0D=0Azwei=07=00?=')).toBe('eins zwei');
});

it('letters of a header stand in the order they are in', () => {
  expect(decodeEncodedWords('=?utf-8?Q?Bank_=E2=80=AEexe.fdp?=')).toBe('Bank exe.fdp');
});
