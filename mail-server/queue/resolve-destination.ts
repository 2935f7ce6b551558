import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { plainAddress } from '../../lib/addresses/plain-address.ts';
import { basePorts } from '../../lib/config/config.ts';
import { isAbsent } from '../../lib/config/patient-resolver.ts';
import { dnsResolverOf, isDnsAway, type DnsResolver } from '../delivery/authenticity/dns-resolver.ts';
import type { MailServerSettings } from '../settings.ts';
import { mayConnect } from './may-connect.ts';
import { deferred, failed, type Outcome } from './outcome.ts';

export interface Host {
  /** name of the MX, for TLS, logs and reports */
  name: string;
  address: string;
}

// a DNS label may hold any byte; names of hosts, which go into reports and logs, do not
const hostName = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$|^[0-9a-f:.]{2,45}$/i;
const mostHosts = 100;
/**
 * Of either kind and one host; those that are not tried are another attempt's, since their order is random. All of a dead host together (30 s
 * each) leave time for the next one (reachWithinMs).
 */
const mostAddresses = 4;
const isUnknownName = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOTFOUND';

/**
 * The hosts that take mail for a domain, best first (RFC 5321 section 5.1): its MX by preference, in random order where that is equal;
 * without an MX the domain itself. A host that we are ourselves ends the list, since going on would be a loop.
 */
export async function resolveDestination(settings: MailServerSettings, domain: string): Promise<Host[] | Outcome> {
  // RFC 6761 section 6.4: nothing below it exists, so nobody need be asked
  if (/(^|\.)invalid$/.test(domain)) return failed('5.1.2', `550 5.1.2 ${domain} does not exist`);
  const resolver = dnsResolverOf(settings);
  let names: { name: string; preference: number }[];
  try {
    const records = await resolver.resolve(domain, 'MX');
    // RFC 7505: "MX 0 ." says that there is no mail here
    if (records.length > 0 && records.every(({ exchange }) => exchange === ''))
      return failed('5.1.10', `556 5.1.10 ${domain} does not accept mail (null MX)`);
    names = records
      .filter(({ exchange }) => hostName.test(exchange))
      .map(({ exchange, priority }) => ({ name: exchange.toLowerCase(), preference: priority }));
    // RFC 5321 section 5.1: where there are MX and none can be used, the domain itself is not asked
    if (records.length > 0 && names.length === 0) return failed('5.4.4', `550 5.4.4 The MX records of ${domain} name no hosts`);
  } catch (error) {
    if (isUnknownName(error)) return failed('5.1.2', `550 5.1.2 ${domain} does not exist`);
    if (!isAbsent(error)) return unanswered([error], domain);
    names = [];
  }
  if (names.length === 0) names = [{ name: domain, preference: 0 }];
  return addressesOf(settings, resolver, domain, inOrder(names));
}

const inOrder = (names: { name: string; preference: number }[]): { name: string; preference: number }[] =>
  shuffled(names).sort((left, right) => left.preference - right.preference);

const shuffled = <T>(all: readonly T[]): T[] =>
  all
    .map((one) => ({ one, random: Math.random() }))
    .sort((left, right) => left.random - right.random)
    .map(({ one }) => one);

async function addressesOf(
  settings: MailServerSettings,
  resolver: DnsResolver,
  domain: string,
  names: readonly { name: string; preference: number }[],
): Promise<Host[] | Outcome> {
  const hosts: Host[] = [];
  const failures: unknown[] = [];
  let inward = false;
  let isLoop = false;
  const own = names.find(({ name }) => name === settings.hostName.toLowerCase());
  const better = own ? names.filter(({ preference }) => preference < own.preference) : names;
  const asked = better.slice(0, mostHosts).map(async ({ name }) => ({ name, ...(await lookUp(resolver, name)) }));
  for (const { name, addresses, failures: ofName } of await Promise.all(asked)) {
    failures.push(...ofName);
    if (addresses.some((address) => isOurs(settings, address))) {
      isLoop = true;
      break;
    }
    const reachable = addresses.filter((address) => mayConnect(settings, address));
    inward ||= reachable.length < addresses.length;
    hosts.push(...reachable.map((address) => ({ name, address })));
  }
  if (hosts.length > 0) return hosts;
  // a better one may be there as soon as the DNS is
  if (failures.length > 0) return unanswered(failures, `the mail hosts of ${domain}`);
  if (own || isLoop) return loop(domain);
  if (inward) return failed('5.4.4', `550 5.4.4 The mail hosts of ${domain} have no public address`);
  const [only, ...others] = names;
  const itself = only?.name === domain && others.length === 0;
  return itself
    ? failed('5.1.2', `550 5.1.2 ${domain} has no mail host`)
    : failed('5.4.4', `550 5.4.4 The mail hosts of ${domain} do not exist`);
}

/** The addresses of a mail host; whoever wrote an address where a name belongs (RFC 5321 section 5.1) meant that. */
async function lookUp(resolver: DnsResolver, name: string): Promise<{ addresses: string[]; failures: unknown[] }> {
  if (isIP(name) !== 0) return { addresses: [name], failures: [] };
  const answers = await Promise.allSettled([resolver.resolve(name, 'AAAA'), resolver.resolve(name, 'A')]);
  return {
    addresses: answers.flatMap((answer) => (answer.status === 'fulfilled' ? shuffled(answer.value).slice(0, mostAddresses) : [])),
    failures: answers.flatMap((answer) => (answer.status === 'rejected' && !isAbsent(answer.reason) ? [answer.reason] : [])),
  };
}

/** Where it is our own name servers that are silent, that says nothing of the domain. */
function unanswered(failures: readonly unknown[], what: string): Outcome {
  const outcome = deferred('4.4.3', `451 4.4.3 The DNS does not answer for ${what}`);
  return outcome.kind === 'deferred' && failures.some(isDnsAway) ? { ...outcome, soon: true } : outcome;
}

const loop = (domain: string): Outcome =>
  failed('5.4.6', `554 5.4.6 Mail for ${domain} leads back to this host, which does not know the domain`);

/**
 * This host must not be made to talk to itself: not to our own port, where mail would go round in circles, and not by way of loopback to
 * whatever else listens there. Only another port than that of the world's mail hosts (tests) may lie on loopback.
 */
function isOurs({ smtpPortOut, ports }: MailServerSettings, address: string): boolean {
  const plain = plainAddress(address);
  const onLoopback = loopback.check(plain, plain.includes(':') ? 'ipv6' : 'ipv4');
  if (smtpPortOut === ports.smtp) return onLoopback || hasInterface(plain);
  return smtpPortOut === basePorts.smtp && onLoopback;
}

const hasInterface = (address: string): boolean =>
  Object.values(networkInterfaces()).some((list) => list?.some((own) => own.address === address));

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addSubnet('0.0.0.0', 8, 'ipv4');
loopback.addSubnet('::', 127, 'ipv6');
