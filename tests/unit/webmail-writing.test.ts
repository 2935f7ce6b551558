import { describe, expect, it } from 'vitest';
import { looksLikeAddress, parseAddressList } from '#lib/webmail/address-list.ts';
import { plainTextOf } from '#lib/webmail/build-letter.ts';
import { paragraphs, quoteForForward, quoteForReply } from '#lib/webmail/quote-text.ts';
import { replyRecipients } from '#lib/webmail/reply-recipients.ts';
import { forwardSubject, replySubject, withoutReplyMarks } from '#lib/webmail/subject-marks.ts';
import { linkPieces, textBlocks } from '#lib/webmail/text-blocks.ts';
import { unknownProvenance, type Provenance, type Verdict } from '#lib/mime/judgement.ts';
import { isOwn, trustOf } from '#lib/webmail/trust.ts';

const anna = { name: 'Anna Leitner', address: 'anna@leitner-holz.example' };
const max = { name: 'Max Muster', address: 'max@muster.at' };
const erika = { name: 'Erika', address: 'erika@muster.at' };

describe('recipients as people type them', () => {
  it('takes lists apart, not names with commas', () => {
    expect(parseAddressList('"Muster, Max" <max@muster.at>; anna@leitner-holz.example,\n Erika <erika@muster.at>')).toEqual([
      { name: 'Muster, Max', address: 'max@muster.at' },
      { name: '', address: 'anna@leitner-holz.example' },
      { name: 'Erika', address: 'erika@muster.at' },
    ]);
  });
  it('keeps what is no address, to be shown as wrong', () => {
    expect(parseAddressList('falsch, a@b')).toEqual([
      { name: '', address: 'falsch' },
      { name: '', address: 'a@b' },
    ]);
    expect(['falsch', 'a@b', 'a b@c.at', '@c.at', 'a@.at', 'a@b..at'].filter(looksLikeAddress)).toEqual([]);
    expect(['max@muster.at', 'mäx@müller.at', "o'neil+x@sub.muster.co.uk"].filter(looksLikeAddress)).toHaveLength(3);
  });
});

describe('answers', () => {
  const letter = { from: [anna], to: [max], cc: [erika], replyTo: [], own: false };
  it('go to Reply-To before From, to everybody but oneself', () => {
    expect(replyRecipients(letter, 'reply', max.address)).toEqual({ to: [anna], cc: [] });
    expect(replyRecipients({ ...letter, replyTo: [erika] }, 'reply', max.address)).toEqual({ to: [erika], cc: [] });
    expect(replyRecipients(letter, 'reply-all', max.address)).toEqual({ to: [anna], cc: [erika] });
    expect(replyRecipients({ ...letter, to: [max, anna, erika] }, 'reply-all', 'MAX@muster.at')).toEqual({ to: [anna], cc: [erika] });
  });
  it('to one’s own letter go to those it went to', () => {
    expect(replyRecipients({ from: [max], to: [anna], cc: [erika], replyTo: [], own: true }, 'reply-all', max.address)).toEqual({
      to: [anna],
      cc: [erika],
    });
  });
  it('carry one mark in the subject, whatever languages wrote before', () => {
    expect(replySubject('AW: Re: RE: Angebot')).toBe('Re: Angebot');
    expect(forwardSubject('WG: Fwd: Angebot')).toBe('Fwd: Angebot');
    expect(withoutReplyMarks('Re[2]: Antw: Rechnung')).toBe('Rechnung');
    expect(withoutReplyMarks('Regal: Maße')).toBe('Regal: Maße');
  });

  const words = {
    attribution: (date: string, name: string) => `Am ${date} schrieb ${name}:`,
    forwarded: 'Weitergeleitet',
    from: 'Von',
    date: 'Datum',
    subject: 'Betreff',
    to: 'An',
    cc: 'Cc',
    formatDate: () => '24. November 2026',
  };
  const message = {
    from: [anna],
    to: [max],
    cc: [],
    subject: '<Fenster>',
    date: '2026-11-24T10:47:00Z',
    text: 'Guten Tag,\n\n<script>x</script>\n> alt\n>> älter',
  };
  it('quote the text as text: nothing of it becomes an element', () => {
    const html = quoteForReply(message, words);
    expect(html).toContain('<p>Am 24. November 2026 schrieb Anna Leitner:</p><blockquote><p>Guten Tag,</p>');
    expect(html).toContain('&#60;script&#62;');
    expect(html).toContain('<blockquote><p>alt</p><blockquote><p>älter</p></blockquote></blockquote>');
    expect(quoteForForward(message, words)).toContain('Betreff: &#60;Fenster&#62;');
  });
  it('end for a quote of any depth', () => {
    expect(paragraphs(`${'>'.repeat(5000)} tief`).match(/<blockquote>/g)?.length).toBeLessThanOrEqual(10);
  });
  it('are sent as plain text beside the HTML, quotes marked', () => {
    const text = plainTextOf(
      '<p>Liebe Frau Leitner,</p><p>siehe <a href="https://muster.at/x">Plan</a></p><blockquote><p>alt</p></blockquote>',
    );
    expect(text).toContain('siehe Plan <https://muster.at/x>');
    expect(text).toContain('> alt');
  });
});

