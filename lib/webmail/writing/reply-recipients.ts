import { isOwnAddress, type OwnAddresses } from './own-addresses.ts';
import type { Person } from '../reading/mail-message.ts';

interface Addressed {
  from: Person[];
  to: Person[];
  cc: Person[];
  replyTo: Person[];
  /** Mail-Followup-To: where its author wants answers to everybody, as mailing lists use it */
  followUpTo?: Person[];
  own: boolean;
}

/** Whose letter box it is: every address of it, and where it has answers sent by its own settings. */
interface Reader {
  own: OwnAddresses;
  /** Reply-To of its identities */
  answersTo?: readonly string[];
}

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const once = (people: Person[]): Person[] =>
  people.filter((person, at) => person.address && people.findIndex((other) => same(other.address, person.address)) === at);

/**
 * Whom an answer goes to (RFC 5322 section 3.6.3: Reply-To before From). To one's own letter one answers those it went to, wherever it
 * asked them to write. "All" adds the other recipients as Cc; oneself never, under none of one's addresses.
 */
export function replyRecipients(
  message: Addressed,
  kind: 'reply' | 'reply-all',
  { own, answersTo = [] }: Reader,
): { to: Person[]; cc: Person[] } {
  const notMe = (person: Person) => !isOwnAddress(own, person.address);
  // A form of one's own site writes to oneself in one's own name, and names in Reply-To who filled it in; one's own Reply-To is nobody else.
  const asked = message.replyTo.filter((person) => notMe(person) && !answersTo.some((address) => same(address, person.address)));
  const originals = message.to.length > 0 ? message.to : message.cc;
  const toOriginal = message.own && (asked.length === 0 || originals.some(notMe));
  const authors = once(toOriginal ? originals : asked.length > 0 ? message.replyTo : message.from);
  if (kind === 'reply') return { to: authors, cc: [] };
  const followUp = once(message.own ? [] : (message.followUpTo ?? [])).filter(notMe);
  if (followUp.length > 0) return { to: followUp, cc: [] };
  const others = toOriginal ? message.cc : [...message.to, ...message.cc];
  const cc = once(others).filter((person) => notMe(person) && !authors.some((recipient) => same(recipient.address, person.address)));
  // A letter only to oneself is answered to oneself.
  const withoutMe = authors.filter(notMe);
  if (withoutMe.length > 0) return { to: withoutMe, cc };
  if (cc.length === 0) return { to: authors, cc };
  const written = cc.filter(({ address }) => message.to.some((person) => same(person.address, address)));
  return written.length > 0 ? { to: written, cc: cc.filter((person) => !written.includes(person)) } : { to: cc, cc: [] };
}
