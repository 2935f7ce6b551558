import { describe, expect, it } from 'vitest';
import { normalise } from '#mail-server/search/normalise.ts';
import { phraseOf, toImapSearch } from '#lib/webmail/reading/search-messages.ts';
import { parseDay, parseSearch, wordsToMark } from '#lib/webmail/reading/search-query.ts';

const terms = (input: string) => parseSearch(input).map(({ key, value }) => [key, value]);

describe('what is typed into the search box', () => {
  it('understands German and English operators alike', () => {
    const expected = [
      ['from', 'leitner'],
      ['to', 'max'],
      ['subject', 'angebot'],
      ['has', 'attachment'],
      ['is', 'unread'],
    ];
    expect(terms('von:leitner an:max betreff:angebot hat:anhang ist:ungelesen')).toEqual(expected);
    expect(terms('FROM:leitner to:max subject:angebot has:attachment is:unread')).toEqual(expected);
  });

  it('keeps quoted words together, also after an operator and in German quotation marks', () => {
    expect(terms('betreff:"Villa Rosenhain" „am Montag“ Statik')).toEqual([
      ['subject', 'Villa Rosenhain'],
      ['text', 'am Montag'],
      ['text', 'Statik'],
    ]);
  });

  it('reads days as people write them and refuses those that do not exist', () => {
    expect(parseDay('1.10.2026')).toBe('2026-10-01');
    expect(parseDay('2026-10-1')).toBe('2026-10-01');
    expect(parseDay('31.12.26')).toBe('2026-12-31');
    expect(parseDay('2026')).toBe('2026-01-01');
    expect(parseDay('31.2.2026')).toBeNull();
    expect(terms('vor:1.10.2026 seit:2026-09-01 nach:gestern')).toEqual([
      ['before', '2026-10-01'],
      ['after', '2026-09-01'],
      ['text', 'nach:gestern'],
    ]);
  });

  it('has in "bis" the day, month or year that is named, in "vor" not', () => {
    expect(terms('bis:31.12.2026 until:2026-10-05 vor:5.10.2026')).toEqual([
      ['before', '2027-01-01'],
      ['before', '2026-10-06'],
      ['before', '2026-10-05'],
    ]);
    expect(terms('bis:2026 bis:2026-02 bis:2026-12')).toEqual([
      ['before', '2027-01-01'],
      ['before', '2026-03-01'],
      ['before', '2027-01-01'],
    ]);
    expect(terms('bis:9999 bis:31.12.9999')).toEqual([
      ['before', '9999-12-31'],
      ['before', '9999-12-31'],
    ]);
    expect(terms('bis:bald')).toEqual([['text', 'bis:bald']]);
  });

  it('searches for unknown operators and senseless values as words', () => {
    expect(terms('hat:hund https://muster.at 10:47')).toEqual([
      ['text', 'hat:hund'],
      ['text', 'https://muster.at'],
      ['text', '10:47'],
    ]);
    expect(parseSearch('')).toEqual([]);
    expect(parseSearch('x '.repeat(5000)).length).toBeLessThanOrEqual(20);
  });

  it('becomes one IMAP search in which every term must match', () => {
    expect(toImapSearch(parseSearch('von:leitner fenster'))).toEqual({ from: 'leitner', text: 'fenster' });
    expect(toImapSearch(parseSearch('eins zwei drei'))).toEqual({
      text: 'eins',
      not: { or: [{ not: { text: 'zwei' } }, { not: { text: 'drei' } }] },
    });
    expect(toImapSearch(parseSearch('eins zwei'))).toEqual({ text: 'eins', not: { not: { text: 'zwei' } } });
    expect(toImapSearch(parseSearch('ist:ungelesen vor:2026-10-01'))).toEqual({ seen: false, sentBefore: '2026-10-01' });
    expect(toImapSearch([])).toEqual({ all: true });
    const { text } = toImapSearch(parseSearch('\\Muster\\GmbH'));
    expect(normalise(String(text))).toBe('\\muster\\gmbh');
    expect(text).not.toMatch(/^\\/);
    expect(phraseOf(parseSearch('\\Muster GmbH'))).not.toMatch(/^\\/);
  });

  it('marks words, not operators that have none', () => {
    expect(wordsToMark(parseSearch('von:leitner hat:anhang fenster'))).toEqual(['leitner', 'fenster']);
  });
});
