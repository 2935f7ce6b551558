import { parseDomainName } from '../addresses/domain-name.ts';

/** The domain that a program asks about: of ?emailaddress=, else of the host autoconfig.DOMAIN, else `fallback`. */
export function askedDomain(url: URL, hostHeader: string | null, fallback: string): string {
  const address = url.searchParams.get('emailaddress') ?? '';
  const host = (hostHeader ?? '').replace(/:\d+$/, '');
  const candidate = address.includes('@') ? address.slice(address.lastIndexOf('@') + 1) : host.replace(/^(autoconfig|autodiscover)\./i, '');
  return parseDomainName(candidate) ?? fallback;
}
