import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalForm } from '#lib/mime/normal-form.ts';
import { normalise, unicodeCasemap } from '#mail-server/search/normalise.ts';
import { processorTime } from '#tests/support/processor-time.ts';

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

describe('a normal form', () => {
  it('keeps thirty marks on a letter, and takes linear time where a stranger wrote thousands', () => {
    const few = `a${'\u0301\u0316'.repeat(15)}b`;
    expect(normalForm(few, 'NFD')).toBe(few.normalize('NFD'));
    const before = processorTime();
    expect(normalForm(`a${'\u0301\u0316'.repeat(100_000)}b`, 'NFD')).toBe(few.normalize('NFD'));
    expect(processorTime() - before).toBeLessThan(1_000); // without the bound it takes ten seconds
  });

  it('nor does it take more where letters become marks, or fail where they are millions', () => {
    const before = processorTime();
    expect(normalForm('\u0301\uff9e\u0323'.repeat(60_000), 'NFKC')).toHaveLength(30);
    expect(normalForm('\u0301'.repeat(9_000_000), 'NFKC')).toHaveLength(30);
    expect(processorTime() - before).toBeLessThan(2_000);
  });

  it('is asked for nowhere else: only passwords, which are short, are taken as they are', () => {
    const asking = globSync('{app,components,lib,mail-server}/**/*.{ts,tsx}').filter((file) =>
      /\.normalize\(/.test(readFileSync(file, 'utf8')),
    );
    expect(asking.sort()).toEqual(['lib/auth/password-hash.ts', 'lib/mime/normal-form.ts']);
  });
});

describe('the order of SORT and THREAD', () => {
  it.each([
    ['Ärger', 'Zaun'],
    ['äpfel', 'Birnen'],
    ['Apfel', 'Äpfel'],
    ['ｂild', 'Citrus'],
  ])('%s stands before %s', (first, second) => {
    expect(unicodeCasemap(first) < unicodeCasemap(second)).toBe(true);
  });

  it('is that of capitals, however a letter is written', () => {
    expect(new Set(['größe', 'GRÖSSE', 'gro\u0308ße'].map(unicodeCasemap)).size).toBe(1);
  });
});
