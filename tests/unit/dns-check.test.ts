import { createPublicKey, createPrivateKey, sign, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DomainName } from '#lib/addresses/domain-name.ts';
import { checkRecords } from '#lib/dns/check-records.ts';
import type { DnsReport } from '#lib/dns/record-finding.ts';
import { domainState, keptReport, worstFirst } from '#lib/dns/domain-state.ts';
import { dkimValue } from '#lib/dkim/key-record.ts';
import { makeDkimKey } from '#lib/dkim/make-key.ts';
import type { DkimKeyFacts } from '#lib/dns/dkim-facts.ts';
import { expectedRecords, stsRecordValue, type DomainFacts, type HostFacts } from '#lib/dns/expected-records.ts';
import { createLookup } from '#lib/dns/lookup.ts';
import { stsPolicyText } from '#lib/dns/sts-policy.ts';
import { zoneFile } from '#lib/dns/zone-file.ts';
import { messagesFor } from '#lib/i18n/messages.ts';
import { parseStsPolicy, parseStsRecord } from '#mail-server/queue/sts/parse-sts-policy.ts';
import { startDnsServer, type DnsServer, type DnsZone } from '#tests/support/dns-server.ts';

const rsa: DkimKeyFacts = { selector: 'pa1', algorithm: 'rsa', publicKey: `MIIB${'A'.repeat(388)}`, use: 'signs', seen: true };
const ed25519: DkimKeyFacts = { selector: 'pa2', algorithm: 'ed25519', publicKey: `${'A'.repeat(43)}=`, use: 'signs', seen: true };
const domain: DomainFacts = { name: 'muster.at' as DomainName, verificationToken: 'abc123', dkimKeys: [rsa, ed25519] };
const host: HostFacts = {
  host: 'mail.postamt.example',
  webHost: 'postamt.example',
  ports: { imaps: 993, pop3s: 995, submissions: 465, sieve: 4190 },
  stsMode: 'testing',
  dkimZone: null,
};
const complete: DnsZone = {
  'muster.at': { MX: [[10, 'mail.postamt.example']], TXT: ['google-site-verification=x', 'v=spf1 mx a:mail.postamt.example -all'] },
  '_postamt.muster.at': { TXT: ['postamt-verification=abc123'] },
  'pa1._domainkey.muster.at': { TXT: [dkimValue(rsa)] },
  'pa2._domainkey.muster.at': { TXT: [dkimValue(ed25519)] },
  '_dmarc.muster.at': { TXT: ['v=DMARC1; p=none'] },
};

let server: DnsServer;
beforeAll(async () => {
  server = await startDnsServer({});
});
afterAll(() => server.close());

const check = (zone: DnsZone, facts: Partial<DomainFacts> = {}, more: Partial<HostFacts> = {}) => {
  server.zone = zone;
  return checkRecords({ ...domain, ...facts }, { ...host, ...more }, createLookup([server.address]));
};
const look = async (...given: Parameters<typeof check>): Promise<DnsReport> => (await check(...given)).report;

describe('expected records', () => {
  it('are golden', () =>
    expect(`${JSON.stringify(expectedRecords(domain, host), null, 2)}\n`).toMatchFileSnapshot('../fixtures/client-setup/dns-records.json'));
  it('with CNAMEs for the keys are golden', () => {
    const { dkim } = expectedRecords(domain, { ...host, dkimZone: 'dkim.postamt.example' });
    return expect(`${JSON.stringify(dkim, null, 2)}\n`).toMatchFileSnapshot('../fixtures/client-setup/dkim-cnames.json');
  });
  it('as a zone file are golden', () =>
    expect(zoneFile(expectedRecords(domain, host))).toMatchFileSnapshot('../fixtures/client-setup/muster.at.zone'));
});

