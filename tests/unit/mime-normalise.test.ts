import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise } from '#mail-server/search/normalise.ts';

describe('the form in which texts and patterns are compared', () => {
  it.each([
    ['Rechnung', 'rechnung'],
    ['ÜBERWEISUNG', 'überweisung'],
    ['u\u0308ber', 'über'],
    ['Straße', 'straße'],
    ['STRAẞE', 'straße'],
    ['ΟΔΟΣ ΟΔΟΣΑ', 'οδοσ οδοσα'],
    ['οδος', 'οδοσ'],
    ['ﬁnden', 'finden'],
    ['ＡＢＣ１２３', 'abc123'],
    ['İstanbul', 'i\u0307stanbul'],
    ['a\u00a0b  c\r\n', 'a b  c\r\n'],
    ['', ''],
  ])('%j', (text, expected) => {
    expect(normalise(text)).toBe(expected);
  });

  it('a part of a text stays a part of it', () => {
    const unit = fc.constantFrom('a', 'B', 'ß', 'ẞ', 'Ü', 'Σ', 'ς', ' ', '.', '漢', 'ﬃ', 'İ', '😀', 'Ａ');
    fc.assert(
      fc.property(
        fc.string({ unit, maxLength: 8 }),
        fc.string({ unit, maxLength: 8 }),
        fc.string({ unit, maxLength: 8 }),
        (before, part, after) => {
          expect(normalise(before + part + after)).toContain(normalise(part));
        },
      ),
    );
  });

  it('is the same twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        expect(normalise(normalise(text))).toBe(normalise(text));
      }),
    );
  });
});