describe('plain text for the eye', () => {
  it('links addresses of the web and of mail, without the full stop behind them', () => {
    expect(linkPieces('Siehe https://muster.at/a?b=1. Oder www.muster.at, oder max@muster.at!').filter((piece) => piece.href)).toEqual([
      { text: 'https://muster.at/a?b=1', href: 'https://muster.at/a?b=1' },
      { text: 'www.muster.at', href: 'https://www.muster.at' },
      { text: 'max@muster.at', href: 'mailto:max@muster.at' },
    ]);
  });
  it.each([
    'javascript:alert(1)',
    '<img src=x onerror=alert(1)>',
    'data:text/html,x',
    '"><script>alert(1)</script>',
    'https://a.example/"onmouseover="alert(1)',
  ])('never makes a link of %s', (text) => {
    for (const { href } of linkPieces(text)) expect(href === '' || /^(https?:\/\/|mailto:)[^"<>\s]+$/.test(href)).toBe(true);
    expect(
      linkPieces(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });
  it('knows what is quoted, and how often', () => {
    const blocks = textBlocks('Ja, passt.\n\nAm 24.11. schrieb Anna:\n> Geht Montag?\n>> Wann?\n> Gruß\n');
    expect(blocks.map(({ depth, paragraphs }) => [depth, paragraphs.map((pieces) => pieces.map((piece) => piece.text).join(''))])).toEqual([
      [0, ['Ja, passt.', 'Am 24.11. schrieb Anna:']],
      [1, ['Geht Montag?']],
      [2, ['Wann?']],
      [1, ['Gruß']],
    ]);
  });
});

describe('whether the sender is who they say', () => {
  const came = (verdict: Verdict, over: Partial<Provenance> = {}): Provenance => ({
    origin: 'outside',
    author: anna.address,
    judgement: { verdict, spf: { result: 'pass', domain: 'leitner-holz.example' }, dkim: [], dmarc: [], arc: null },
    submittedBy: null,
    ...over,
  });
  it('says what the mail server stored, and nothing else', () => {
    expect(trustOf(came('attested'), [anna], [])).toMatchObject({ verdict: 'verified', results: ['spf=pass (leitner-holz.example)'] });
    expect(trustOf(came('failed'), [anna], []).verdict).toBe('warning');
    expect(trustOf(came('undecided'), [anna], []).verdict).toBe('warning');
    expect(trustOf(came('unknown'), [anna], []).verdict).toBe('neutral');
    expect(trustOf(unknownProvenance, [anna], []).verdict).toBe('neutral');
    expect(trustOf({ ...unknownProvenance, origin: 'appended' }, [anna], []).verdict).toBe('neutral');
  });
  it('tells what was submitted here, but not in whose name somebody passes a letter on', () => {
    const submitted: Provenance = { origin: 'submitted', author: 'max@muster.at', judgement: null, submittedBy: 7 };
    expect(trustOf(submitted, [max], []).verdict).toBe('house');
    expect(trustOf({ ...submitted, author: null }, [anna], []).verdict).toBe('neutral');
  });
  it('takes for one’s own what this mailbox submitted or keeps, not what comes in its name', () => {
    const submitted: Provenance = { origin: 'submitted', author: 'max@muster.at', judgement: null, submittedBy: 7 };
    expect(isOwn(submitted, 7, false)).toBe(true);
    expect(isOwn(submitted, 8, false)).toBe(false);
    expect(isOwn(came('unknown', { author: 'max@muster.at' }), 7, true)).toBe(false);
    expect(isOwn({ ...unknownProvenance, origin: 'appended' }, 7, true)).toBe(true);
    expect(isOwn({ ...unknownProvenance, origin: 'appended' }, 7, false)).toBe(false);
  });
  it('says when an answer would go elsewhere', () => {
    const reply = (...addresses: string[]): string =>
      trustOf(
        came('attested'),
        [anna],
        addresses.map((address) => ({ name: '', address })),
      ).replyTo;
    expect(reply('konto@leitner-hoIz.example')).toBe('konto@leitner-hoIz.example');
    expect(reply('office@leitner-holz.example')).toBe('');
    expect(reply('office@leitner-holz.example', 'konto@elsewhere.example')).toBe('konto@elsewhere.example');
  });
});
