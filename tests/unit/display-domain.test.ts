import { expect, it } from 'vitest';
import { displayDomain, parseDomainName } from '#lib/addresses/domain-name.ts';
import { displayAddress } from '#lib/addresses/email-address.ts';

const shown = (typed: string): string => displayDomain(parseDomainName(typed) ?? 'no domain');

it.each([
  'müllerbäckerei.at',
  'straße.de',
  'łódź.pl',
  'muster.at',
  '日本語.jp',
  'ひらがな-カタカナ.jp',
  '한국.kr',
  'пошта.укр',
  'ελλάδα.ελ',
])('%s is shown as it is written', (domain) => expect(shown(domain)).toBe(domain));

it.each([
  ['аррӏе.com', 'Cyrillic that looks like apple.com'],
  ['аpple.com', 'one Cyrillic letter among Latin ones'],
  ['gοοgle.com', 'Greek omicrons'],
  ['bıllig.at', 'a dotless i'],
  ['ſparkasse.at', 'a long s'],
  ['ɡoogle.com', 'a Latin letter of phonetics'],
])('%s stays as it is in the DNS, or is folded to plain letters: %s', (domain) => expect(shown(domain)).not.toBe(domain));

it('a whole address keeps its local part', () => expect(displayAddress('max@xn--mller-kva.at')).toBe('max@müller.at'));
