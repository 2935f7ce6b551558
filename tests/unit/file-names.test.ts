import { describe, expect, it } from 'vitest';
import { safeFileName } from '#lib/webmail/files/attachments.ts';
import { disposition } from '#lib/webmail/files/disposition.ts';

describe('the name of a file that a stranger sent', () => {
  it.each(['..／..／etc／passwd', '․․／x', '．．＼x', 'a＂; filename=b.exe; x=＂c', 'a∕b', 'a\r\nX: y', 'a%2fb'])(
    'is a name and no path in what old programs read: %j',
    (given) => {
      const ascii = /^attachment; filename="([^"]*)"; filename\*=UTF-8''[\w!#$&+.^`|~%-]+$/.exec(
        disposition('attachment', safeFileName(given)),
      )?.[1];
      expect(ascii).toMatch(/^[^/\\%\p{Cc}]+$/u);
    },
  );

  it.each([' ', '\u00a0', '\u3000', '\u2800', '\u3164', ' \t', ' \u200b', '\u00a0\u200d', '\u2060 ', '\u115f', '\u3164\u200c'])(
    'shows its ending, whatever stands before it: %j',
    (blank) => {
      expect(safeFileName(`rechnung.pdf${blank.repeat(80)}.exe`)).toBe('rechnung.pdf .exe');
    },
  );

  it('keeps what people write', () => {
    for (const name of ['Rechnung 5.pdf', 'a  b.txt', 'Übersicht – März.xlsx', '見積書　第二版.pdf', '👩‍👩‍👧.png'])
      expect(safeFileName(name)).toBe(name);
  });

  it.each(['\u061c', '\u202e', '\u2066', '\u200f', '\u2029', '\u0085'])('is read in one direction and one line: %j', (sign) => {
    expect(safeFileName(`a${sign}fdp.exe`)).toBe('afdp.exe');
  });
});
