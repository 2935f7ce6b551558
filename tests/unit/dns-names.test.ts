import { describe, expect, it } from 'vitest';
import { parseDomainName, type DomainName } from '#lib/addresses/domain-name.ts';
import { cnameTarget } from '#lib/dkim/plan-keys.ts';
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
  it('of services and keys of a subdomain stand below it in that zone, and lead where those of the domain do', () => {
    const records = (domain: string) =>
      Object.values(
        expectedRecords({ name: named(domain), verificationToken: 't', dkimKeys }, { ...host, dkimZone: 'dkim.postamt.example' }),
      ).flat();
    const own = [
      '_imaps._tcp',
      '_submissions._tcp',
      '_pop3s._tcp',
      '_sieve._tcp',
      '_autodiscover._tcp',
      'autoconfig',
      'mta-sts',
      '_mta-sts',
      'postamt1._domainkey',
      'postamt2._domainkey',
    ];
    expect(records('muster.at').map(({ label }) => label)).toEqual(expect.arrayContaining(own));
    expect(records('mail.muster.at').map(({ label }) => label)).toEqual(expect.arrayContaining(own.map((label) => `${label}.mail`)));
    const services = (domain: string) => records(domain).flatMap(({ type, value }) => (type === 'SRV' ? [value] : []));
    expect(services('mail.muster.at')).toEqual([
      '0 1 443 post.postamt.example',
      '0 1 993 mx.postamt.example',
      '0 1 465 mx.postamt.example',
      '0 1 995 mx.postamt.example',
      '0 1 4190 mx.postamt.example',
    ]);
    expect(services('muster.at')).toEqual(services('mail.muster.at'));
    const keys = records('mail.muster.at').flatMap(({ label, value }) => (label.includes('_domainkey') ? [value] : []));
    expect(keys).toEqual(['postamt1.mail.muster.at.dkim.postamt.example', 'postamt2.mail.muster.at.dkim.postamt.example']);
  });
  it('behind a CNAME fit into the DNS, however long the domain is', () => {
    const long = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(45)}.at`;
    const target = cnameTarget('postamt1', long, 'dkim.postamt.example');
    expect(target.length).toBeLessThanOrEqual(253);
    expect(cnameTarget('postamt1', `x${long.slice(1)}`, 'dkim.postamt.example')).not.toBe(target);
  });
  it('know public suffixes of two levels', () => {
    expect(zoneOf('mail.muster.co.uk')).toBe('muster.co.uk');
    expect(zoneOf('muster.co.uk')).toBe('muster.co.uk');
    expect(nameInZone('elsewhere.example', 'muster.at')).toBe('elsewhere.example.');
  });
});
