import { expect, test } from 'vitest';
import { parseAddresses } from '#lib/mime/parse-addresses.ts';
import { peopleOf } from '#lib/webmail/people/decode-people.ts';
import { isMeant, wordsOf } from '#lib/webmail/people/is-meant.ts';

const people = (field: string) => peopleOf(parseAddresses(Buffer.from(field).toString('latin1'), 10));

test('a name neither turns around nor hides what stands beside it', () => {
  for (const [written, read] of [
    ['\u202emoc.knab', 'moc.knab'],
    ['=?utf-8?q?=E2=80=AEmoc=2Eknab?=', 'moc.knab'],
    ['A\u200b\u2066B\u2069', 'AB'],
    ['=?utf-8?q?A=0D=0ABcc:_x?=', 'A Bcc: x'],
    ['Ärztin  Dr.\u00a0Öhler', 'Ärztin Dr.\u00a0Öhler'],
    ['نوشته\u200cها', 'نوشته\u200cها'],
    ['\u200b', ''],
  ])
    expect(people(`"${written}" <a@b.example>`), written).toEqual([{ name: read, address: 'a@b.example' }]);
});

test('an address is shown as it is', () => {
  expect(people('x <a\u200bb@c.example>')).toEqual([{ name: 'x', address: 'a\u200bb@c.example' }]);
});

test('what stands in quotes before the @ keeps them, where it would look like another address without', () => {
  const addresses = (field: string): string[] => people(field).map(({ address }) => address);
  expect(addresses('<"chef@bank.example"@c.example>')).toEqual(['"chef@bank.example"@c.example']);
  expect(addresses('<"chef@bank.example> \\"x"@c.example>')).toEqual(['"chef@bank.example> \\"x"@c.example']);
  expect(addresses('<"max muster"@c.example>, <max.muster@c.example>')).toEqual(['max muster@c.example', 'max.muster@c.example']);
});

test('who is meant is found by the page as by the server: without accents, by any word, in any order', () => {
  const eva = { name: 'Dr. Eva Müller-Lüdenscheidt', address: 'e.mueller@bücher.example' };
  for (const typed of ['muller', 'Müll', 'eva mull', 'müller, e', 'lud', 'mueller@buch', 'buch'])
    expect(isMeant(eva, wordsOf(typed)), typed).toBe(true);
  for (const typed of ['', ' , ', 'uller', 'eva huber', '.*']) expect(isMeant(eva, wordsOf(typed)), typed).toBe(false);
});
