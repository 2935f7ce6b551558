import { expect, it } from 'vitest';
import { quotesOnly } from '#lib/webmail/reading/quotes-only.ts';

const original = 'Guten Tag,\n\nwann kommt der Installateur?\nSollen wir die Fliesen bestellen?\n\nGruß\nMax';

it('a quotation that adds nothing is one, however its lines are broken', () => {
  expect(quotesOnly('> Guten Tag,\n> wann kommt der\n> Installateur? Sollen wir\n> die Fliesen bestellen?\n> Gruß\n> Max', original)).toBe(
    true,
  );
});
it('the head that programs put above it is its own', () => {
  expect(quotesOnly(`Von: Max Muster <max@muster.at>\nGesendet: Montag\nAn: Petra\nBetreff: Umbau\n${original}`, original)).toBe(true);
});
it('an answer written between is none of the quotation', () => {
  expect(quotesOnly('wann kommt der Installateur?\nAm Dienstag um acht.\nSollen wir die Fliesen bestellen?', original)).toBe(false);
});
it('an answer so short that it stands within a word that was left out is none of the quotation', () => {
  const letter = 'Hallo Max,\n\nkommst du am Montag?\nBringst du Kuchen mit?\n\nLiebe Grüße\nKatja';
  expect(quotesOnly('kommst du am Montag?\nBringst du Kuchen mit?\nja', letter)).toBe(false);
  expect(quotesOnly('Bringst du Kuchen mit?\n\nLiebe Grüße\nKatja', letter)).toBe(true);
  expect(quotesOnly('Bringst du Kuchen mit?\nKatja', letter)).toBe(true);
});
it('lines of a script without blanks may be broken anywhere', () => {
  expect(
    quotesOnly(
      '会議の資料をお送りします。ご確認のほどよろしくお\n願いします。\n田中',
      '会議の資料をお送りします。ご確認のほどよろしくお願いします。\n田中',
    ),
  ).toBe(true);
});
it('another letter is not this one', () => expect(quotesOnly('Bitte zahlen Sie 129,40 EUR.', original)).toBe(false));
