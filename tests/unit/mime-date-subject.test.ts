import { describe, expect, it } from 'vitest';
import { baseSubject } from '#lib/mime/base-subject.ts';
import { hashMessageId } from '#lib/mime/hash-references.ts';
import { indexMessage } from '#lib/mime/index-message.ts';
import { parseDate } from '#lib/mime/parse-date.ts';

describe('dates', () => {
  it.each<[string, string | null]>([
    ['Fri, 21 Nov 1997 09:55:06 -0600', '1997-11-21T15:55:06Z'],
    ['21 Nov 97 09:55:06 GMT', '1997-11-21T09:55:06Z'],
    ['Fri, 21 Nov 1997 09(comment):   55  :  06 -0600', '1997-11-21T15:55:06Z'],
    ['Thu,   13 Feb   1969   23:32   -0330 (Newfoundland Time)', '1969-02-14T03:02:00Z'],
    ['1 Jan 49 00:00 EST', '2049-01-01T05:00:00Z'],
    ['1 Jan 50 00:00 PDT', '1950-01-01T07:00:00Z'],
    ['1 Jan 108 00:00 +0000', '2008-01-01T00:00:00Z'],
    ['Mon, 3 Jan 2022 08:00:00', '2022-01-03T08:00:00Z'],
    ['Mon, 3 Jan 2022 08:00:00 Z', '2022-01-03T08:00:00Z'],
    ['Mon, 3 Jan 2022 08:00:00 A', '2022-01-03T08:00:00Z'],
    ['Mon, 3 Jan 2022 08:00:00 MESZ', '2022-01-03T06:00:00Z'],
    ['Mon, 3 Jan 2022 08:00:00 +1:30', '2022-01-03T06:30:00Z'],
    ['Mon, 3-January-2022 8:00', '2022-01-03T08:00:00Z'],
    ['3 Jan 2022', '2022-01-03T00:00:00Z'],
    ['3 Jan 2022 25:00:00 +0000', '2022-01-03T00:00:00Z'],
    ['Sat Mar 24 23:00:00 2007', '2007-03-24T23:00:00Z'],
    ['March 24, 2007 11:05 PM', '2007-03-24T23:05:00Z'],
    ['2007-03-24T23:00:00.123+01:00', '2007-03-24T22:00:00Z'],
    ['31 Dec 2016 23:59:60 +0000', '2017-01-01T00:00:00Z'],
    // as JavaScript writes it, and scripts in the language of their machine
    ['Mon Nov 30 2026 08:00:00 GMT+0100 (CET)', '2026-11-30T07:00:00Z'],
    ['Mi, 30 Dez 2026 08:00:00 +0100', '2026-12-30T07:00:00Z'],
    ['jue, 1 oct 2026 08:00:00 +0200', '2026-10-01T06:00:00Z'],
    ['lun., 5 avr. 2027 08:00:00 +0200', '2027-04-05T06:00:00Z'],
    ['29 Feb 2024 00:00 +0000', '2024-02-29T00:00:00Z'],
    ['29 Feb 2023 00:00 +0000', null],
    ['0 Jan 2023', null],
    ['yesterday', null],
    ['Pn, 29 paX 2007 21:13:00 +0100', null],
    ['', null],
    ['12:00', null],
  ])('%s', (field, expected) => {
    expect(parseDate(field)).toBe(expected === null ? null : Date.parse(expected));
  });
});

describe('base subject (RFC 5256 section 2.1)', () => {
  it.each([
    ['', ''],
    ['Angebot', 'Angebot'],
    ['Re: Angebot', 'Angebot'],
    ['RE:re: FW: Fwd : Angebot', 'Angebot'],
    ['Re[2]: Angebot', 'Angebot'],
    ['Re [2] : Angebot', 'Angebot'],
    ['[liste] Re: [liste] Angebot', 'Angebot'],
    ['[foo] Fwd: [bar] Re: fw: b (fWd)  (fwd)', 'b'],
    ['b (a)', 'b (a)'],
    ['Re: [FWD: c]', 'c'],
    ['[Fwd: Re: [Fwd: c (fwd)] (fwd)]', 'c'],
    ['[xyz]', '[xyz]'],
    ['[a][b]', '[b]'],
    ['Re: [a] ', '[a]'],
    ['[fwd: ', '[fwd:'],
    ['[fwd:]', ''],
    ['a\t  b', 'a b'],
    ['Re', 'Re'],
    ['Regen: viel', 'Regen: viel'],
    ['AW: Angebot', 'AW: Angebot'],
    ['WG: Angebot', 'WG: Angebot'],
    ['Re: ', ''],
    ['(fwd)', ''],
    ['[0]: x', ': x'],
    ['[a[b]] x', '[a[b]] x'],
  ])('%j', (subject, expected) => {
    expect(baseSubject(subject)).toBe(expected);
  });

  it('is taken from the decoded subject', () => {
    expect(indexMessage(Buffer.from('Subject: =?utf-8?q?Re:_Gr=C3=BC=C3=9Fe?=\r\n\r\n')).baseSubject).toBe('Grüße');
  });
});

describe('references', () => {
  const references = (...header: string[]): bigint[] => indexMessage(Buffer.from(`${header.join('\r\n')}\r\n\r\n`)).references;
  const hashes = (...ids: string[]): bigint[] => ids.map(hashMessageId);

  it('are the own id first, then In-Reply-To and References, each once', () => {
    expect(references('References: <1@a>  <2@a>', 'In-Reply-To: Your letter of Monday <2@a> (x)', 'Message-ID: <3@a>')).toEqual(
      hashes('3@a', '2@a', '1@a'),
    );
  });

  it('keep case, drop folding inside an id, take an id without brackets', () => {
    expect(references('Message-ID: Abc@d', 'References: <long-\r\n id@x>')).toEqual(hashes('Abc@d', 'long-id@x'));
  });

  it('are none for a letter that names none', () => {
    expect(references('Subject: x', 'In-Reply-To: nothing of use')).toEqual([]);
  });

  it('are at most 50, the root and the latest among them', () => {
    const ids = Array.from({ length: 200 }, (_, i) => `${i}@a`);
    const found = references('Message-ID: <own@a>', `References: ${ids.map((id) => `<${id}>`).join(' ')}`);
    expect(found).toHaveLength(50);
    expect(found.slice(0, 2)).toEqual(hashes('own@a', '0@a'));
    expect(found.at(-1)).toBe(hashMessageId('199@a'));
  });

  it('fit into a signed 64-bit column', () => {
    for (let i = 0; i < 100; i++) expect(BigInt.asIntN(64, hashMessageId(`${i}`))).toBe(hashMessageId(`${i}`));
  });
});
