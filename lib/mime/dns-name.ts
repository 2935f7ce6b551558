import { domainToASCII } from 'node:url';
import { normalForm } from './normal-form.ts';

/**
 * A host name or address literal as it stands behind an @, in the form in which it is asked in the DNS and compared: A-labels, lower case,
 * no dot at the end. Null if it cannot be one. Names elsewhere may have underscores, or no dot.
 */
export function nameInDns(text: string): string | null {
  const name = text.replace(/\.$/, '').toLowerCase();
  if (/^\[[0-9a-z.:-]{2,60}\]$/.test(name)) return name;
  // domainToASCII would decode percent signs and read numbers as addresses
  if (name.length > 253 || name.includes('%')) return null;
  const ascii = /^[\x21-\x7e]*$/.test(name) ? name : asciiOf(name);
  return ascii.length <= 253 && ascii.split('.').every((label) => /^[a-z0-9_][a-z0-9_-]{0,62}$/.test(label)) ? ascii : null;
}

/**
 * Of a name in another script. One that only means what it says once it is mapped (full-width letters, other dots than the full stop,
 * characters that nobody sees) is none: it shows a reader another domain than the DNS would be asked for.
 */
function asciiOf(name: string): string {
  const composed = normalForm(name, 'NFC');
  if (normalForm(composed, 'NFKC') !== composed || /[\u3002\uff0e\uff61\p{Default_Ignorable_Code_Point}]/u.test(composed)) return '';
  return domainToASCII(composed);
}
