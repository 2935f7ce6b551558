import { decodeLoosely } from '#lib/addresses/parse-url.ts';
import { parseAddressList } from '#lib/webmail/writing/address-list.ts';
import type { Person } from '#lib/webmail/reading/mail-message.ts';
import type { ComposeRequest } from '../compose/compose-request.ts';

const mostPeople = 100;
const mostFields = 50;
const longestSubject = 900;
const longestBody = 100_000;

/**
 * A new letter as a mailto link (RFC 6068) begins it: recipients, subject and text, to be seen and changed before anything is sent. Header
 * fields that are not named here, files above all, are no business of a stranger's link.
 */
export function mailtoRequest(href: string): ComposeRequest {
  const link = href.slice('mailto:'.length).split('#', 1)[0] ?? '';
  const at = link.indexOf('?');
  const fields = new Map<string, string[]>();
  // "&amp;" comes from programs that escape a link twice
  for (const pair of (at < 0 ? '' : link.slice(at + 1)).split(/&(?:amp;)?/).slice(0, mostFields)) {
    const equals = pair.indexOf('=');
    if (equals <= 0) continue;
    const name = pair.slice(0, equals).toLowerCase();
    fields.set(name, [...(fields.get(name) ?? []), pair.slice(equals + 1)]);
  }
  const all = (name: string): string[] => fields.get(name) ?? [];
  const line = (name: string): string => decode(all(name)[0] ?? '').replace(/[\r\n]+/g, ' ');
  return {
    from: 'nothing',
    to: people([at < 0 ? link : link.slice(0, at), ...all('to')]),
    cc: people(all('cc')),
    bcc: people(all('bcc')),
    subject: line('subject').slice(0, longestSubject),
    text: all('body').map(decode).join('\n').replace(/\r\n?/g, '\n').slice(0, longestBody),
  };
}

/** Commas part addresses; those of an address itself are written as "%2C". */
function people(lists: readonly string[]): Person[] {
  const found = lists
    .flatMap((list) => list.split(','))
    .flatMap((one) => {
      const address = decode(one)
        .replace(/[\r\n\t]+/g, ' ')
        .trim();
      const [first, ...more] = parseAddressList(quoted(address));
      return first && more.length === 0 ? [first] : address ? [{ name: '', address }] : [];
    });
  const seen = new Set<string>();
  return found.filter(({ address }) => !seen.has(address.toLowerCase()) && seen.add(address.toLowerCase())).slice(0, mostPeople);
}

/** A comma that was escaped belongs to the name. */
const quoted = (one: string): string => {
  const [, name = '', address] = /^([^"<]*)<([^<>]*)>$/.exec(one) ?? [];
  return name.includes(',') ? `"${name.trim()}" <${address}>` : one;
};

/** As far as it can be decoded; what is broken stands as it is. */
const decode = (value: string): string => {
  try {
    return decodeURIComponent(value);
  } catch {
    return value.replace(/(?:%[0-9a-f]{2})+/gi, (part) => decodeLoosely(part));
  }
};
