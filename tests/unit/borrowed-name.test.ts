import { describe, expect, it } from 'vitest';
import type { Judgement, Provenance } from '#lib/mime/judgement.ts';
import { trustOf } from '#lib/webmail/trust/trust.ts';
import { extractFeatures } from '#mail-server/spam/extract-features.ts';
import { type MailboxContext, scoreLetter, stranger } from '#mail-server/spam/score-letter.ts';
import { freshHam } from '../support/spam-corpus/fresh-families.ts';
import { hamFamilies } from '../support/spam-corpus/ham-families.ts';
import { newerHam } from '../support/spam-corpus/newer-ham.ts';
import { todaysHam } from '../support/spam-corpus/todays-letters.ts';
import { unseenHam } from '../support/spam-corpus/unseen-families.ts';
import { variedHam } from '../support/spam-corpus/varied-ham.ts';
import { writeLetters } from '../support/spam-corpus/write-letter.ts';

const checked = (verdict: Judgement['verdict'], signedBy = ''): Judgement => ({
  verdict,
  spf: null,
  dkim: signedBy === '' ? [] : [{ result: 'pass', domain: signedBy, selector: 's' }],
  dmarc: [],
  arc: null,
});

const letterFrom = (from: string, more = ''): Buffer =>
  Buffer.from(
    `From: ${from}\r\nTo: max@muster.at\r\nSubject: Hallo\r\nDate: ${new Date().toUTCString()}\r\nMessage-ID: <1@x.example>\r\n${more}\r\nGuten Tag.\r\n`,
  );

/** What the page says of a letter that was judged at the door. */
function warns(raw: Buffer, judgement: Judgement | null, mailbox: MailboxContext = stranger): boolean {
  const { percent, junk, reasons } = scoreLetter(extractFeatures(raw), { judgement, arrival: [] }, mailbox);
  const stored: Provenance = { origin: 'outside', author: null, judgement, submittedBy: null, spam: { percent, junk, reasons } };
  return trustOf(stored, [], []).borrowsName;
}

describe('the name of a known house at a foreign address', () => {
  it.each([
    ['Amazon <x@jcsales.example>', checked('unknown')],
    ['"Amazon.de Kundenservice" <x@jcsales.example>', checked('failed')],
    ['PayPaI Sicherheit <x@foreign.example>', checked('unknown')],
    ['DHL Paket <paket@gmail.com>', checked('attested')],
    ['Microsoft account team <x@mail.quest>', checked('attested')],
    ['NetflixSupport <x@foreign.example>', checked('unknown', 'foreign2.example')],
  ])('of %s is told, also in the inbox', (from, judgement) => {
    expect(warns(letterFrom(from), judgement)).toBe(true);
  });

  it.each([
    ['is its own', 'Amazon <x@amazon.de>', checked('unknown')],
    ['is vouched for by the house', 'Netflix <news@agency.example>', checked('unknown', 'mailer.netflix.com')],
    ['may be one of the house, which vouches for it', 'DHL <survey@contractor.example>', checked('attested')],
    ['could not be checked', 'Amazon <x@jcsales.example>', checked('undecided')],
    ['was checked elsewhere', 'Amazon <x@jcsales.example>', null],
    ['is of somebody called so', 'Hermes <hermes@gmail.com>', checked('attested')],
    ['is of somebody called so as well', 'Anna Elster <a.elster@firma.example>', checked('unknown')],
    ['is of a shop that sells it', 'Vodafone Shop Graz <graz@haendler.example>', checked('unknown')],
    ['is of who likes it', 'Amazon Fan Max <max@gmail.com>', checked('attested')],
    ['is of one of many houses', 'Sparkasse <info@naspa.de>', checked('unknown')],
  ])('is no matter where it %s', (_, from, judgement) => {
    expect(warns(letterFrom(from), judgement)).toBe(false);
  });

  it('is no matter in a list that can be left, nor of somebody whom the mailbox wrote to', () => {
    const raw = letterFrom('Lidl <news@agency.example>', 'List-Unsubscribe: <https://agency.example/u>\r\n');
    expect(warns(raw, checked('unknown'))).toBe(false);
    const known = { ...stranger, wroteTo: true };
    expect(warns(letterFrom('Amazon <x@jcsales.example>'), checked('unknown'), known)).toBe(false);
  });

  it('is told of no letter that people want, whatever could be checked of it', () => {
    const wanted = [...hamFamilies, ...freshHam, ...newerHam, ...todaysHam, ...unseenHam, ...variedHam];
    const letters = wanted.flatMap((family, index) => writeLetters(family, 2, index + 1));
    expect(letters.length).toBeGreaterThan(600);
    const wrong = letters.filter(({ raw, judgement }) => [judgement, checked('unknown')].some((judged) => warns(raw, judged)));
    expect(wrong.map(({ family }) => family)).toEqual([]);
  });
});