describe('a live check', () => {
  it('finds everything right', async () => {
    const report = await look(complete);
    expect(report).toMatchObject({
      ownership: { state: 'right' },
      mx: { state: 'right' },
      spf: { state: 'right' },
      dkim: { state: 'right' },
      dmarc: { state: 'right', remark: 'watching' },
    });
    expect(domainState(report, { verified: true, mailboxes: 1 })).toEqual({ sentence: 'ready', open: 0, next: null });
  });

  it('says "missing" only when the name server says that there is none', async () => {
    const report = await look({});
    expect(Object.fromEntries(Object.entries(report).map(([kind, { state }]) => [kind, state]))).toEqual({
      ownership: 'missing',
      mx: 'missing',
      spf: 'missing',
      dkim: 'missing',
      dmarc: 'missing',
      sts: 'note',
      tlsrpt: 'note',
      setup: 'note',
    });
  });

  it('says "unknown" when the name server is silent or not there', async () => {
    const silent = await look(Object.fromEntries(Object.keys(complete).map((name) => [name, 'silent'])));
    const { report: nobody, keys } = await checkRecords(domain, host, createLookup(['127.0.0.1:9']));
    expect(keys).toEqual([]);
    for (const report of [silent, nobody]) {
      expect(new Set([report.ownership.state, report.mx.state, report.spf.state, report.dkim.state, report.dmarc.state])).toEqual(
        new Set(['unknown']),
      );
      expect(domainState(report, { verified: true, mailboxes: 1 })).toEqual({ sentence: 'unknown', open: 0, next: null });
    }
  });

  it.each<[string, DnsZone, Partial<Record<keyof DnsReport, object>>]>([
    [
      'the old provider’s MX',
      { 'muster.at': { MX: [[10, 'mx.alt.example']] } },
      { mx: { state: 'wrong', remark: 'elsewhere', found: ['10 mx.alt.example'] } },
    ],
    [
      'the old provider before us',
      {
        'muster.at': {
          MX: [
            [20, 'mail.postamt.example'],
            [10, 'mx.alt.example'],
          ],
        },
      },
      { mx: { state: 'wrong', remark: 'elsewhere-first' } },
    ],
    [
      'the old provider as a spare',
      {
        'muster.at': {
          MX: [
            [10, 'mail.postamt.example'],
            [20, 'mx.alt.example'],
          ],
        },
      },
      { mx: { state: 'note', remark: 'also-elsewhere' } },
    ],
    [
      'the old provider beside us',
      {
        'muster.at': {
          MX: [
            [10, 'mail.postamt.example'],
            [10, 'mx.alt.example'],
          ],
        },
      },
      { mx: { state: 'wrong', remark: 'elsewhere-first' } },
    ],
    [
      'another SPF',
      { 'muster.at': { TXT: ['v=spf1 include:alt.example ~all'] } },
      { spf: { state: 'wrong', remark: 'not-allowed', suggestion: 'v=spf1 include:alt.example a:mail.postamt.example ~all' } },
    ],
    [
      'our host behind `all`, where nobody looks',
      { 'muster.at': { TXT: ['v=spf1 include:alt.example ~all a:mail.postamt.example'] } },
      { spf: { state: 'wrong', remark: 'not-allowed', suggestion: 'v=spf1 include:alt.example a:mail.postamt.example ~all' } },
    ],
    [
      '`+all` behind `-all`, where nobody looks',
      { 'muster.at': { TXT: ['v=spf1 a:mail.postamt.example -all +all include:alt.example'] } },
      { spf: { state: 'right', remark: 'allowed' } },
    ],
    [
      'two SPF',
      { 'muster.at': { TXT: ['v=spf1 a:mail.postamt.example -all', 'v=spf1 -all'] } },
      { spf: { state: 'wrong', remark: 'several' } },
    ],
    [
      'SPF for everybody',
      { 'muster.at': { TXT: ['v=spf1 a:mail.postamt.example +all'] } },
      { spf: { state: 'wrong', remark: 'everybody' } },
    ],
    [
      'SPF by mx while the MX is elsewhere',
      { 'muster.at': { MX: [[10, 'mx.alt.example']], TXT: ['v=spf1 mx -all'] } },
      { spf: { state: 'wrong' } },
    ],
    ['another DKIM key', { 'pa1._domainkey.muster.at': { TXT: ['v=DKIM1; p=OTHER'] } }, { dkim: { state: 'wrong', remark: 'other-key' } }],
    [
      'DMARC without a policy',
      { '_dmarc.muster.at': { TXT: ['v=DMARC1; rua=mailto:x@y.at'] } },
      { dmarc: { state: 'wrong', remark: 'no-policy' } },
    ],
    ['DMARC in letters that no receiver takes', { '_dmarc.muster.at': { TXT: ['v=dmarc1; p=none'] } }, { dmarc: { state: 'missing' } }],
    ['DMARC with blanks', { '_dmarc.muster.at': { TXT: ['v = DMARC1 ; p=none'] } }, { dmarc: { state: 'right', remark: 'watching' } }],
    ['no MTA-STS', {}, { sts: { state: 'note', remark: 'none' } }],
    ['an older MTA-STS', { '_mta-sts.muster.at': { TXT: ['v=STSv1; id=20200101;'] } }, { sts: { state: 'note', remark: 'other' } }],
    ['our MTA-STS', { '_mta-sts.muster.at': { TXT: [stsRecordValue(host)] } }, { sts: { state: 'right', remark: 'testing' } }],
    [
      'two MTA-STS',
      { '_mta-sts.muster.at': { TXT: ['v=STSv1; id=1;', 'v=STSv1; id=2;'] } },
      { sts: { state: 'wrong', remark: 'several' } },
    ],
    ['no wish for TLS reports', {}, { tlsrpt: { state: 'note', remark: 'none' } }],
    [
      'TLS reports that come here',
      { '_smtp._tls.muster.at': { TXT: ['v=TLSRPTv1; rua=https://x.example/,mailto:TLS-reports@mail.postamt.example'] } },
      { tlsrpt: { state: 'right', remark: 'here' } },
    ],
    [
      'TLS reports that go elsewhere',
      { '_smtp._tls.muster.at': { TXT: ['v=TLSRPTv1; rua=mailto:x@y.example'] } },
      { tlsrpt: { state: 'note', remark: 'other' } },
    ],
    [
      'two wishes for TLS reports',
      { '_smtp._tls.muster.at': { TXT: ['v=TLSRPTv1; rua=mailto:x@y.example', 'v=TLSRPTv1; rua=mailto:z@y.example'] } },
      { tlsrpt: { state: 'wrong', remark: 'several' } },
    ],
    [
      'another token',
      { '_postamt.muster.at': { TXT: ['postamt-verification=wrong'] } },
      { ownership: { state: 'wrong', remark: 'other' } },
    ],
  ])('sees %s', async (_, zone, expected) => expect(await look(zone)).toMatchObject(expected));

  it('has a sentence for every remark, in both languages', () => {
    const remarks = {
      ownership: ['none', 'other', 'confirmed'],
      mx: ['none', 'elsewhere', 'elsewhere-first', 'also-elsewhere', 'here'],
      spf: ['none', 'several', 'not-allowed', 'everybody', 'others-too', 'allowed'],
      dkim: ['none', 'other-key', 'by-text', 'renewing', 'rsa-only', 'host-pending', 'signed'],
      dmarc: ['none', 'several', 'no-policy', 'watching', 'quarantine', 'reject'],
      sts: ['none', 'several', 'other', 'testing', 'enforce'],
      tlsrpt: ['none', 'several', 'other', 'here'],
      setup: ['none', 'partly', 'complete'],
    };
    for (const language of ['de', 'en'] as const) {
      const { dns } = messagesFor(language).panel;
      for (const [kind, all] of Object.entries(remarks))
        expect(Object.keys(dns[kind as keyof typeof remarks]).toSorted()).toEqual(all.toSorted());
    }
  });
});

