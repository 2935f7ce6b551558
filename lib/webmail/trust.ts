import { getDomain } from 'tldts';
import { displayDomain } from '../addresses/domain-name.ts';
import type { Person, Trust } from './types.ts';

const domainOf = (address: string): string =>
  address
    .slice(address.lastIndexOf('@') + 1)
    .toLowerCase()
    .replace(/\.$/, '');
const organisation = (domain: string): string => getDomain(domain, { allowPrivateDomains: true }) ?? domain;
const aligned = (one: string, other: string): boolean => one !== '' && organisation(one) === organisation(other);

interface MethodResult {
  method: string;
  result: string;
  properties: Map<string, string>;
}

/**
 * What our own server found out about the sender when the message came in (Authentication-Results, RFC 8601). Headers of other
 * hosts are not read: anybody can write them. The server takes away those that claim to be ours (section 5), so the first is ours.
 */
export function trustOf(
  headers: readonly { key: string; value: string }[],
  from: readonly Person[],
  replyTo: readonly Person[],
  hostName: string,
): Trust {
  const sender = domainOf(from[0]?.address ?? '');
  const answer = replyTo[0]?.address ?? '';
  const trust: Trust = {
    verdict: 'unknown',
    domain: displayDomain(sender),
    results: [],
    replyTo: answer && !aligned(domainOf(answer), sender) ? answer : '',
  };
  const ours = headers.find((header) => header.key === 'authentication-results' && servedBy(header.value) === hostName.toLowerCase());
  if (!ours) return trust;
  const results = parseResults(ours.value);
  trust.results = results.map(({ method, result, properties }) => {
    const about =
      properties.get('header.d') ?? properties.get('header.from') ?? properties.get('smtp.mailfrom') ?? properties.get('smtp.auth');
    return `${method}=${result}${about ? ` (${about})` : ''}`;
  });
  // Two authors, or none, cannot be vouched for by one domain.
  trust.verdict = from.length === 1 && results.some((result) => vouches(result, sender)) ? 'verified' : 'unverified';
  return trust;
}

function vouches({ method, result, properties }: MethodResult, sender: string): boolean {
  if (result !== 'pass' || sender === '') return false;
  if (method === 'dmarc') return aligned(domainOf(properties.get('header.from') ?? sender), sender);
  if (method === 'dkim') return aligned((properties.get('header.d') ?? domainOf(properties.get('header.i') ?? '')).toLowerCase(), sender);
  // RFC 8601 section 2.7.4: the sender signed in to this server to submit the message.
  if (method === 'auth') return aligned(domainOf(properties.get('smtp.auth') ?? ''), sender);
  return false;
}

const withoutComments = (value: string): string => {
  let text = value;
  for (let round = 0; round < 5 && /\([^()]*\)/.test(text); round++) text = text.replace(/\([^()]*\)/g, ' ');
  return text;
};

const servedBy = (value: string): string => (withoutComments(value).split(';')[0] ?? '').trim().split(/\s+/)[0]?.toLowerCase() ?? '';

function parseResults(value: string): MethodResult[] {
  return withoutComments(value)
    .split(';')
    .slice(1, 40)
    .flatMap((part) => {
      const tokens = part.trim().split(/\s+/);
      const [method, result] = (tokens[0] ?? '').toLowerCase().split('=');
      if (!method || !result) return [];
      const properties = new Map<string, string>();
      for (const token of tokens.slice(1)) {
        const at = token.indexOf('=');
        if (at > 0) properties.set(token.slice(0, at).toLowerCase(), token.slice(at + 1).replace(/^"|"$/g, ''));
      }
      return [{ method: method.split('/')[0] ?? method, result, properties }];
    });
}
