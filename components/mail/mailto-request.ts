import { parseAddressList } from '#lib/webmail/address-list.ts';
import type { Person } from '#lib/webmail/types.ts';
import type { ComposeRequest } from './compose/compose-request.ts';

const mostPeople = 100;
const mostText = 20_000;

/**
 * A new letter as a mailto link (RFC 6068) begins it: to whom, copies, subject and text; all of it stands before the reader's eyes and nothing
 * is sent. Other fields (attachments of old, From) are the reader's own matter and not heeded (section 7).
 */
export function mailtoRequest(href: string): ComposeRequest {
  const rest = href.slice('mailto:'.length);
  const at = rest.indexOf('?');
  const fields = new Map<string, string[]>([['to', at === 0 ? [] : people(at < 0 ? rest : rest.slice(0, at))]]);
  for (const pair of (at < 0 ? '' : rest.slice(at + 1)).split('&').slice(0, 50)) {
    const equals = pair.indexOf('=');
    if (equals <= 0) continue;
    const name = pair.slice(0, equals).toLowerCase();
    const value = pair.slice(equals + 1);
    // several of a name are one list, of recipients; of others the first counts
    if (name === 'to' || name === 'cc' || name === 'bcc') fields.set(name, [...(fields.get(name) ?? []), ...people(value)]);
    else if (!fields.has(name)) fields.set(name, [decode(value)]);
  }
  const list = (name: string): Person[] => parseAddressList((fields.get(name) ?? []).join('\n')).slice(0, mostPeople);
  const said = (name: string): string => fields.get(name)?.[0] ?? '';
  return {
    from: 'nothing',
    to: list('to'),
    cc: list('cc'),
    bcc: list('bcc'),
    subject: said('subject')
      .replace(/[\r\n]+/g, ' ')
      .slice(0, 1000),
    text: said('body').replace(/\r\n?/g, '\n').slice(0, mostText),
  };
}

/** Commas part them before anything is decoded: one within a name is written %2C. */
const people = (value: string): string[] =>
  value
    .split(',')
    .map((one) =>
      quoted(
        decode(one)
          .replace(/[\r\n]+/g, ' ')
          .trim(),
      ),
    )
    .filter((one) => one !== '');

/** A comma that was escaped belongs to the name. */
const quoted = (one: string): string => {
  const match = /^([^"<]*,[^"<]*)<([^<>]*)>$/.exec(one);
  return match ? `"${match[1]?.trim()}" <${match[2]}>` : one;
};

const decode = (value: string): string => {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
};
