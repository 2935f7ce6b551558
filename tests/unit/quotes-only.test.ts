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
it('another letter is not this one', () => expect(quotesOnly('Bitte zahlen Sie 129,40 EUR.', original)).toBe(false));
