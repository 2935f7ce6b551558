import { isOwnAddress, type OwnAddresses } from './own-addresses.ts';
import type { Person } from './types.ts';

interface Addressed {
  from: Person[];
  to: Person[];
  cc: Person[];
  replyTo: Person[];
  own: boolean;
}

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const once = (people: Person[]): Person[] =>
  people.filter((person, at) => person.address && people.findIndex((other) => same(other.address, person.address)) === at);

/**
 * Whom an answer goes to (RFC 5322 section 3.6.3: Reply-To before From). To one's own letter one answers those it went to. "All" adds
 * the other recipients as Cc; oneself never, under none of one's addresses.
 */
export function replyRecipients(message: Addressed, kind: 'reply' | 'reply-all', own: OwnAddresses): { to: Person[]; cc: Person[] } {
  const authors = message.replyTo.length > 0 ? message.replyTo : message.from;
  const to = once(message.own ? (message.to.length > 0 ? message.to : message.cc) : authors);
  if (kind === 'reply') return { to, cc: [] };
  const others = message.own ? message.cc : [...message.to, ...message.cc];
  const notMe = (person: Person) => !isOwnAddress(own, person.address);
  const cc = once(others).filter((person) => notMe(person) && !to.some((recipient) => same(recipient.address, person.address)));
  // A letter only to oneself is answered to oneself.
  const withoutMe = to.filter(notMe);
  if (withoutMe.length > 0) return { to: withoutMe, cc };
  return cc.length > 0 ? { to: cc, cc: [] } : { to, cc };
}
