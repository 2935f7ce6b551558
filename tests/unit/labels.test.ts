import { expect, it } from 'vitest';
import { isLabelName, labelsOf } from '#lib/webmail/reading/labels.ts';
import { toImapSearch } from '#lib/webmail/reading/search-messages.ts';
import { parseSearch } from '#lib/webmail/reading/search-query.ts';

it('words that people gave are labels, marks of programs are none', () => {
  const flags = [
    '\\Seen',
    '\\Flagged',
    '$Forwarded',
    '$MDNSent',
    'NonJunk',
    '$NotJunk',
    'Junk',
    '$Label4',
    'Rechnung',
    '$Phishing',
    'wichtig',
  ];
  expect(labelsOf(flags)).toEqual(['$label4', 'Rechnung', 'wichtig']);
});

it('a label is one, whatever its capitals', () => {
  expect(labelsOf(['Steuer', 'STEUER', '$LABEL1', '$label1'])).toEqual(['$label1', 'Steuer']);
});

it('only words that IMAP can keep, and no marks of programs, may be given', () => {
  const words = ['$label1', 'Rechnung', 'zwei Worte', '\\Seen', '$Forwarded', 'NonJunk', 'a"b', 'Grün', '', 'x'.repeat(61)];
  expect(words.filter(isLabelName)).toEqual(['$label1', 'Rechnung']);
});

it('labels are searched for by the word that the page shows', () => {
  expect(toImapSearch(parseSearch('schlagwort:Rechnung'))).toEqual({ keyword: 'Rechnung' });
  expect(toImapSearch(parseSearch('label:Important'))).toEqual({ or: [{ keyword: '$label1' }, { keyword: 'Important' }] });
  expect(toImapSearch(parseSearch('schlagwort:"zu erledigen"'))).toEqual({ keyword: '$label4' });
  // no keyword can be called so: a word like others
  expect(parseSearch('label:Büro')).toMatchObject([{ key: 'text', value: 'label:Büro' }]);
});
