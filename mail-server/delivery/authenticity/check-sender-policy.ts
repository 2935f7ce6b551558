import { spf } from 'mailauth';
import type { SenderCheck } from '../../../lib/mime/judgement.ts';
import { nameInDns } from '../../../lib/mime/dns-name.ts';
import type { DnsResolver } from './dns-resolver.ts';
import { policyResolver } from './policy-resolver.ts';

export interface Envelope {
  /** the reverse-path, "" for the null sender */
  sender: string;
  remoteAddress: string;
  /** name given with HELO or EHLO, as it came */
  greetedAs: string | null;
}

const results = new Set(['pass', 'fail', 'softfail', 'neutral', 'none', 'temperror', 'permerror']);

/** `www-data@web_srv01.firma.at`: the library asks the DNS for nothing but names of hosts (RFC 1123), which a sender's domain need not be (RFC 7208 section 4.3). */
const isNameOfHost = (domain: string): boolean => !/_|-(?:\.|$)/.test(domain);
/** what it is told in such a domain's place, and what is never asked for */
const standIn = 'sender.invalid';
const standsIn = /(?<=^|\.)sender\.invalid$/i;

/** SPF (RFC 7208) of the reverse-path, or of the greeting where that is empty (section 2.4). The domain is ours to read, not the library's. */
export async function checkSenderPolicy(
  resolver: DnsResolver,
  { sender, remoteAddress, greetedAs }: Envelope,
  hostName: string,
): Promise<SenderCheck> {
  const at = sender.lastIndexOf('@');
  const helo = nameInDns(greetedAs ?? '') ?? 'unknown';
  const domain = sender === '' ? helo : (nameInDns(sender.slice(at + 1)) ?? '');
  if (!domain.includes('.') || domain.startsWith('[')) return { result: 'none', domain: '' };
  // what a macro may ask the DNS for is a plain local part
  const local = /^[a-z0-9._=+-]{1,128}$/i.exec(sender.slice(0, at))?.[0] ?? 'postmaster';
  const ask = policyResolver(resolver);
  const named = isNameOfHost(domain) ? domain : standIn;
  const { status } = await spf({
    ip: remoteAddress,
    helo,
    sender: `${local}@${named}`,
    mta: hostName,
    resolver: (name, type) => ask(named === standIn ? name.replace(standsIn, domain) : name, type),
  });
  return { result: results.has(status.result) ? status.result : 'permerror', domain };
}
