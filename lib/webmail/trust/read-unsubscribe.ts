import type { Provenance } from '../../mime/judgement.ts';
import { findField, type HeaderField } from '../../mime/parse-header.ts';
import { parseEmailAddress } from '../../addresses/email-address.ts';
import { allowedTarget } from '../remote/fetch-remote-image.ts';
import type { Unsubscribe } from '../reading/mail-message.ts';
import { parseUrl } from '../../addresses/parse-url.ts';

export interface UnsubscribeWays {
  /** to be posted to, by our server */
  oneClick: string | null;
  letter: { to: string; subject: string; body: string } | null;
  page: string | null;
}

const longest = 8000;
const mostWays = 10;

/** List-Unsubscribe (RFC 2369) and List-Unsubscribe-Post (RFC 8058) of a header. */
export function unsubscribeWays(fields: readonly HeaderField[], provenance: Provenance): UnsubscribeWays {
  const field = (findField(fields, 'list-unsubscribe') ?? '').slice(0, longest);
  const addresses = [...field.matchAll(/<([^<>]{1,2048})>/g)].slice(0, mostWays).map((match) => (match[1] ?? '').replace(/\s+/g, ''));
  const web =
    addresses.map((address) => (/^https:/i.test(address) ? allowedTarget(address) : null)).find((url) => url !== null)?.href ?? null;
  const post = /^\s*List-Unsubscribe\s*=\s*One-Click\s*$/i.test(findField(fields, 'list-unsubscribe-post') ?? '');
  const oneClick = web !== null && post && provenance.judgement?.verdict === 'attested' && isSignedFor(fields, provenance) ? web : null;
  const letter = addresses.map(readMailto).find((found) => found !== null) ?? null;
  return { oneClick, letter, page: web };
}

export function unsubscribeOf(ways: UnsubscribeWays): Unsubscribe | null {
  if (ways.oneClick) return { how: 'one-click', where: new URL(ways.oneClick).hostname, href: '' };
  if (ways.letter) return { how: 'letter', where: ways.letter.to, href: '' };
  return ways.page ? { how: 'page', where: new URL(ways.page).hostname, href: ways.page } : null;
}

/**
 * Both fields must be under a signature that was found good (RFC 8058 section 4): else anybody on the way could have put them there. What was found
 * out names a key and not a field, and a false signature may name the same: all that name it must cover both.
 */
function isSignedFor(fields: readonly HeaderField[], { judgement }: Provenance): boolean {
  const good = new Set(
    (judgement?.dkim ?? []).filter(({ result }) => result === 'pass').map(({ domain, selector }) => `${selector.toLowerCase()} ${domain}`),
  );
  const covering = new Map<string, boolean>();
  for (const { key, value } of fields) {
    if (key !== 'dkim-signature') continue;
    const tag = (letter: string): string =>
      (new RegExp(`(?:^|;)\\s*${letter}\\s*=([^;]{0,4000})`).exec(value.slice(0, longest))?.[1] ?? '').replace(/\s+/g, '').toLowerCase();
    const signed = tag('h').split(':');
    const by = `${tag('s')} ${tag('d')}`;
    const coversBoth = signed.includes('list-unsubscribe') && signed.includes('list-unsubscribe-post');
    covering.set(by, coversBoth && covering.get(by) !== false);
  }
  return [...good].some((by) => covering.get(by) === true);
}

function readMailto(address: string): UnsubscribeWays['letter'] {
  const url = parseUrl(address);
  if (url?.protocol !== 'mailto:') return null;
  const to = parseEmailAddress(decoded(url.pathname));
  const fields = [...new URLSearchParams(url.search.replaceAll('+', '%2B'))];
  // names of header fields (RFC 6068 section 2), whose capitals mean nothing
  const value = (wanted: string): string =>
    (fields.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '').replace(/[\r\n]+/g, ' ').slice(0, 1000);
  return to === null ? null : { to, subject: value('subject') || 'unsubscribe', body: value('body') || 'unsubscribe' };
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
};
