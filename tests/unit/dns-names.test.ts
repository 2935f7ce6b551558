import { describe, expect, it } from 'vitest';
import { parseDomainName, type DomainName } from '#lib/addresses/domain-name.ts';
import { expectedRecords } from '#lib/dns/expected-records.ts';
import { nameInZone, zoneOf } from '#lib/dns/name-in-zone.ts';

const named = (name: string): DomainName => {
  const parsed = parseDomainName(name);
  if (!parsed) throw new Error(name);
  return parsed;
};
const host = {
  host: 'mx.postamt.example',
  webHost: 'post.postamt.example',
  ports: { imaps: 993, pop3s: 995, submissions: 465, sieve: 4190 },
  stsMode: 'testing' as const,
  dkimZone: null,
};
const dkimKeys = [{ selector: 'pa1', algorithm: 'rsa' as const, publicKey: 'k', use: 'signs' as const, seen: true }];
const labels = (domain: string): string[] =>
  Object.values(expectedRecords({ name: named(domain), verificationToken: 't', dkimKeys }, host))
    .flat()
    .map(({ label }) => label);

describe('names of DNS records', () => {
  it('are written for the zone that was bought, so that a subdomain never moves the mail of the whole domain', () => {
    expect(labels('mail.muster.at')).not.toContain('@');
    expect(labels('mail.muster.at')).toEqual(expect.arrayContaining(['mail', '_dmarc.mail', 'pa1._domainkey.mail', '_postamt.mail']));
    expect(labels('muster.at')).toEqual(expect.arrayContaining(['@', '_dmarc', 'pa1._domainkey', '_postamt']));
  });
  it('know public suffixes of two levels', () => {
    expect(zoneOf('mail.muster.co.uk')).toBe('muster.co.uk');
    expect(zoneOf('muster.co.uk')).toBe('muster.co.uk');
    expect(nameInZone('elsewhere.example', 'muster.at')).toBe('elsewhere.example.');
  });
});