describe('the next step', () => {
  it('is the proof of ownership, then the mailboxes, then the MX record', async () => {
    const report = await look({});
    expect(domainState(null, { verified: false, mailboxes: 0 }).next).toBe('ownership');
    expect(domainState(report, { verified: false, mailboxes: 0 })).toEqual({ sentence: 'waiting', open: 1, next: 'ownership' });
    expect(domainState(report, { verified: true, mailboxes: 0 })).toEqual({ sentence: 'receivingOpen', open: 4, next: 'mailboxes' });
    expect(domainState(report, { verified: true, mailboxes: 2 }).next).toBe('mx');
    const receiving = await look({ 'muster.at': { MX: [[10, 'mail.postamt.example']] } });
    expect(domainState(receiving, { verified: true, mailboxes: 2 })).toEqual({ sentence: 'sendingOpen', open: 3, next: 'dkim' });
    expect(worstFirst(receiving)[0]).not.toBe('setup');
  });
});

describe('keys for signatures', () => {
  const cname = (selector: string) => `${selector}.muster.at.dkim.postamt.example`;
  const zone = { dkimZone: 'dkim.postamt.example' };
  const behind = { selector: 'postamt1', algorithm: 'rsa', publicKey: 'NEXT', use: 'signs', seen: false } as const;
  const beside = { ...ed25519, selector: 'postamt2', seen: false };
  const cnames: DnsZone = {
    'postamt1._domainkey.muster.at': { CNAME: cname('postamt1') },
    'postamt2._domainkey.muster.at': { CNAME: cname('postamt2') },
  };
  const published: DnsZone = {
    [cname('postamt1')]: { TXT: [dkimValue(behind)] },
    [cname('postamt2')]: { TXT: [dkimValue(beside)] },
  };

  it.each<[string, DnsZone, readonly DkimKeyFacts[], object, object]>([
    ['RSA alone', { 'pa1._domainkey.muster.at': { TXT: [dkimValue(rsa)] } }, [rsa, ed25519], {}, { state: 'note', remark: 'rsa-only' }],
    ['Ed25519 alone', { 'pa2._domainkey.muster.at': { TXT: [dkimValue(ed25519)] } }, [rsa, ed25519], {}, { state: 'missing' }],
    [
      'two keys at one name',
      { ...complete, 'pa1._domainkey.muster.at': { TXT: [dkimValue(rsa), 'v=DKIM1; p=OTHER'] } },
      [rsa, ed25519],
      {},
      { state: 'wrong', remark: 'other-key' },
    ],
    [
      'a new key that waits',
      complete,
      [rsa, { ...rsa, selector: 'pa3', publicKey: 'NEXT', use: 'next' }],
      {},
      { state: 'note', remark: 'renewing' },
    ],
    ['CNAMEs and what is behind them', { ...cnames, ...published }, [behind, beside], zone, { state: 'right', remark: 'signed' }],
    ['CNAMEs with nothing behind them', cnames, [behind, beside], zone, { state: 'missing', remark: 'host-pending' }],
    ['no CNAMEs yet', published, [behind, beside], zone, { state: 'missing', remark: 'none' }],
    [
      'a TXT record where CNAMEs could be',
      complete,
      [rsa, ed25519, { ...behind, use: 'next' }],
      zone,
      { state: 'note', remark: 'by-text' },
    ],
  ])('%s', async (_, dns, dkimKeys, more, expected) => expect((await look(dns, { dkimKeys }, more)).dkim).toMatchObject(expected));

  it('are told apart: what the DNS shows, and what it does not', async () => {
    const { keys } = await check({ 'pa1._domainkey.muster.at': { TXT: [dkimValue(rsa)] } });
    expect(keys.map(({ selector, seen }) => [selector, seen])).toEqual([
      ['pa1', true],
      ['pa2', false],
    ]);
  });

  it.each(['rsa', 'ed25519'] as const)('of %s sign what their record verifies', async (algorithm) => {
    const { privateKeyPem, publicKey } = await makeDkimKey(algorithm);
    const bytes = Buffer.from('header');
    const digest = algorithm === 'rsa' ? 'sha256' : null;
    const signature = sign(digest, bytes, createPrivateKey(privateKeyPem));
    const published64 = Buffer.from(publicKey, 'base64');
    // RFC 8463 section 4: of an Ed25519 key its 32 bytes are published, without what says that it is one
    const der = algorithm === 'rsa' ? published64 : Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), published64]);
    expect(verify(digest, bytes, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature)).toBe(true);
  });
});

it('our policy is one that other hosts can follow, and its id changes with it', () => {
  expect(parseStsPolicy(stsPolicyText(host))).toEqual({ mode: 'testing', mx: ['mail.postamt.example'], maxAgeS: 86_400 });
  expect(parseStsRecord([stsRecordValue(host)])).not.toBeNull();
  expect(stsRecordValue({ ...host, stsMode: 'enforce' })).not.toBe(stsRecordValue(host));
});

it('a report that was kept before there was more to look at is still shown', () => {
  expect(keptReport({ mx: { state: 'right', remark: 'here', found: [] } })).toMatchObject({
    mx: { state: 'right' },
    sts: { state: 'unknown' },
    tlsrpt: { state: 'unknown' },
  });
  expect(keptReport(null)).toBeNull();
});
