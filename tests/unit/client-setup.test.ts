import { describe, expect, it } from 'vitest';
import { askedDomain } from '#lib/client-setup/asked-domain.ts';
import { autoconfigXml } from '#lib/client-setup/autoconfig.ts';
import { autodiscoverError, autodiscoverXml, readAutodiscoverRequest } from '#lib/client-setup/autodiscover.ts';
import type { ClientSettings } from '#lib/client-setup/client-settings.ts';
import { mobileconfig } from '#lib/client-setup/mobileconfig.ts';

const settings: ClientSettings = {
  displayName: 'Postamt',
  host: 'mail.postamt.example',
  imaps: 993,
  imap: 143,
  pop3s: 995,
  pop3: 110,
  submissions: 465,
  sieve: 4190,
  submission: 587,
  webUrl: 'https://postamt.example',
};
const golden = (name: string) => `../fixtures/client-setup/${name}`;

describe('programs that ask for their settings get the golden answer', () => {
  it('autoconfig', () => expect(autoconfigXml(settings, 'muster.at')).toMatchFileSnapshot(golden('config-v1.1.xml')));
  it('autodiscover', () => expect(autodiscoverXml(settings, 'max@muster.at')).toMatchFileSnapshot(golden('autodiscover.xml')));
  it('autodiscover, not understood', () =>
    expect(autodiscoverError(600, new Date('2026-11-24T10:54:03.120Z'), 42)).toMatchFileSnapshot(golden('autodiscover-error.xml')));
  it('mobileconfig', () => {
    const ids = { profile: '00000000-0000-4000-8000-000000000001', payload: '00000000-0000-4000-8000-000000000002' };
    return expect(mobileconfig(settings, { address: 'max@muster.at', name: 'Max & Söhne <GmbH>' }, ids)).toMatchFileSnapshot(
      golden('postamt.mobileconfig'),
    );
  });
});

describe('an Outlook request', () => {
  const request = (inner: string) =>
    `<?xml version="1.0"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request>${inner}</Request></Autodiscover>`;
  it('names an address', () => {
    expect(readAutodiscoverRequest(request('<EMailAddress>Max@MUSTER.at</EMailAddress>'))).toBe('max@muster.at');
    expect(readAutodiscoverRequest(request('<a:EMailAddress> max@müller.at </a:EMailAddress>'))).toBe('max@xn--mller-kva.at');
  });
  it('for the answer that phones want from Exchange gets the error for it', () => {
    const asking = (schema: string) =>
      readAutodiscoverRequest(
        request(`<EMailAddress>max@muster.at</EMailAddress><AcceptableResponseSchema>${schema}</AcceptableResponseSchema>`),
      );
    expect(asking('http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006')).toBe(601);
    expect(asking('http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a')).toBe('max@muster.at');
  });
  it.each([
    ['', 'empty'],
    [request(''), 'no address'],
    [request('<EMailAddress>max</EMailAddress>'), 'no domain'],
    [request('<EMailAddress>&x;</EMailAddress>'), 'an entity'],
    [`<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>${request('<EMailAddress>max@muster.at</EMailAddress>')}`, 'a document type'],
    [request(`<EMailAddress>max@muster.at</EMailAddress>${' '.repeat(20_000)}`), 'too long'],
  ])('is refused: %#', (body) => expect(readAutodiscoverRequest(body)).toBe(600));
});

it('the domain comes from the address, else from the host name, else from the installation', () => {
  const asked = (query: string, host: string | null) =>
    askedDomain(new URL(`http://x/mail/config-v1.1.xml${query}`), host, 'mail.postamt.example');
  expect(asked('?emailaddress=max@müller.at', 'localhost:3000')).toBe('xn--mller-kva.at');
  expect(asked('', 'autoconfig.muster.at')).toBe('muster.at');
  expect(asked('', 'localhost:3000')).toBe('mail.postamt.example');
  expect(asked('?emailaddress=%3C/domain%3E', null)).toBe('mail.postamt.example');
});
