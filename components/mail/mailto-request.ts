import type { Person } from '#lib/webmail/types.ts';
import type { ComposeRequest } from './compose/compose-request.ts';

/** A new letter to whom a mailto link (RFC 6068) names, with its subject. */
export function mailtoRequest(href: string): ComposeRequest {
  const [addresses = '', query = ''] = href.slice('mailto:'.length).split('?', 2);
  const fields = new Map<string, string>();
  for (const pair of query.split('&').slice(0, 50)) {
    const at = pair.indexOf('=');
    if (at > 0) fields.set(pair.slice(0, at).toLowerCase(), decode(pair.slice(at + 1)));
  }
  const people = (list: string): Person[] =>
    list
      .split(',')
      .slice(0, 100)
      .map((address) => ({ name: '', address: decode(address).trim() }))
      .filter(({ address }) => address !== '');
  return {
    from: 'nothing',
    to: [...people(addresses), ...people(fields.get('to') ?? '')],
    subject: (fields.get('subject') ?? '').slice(0, 1000),
  };
}

const decode = (value: string): string => {
  try {
    return decodeURIComponent(value).replace(/[\r\n]+/g, ' ');
  } catch {
    return value;
  }
};
