import { isAbsent } from '../../../lib/config/patient-resolver.ts';
import { isIP } from 'node:net';
import { isPublicAddress } from '../../../lib/addresses/public-address.ts';
import type { DnsResolver } from '../../delivery/authenticity/dns-resolver.ts';
import type { Reason } from '../reason.ts';

export interface Origin {
  remoteAddress: string;
  greetedAs: string | null;
  /** domain of From, A-label; '' for none */
  authorDomain: string;
}

/** The name that the DNS keeps an address under, without "in-addr.arpa". */
export function reversed(address: string): string | null {
  if (isIP(address) === 4) return address.split('.').toReversed().join('.');
  if (isIP(address) !== 6) return null;
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? [];
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
  if (all.length !== 8 || all.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return null;
  return [...all.map((group) => group.padStart(4, '0')).join('')].toReversed().join('.');
}

/** true: there is something, false: the DNS says that there is nothing, null: it did not answer. */
async function exists(resolver: DnsResolver, name: string, type: string): Promise<boolean | null> {
  try {
    const answer = await resolver.resolve(name, type);
    return Array.isArray(answer) && answer.length > 0;
  } catch (error) {
    return isAbsent(error) ? false : null;
  }
}

async function hasAny(resolver: DnsResolver, name: string, kinds: readonly string[]): Promise<boolean | null> {
  const answers = await Promise.all(kinds.map((type) => exists(resolver, name, type)));
  if (answers.includes(true)) return true;
  return answers.includes(null) ? null : false;
}

/** What the DNS says of a host and of an author's domain. Names of our own network are nobody's business. Never rejects. */
export async function judgeOrigin(resolver: DnsResolver, { remoteAddress, greetedAs, authorDomain }: Origin): Promise<Reason[]> {
  const isOutside = isPublicAddress(remoteAddress);
  const name = reversed(remoteAddress);
  const helo = greetedAs?.toLowerCase() ?? '';
  const [pointer, greeting, author] = await Promise.all([
    isOutside && name ? exists(resolver, `${name}.${isIP(remoteAddress) === 4 ? 'in-addr' : 'ip6'}.arpa`, 'PTR') : null,
    isOutside && !helo.startsWith('[') ? (helo.includes('.') ? hasAny(resolver, helo, ['A', 'AAAA']) : false) : null,
    authorDomain.includes('.') ? hasAny(resolver, authorDomain, ['MX', 'A', 'AAAA']) : null,
  ]);
  const reasons: Reason[] = [];
  if (pointer === false) reasons.push({ code: 'host-without-name', points: 1.2, data: remoteAddress });
  if (greeting === false) reasons.push({ code: 'host-greets-falsely', points: 0.6, data: helo.slice(0, 100) });
  if (author === false) reasons.push({ code: 'author-domain-without-mail', points: 1, data: authorDomain });
  return reasons;
}

/** The lists of hosts that do not want this one's mail heard (RFC 5782): asked for an address, answered with 127.0.0.x. Never rejects. */
export async function askLists(resolver: DnsResolver, zones: readonly string[], remoteAddress: string): Promise<Reason[]> {
  const name = reversed(remoteAddress);
  if (zones.length === 0 || !name) return [];
  const answers = await Promise.all(
    zones.map(async (zone) => {
      // 127.255.255.x says that the list does not answer us
      const found = await resolver.resolve(`${name}.${zone}`, 'A').catch((): string[] => []);
      return found.some((address) => /^127\.(?!255\.)/.test(address)) ? zone : null;
    }),
  );
  const listed = answers.filter((zone) => zone !== null);
  return listed.length === 0 ? [] : [{ code: 'host-listed', points: Math.min(5, 2.5 + listed.length), data: listed.join(' ') }];
}
