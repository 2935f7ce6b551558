import { domainToASCII, domainToUnicode } from 'node:url';
import type { Brand } from './brand.ts';
import { normalForm } from '../mime/normal-form.ts';

/** A host name in A-label form, lower case, without a trailing dot: "xn--mller-kva.at". */
export type DomainName = Brand<string, 'DomainName'>;

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Parses a domain as a person types it ("Müller.AT", " muster.at. "). Null if it is not one: RFC 1035 lengths, at least two labels. */
export function parseDomainName(input: string): DomainName | null {
  const trimmed = input.trim().replace(/\.$/, '');
  if (trimmed === '' || trimmed.length > 253 || /[\s/:@\\?#%[\]]/u.test(trimmed)) return null;
  const ascii = domainToASCII(normalForm(trimmed, 'NFC'));
  const labels = ascii.split('.');
  if (ascii.length > 253 || labels.length < 2 || !labels.every((part) => label.test(part))) return null;
  // an all-numeric last label is an address, not a name
  if (/^\d+$/.test(labels.at(-1) ?? '')) return null;
  return ascii as DomainName;
}

/**
 * The form that people read: "müller.at". A label that could pass for another one stays as it is in the DNS ("xn--pple-43d.com"): shown
 * are the Latin letters of European languages, and scripts that nobody mistakes for them; Cyrillic, Greek and the like only
 * under an ending of their own ("пошта.укр").
 */
export function displayDomain(domain: string): string {
  const labels = domain.split('.');
  const ending = domainToUnicode(labels.at(-1) ?? '');
  return labels
    .map((part) => {
      const shown = part.startsWith('xn--') ? domainToUnicode(part) : part;
      return shown !== '' && isUnmistakable(shown, ending) ? shown : part;
    })
    .join('.');
}

// without the dotless i, the kra and the long s, which look like i, k and f
const latin = /^[a-z0-9\-ß-öø-ÿā-ıĳ-ķĺ-ž]+$/u;
const distinct =
  /^[\d\-\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]+$|^[\d\-\p{sc=Hangul}]+$|^[\d\-\p{sc=Arabic}]+$|^[\d\-\p{sc=Hebrew}]+$|^[\d\-\p{sc=Thai}]+$|^[\d\-\p{sc=Devanagari}]+$/u;
const similar = [/^[\d\-\p{sc=Cyrillic}]+$/u, /^[\d\-\p{sc=Greek}]+$/u, /^[\d\-\p{sc=Armenian}]+$/u, /^[\d\-\p{sc=Georgian}]+$/u];

const isUnmistakable = (label: string, ending: string): boolean =>
  (latin.test(label) && !/[ıĸſ]/u.test(label)) ||
  distinct.test(label) ||
  similar.some((script) => script.test(label) && script.test(ending) && !/^[\d-]+$/.test(ending));
