import { expect, test } from 'vitest';
import { decodeCharset } from '#lib/mime/decode-charset.ts';

const decode = (bytes: string, charset: string): string => decodeCharset(Buffer.from(bytes, 'latin1'), charset);

test('ISO-2022-KR and HZ are read, with ASCII around them and lines that begin anew', () => {
  // "한국어" of KS X 1001, "简体中文" of GB 2312
  expect(decode('\x1b$)Ca \x0eGQ19>n\x0f b\r\n', 'ISO-2022-KR')).toBe('a 한국어 b\r\n');
  expect(decode('\x0eGQ19\nplain', 'csISO2022KR')).toBe('한국\nplain');
  expect(decode('a ~{<rLeVPND~} b ~~ c~\nd', 'HZ-GB-2312')).toBe('a 简体中文 b ~ cd');
  expect(decode('~{<rLe\nplain', 'hz')).toBe('简体\nplain');
});

test('what is cut off or means nothing is text all the same', () => {
  for (const bytes of ['\x0e', '\x0eG', '~', '~{', '~{<', '~}~}~~~', '\x1b$)C\x1b$)C', '~{'.repeat(10_000), '\x0e\x0f'.repeat(10_000)]) {
    for (const charset of ['iso-2022-kr', 'hz-gb-2312']) expect(decode(bytes, charset).isWellFormed()).toBe(true);
  }
});
