import { expect, test } from 'vitest';
import type { Judgement } from '#lib/mime/judgement.ts';
import { bayesReason, type TokenCounts } from '#mail-server/spam/bayes.ts';
import { extractFeatures } from '#mail-server/spam/extract-features.ts';
import { scoreLetter, stranger } from '#mail-server/spam/score-letter.ts';

const attested: Judgement = { verdict: 'attested', spf: null, dkim: [], dmarc: [], arc: null };
const features = extractFeatures(
  Buffer.from(
    [
      'From: Rechnung <rechnung@lieferant.example>',
      'To: anna@muster.at',
      'Subject: Rechnung November',
      'Date: Mon, 30 Nov 2026 10:00:00 +0000',
      'Message-ID: <1@lieferant.example>',
      '',
      'Guten Tag, anbei unsere Rechnung über Schrauben, Dübel, Bretter und Leisten vom November. Mit freundlichen Grüßen, Ihr Lieferant',
    ].join('\r\n'),
  ),
);

/** What so many letters of just these words have left, of the mailbox and of all of its customer. */
function taught(own: [spam: number, ham: number], ofCustomer: [spam: number, ham: number], total: Partial<TokenCounts> = {}): TokenCounts {
  return {
    letters: [
      [false, ...own],
      [true, ...ofCustomer],
    ],
    tokens: features.tokens.flatMap((token): TokenCounts['tokens'] => [
      [false, token, ...own],
      [true, token, ...ofCustomer],
    ]),
    ...total,
  };
}

/** As `taught`, beside as many letters of the other kind that had other words. */
function balanced(own: [number, number], ofCustomer: [number, number]): TokenCounts {
  const most = (counts: [number, number]): number => Math.max(...counts);
  return taught(own, ofCustomer, {
    letters: [
      [false, most(own), most(own)],
      [true, most(ofCustomer), most(ofCustomer)],
    ],
  });
}
const isJunk = (counts: TokenCounts): boolean =>
  scoreLetter(features, { judgement: attested, arrival: [] }, { ...stranger, mode: 'strict', counts }).junk;

test('what colleagues sorted out, however much, sends no letter to Junk alone, in a strict mailbox either', () => {
  expect(bayesReason(features, balanced([0, 0], [4000, 0]))).toMatchObject({ code: 'learnt-spam' });
  expect(isJunk(balanced([0, 0], [4000, 0]))).toBe(false);
  expect(isJunk(balanced([1, 0], [4000, 0]))).toBe(false);
});

test('what the mailbox itself sorted out often enough does', () => {
  expect(isJunk(balanced([25, 0], [25, 0]))).toBe(true);
});

test('a mailbox that has taught enough is not outvoted by a colleague who teaches the opposite a hundred times as often', () => {
  expect(bayesReason(features, balanced([0, 25], [2500, 25]))?.code).not.toBe('learnt-spam');
  expect(bayesReason(features, balanced([25, 0], [25, 2500]))?.code).not.toBe('learnt-ham');
});

test.each([2, 25])('nor where the mailbox itself sorted out %d letters of each kind, of which none was like it', (lessons) => {
  const letters: TokenCounts['letters'] = [
    [false, lessons, Math.max(lessons, 5)],
    [true, 4000, 4000],
  ];
  expect(bayesReason(features, taught([0, 0], [4000, 0], { letters }))).toMatchObject({ code: 'learnt-spam' });
  expect(isJunk(taught([0, 0], [4000, 0], { letters }))).toBe(false);
});
