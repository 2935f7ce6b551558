import { parseDomainName, type DomainName } from '#lib/addresses/domain-name.ts';

/** The domain that the path names ("xn--mller-kva.at", "m%C3%BCller.at"), or null if it is none. Broken escapes never come here (proxy.ts). */
export async function domainFromPath(params: Promise<{ name: string }>): Promise<DomainName | null> {
  return parseDomainName(decodeURIComponent((await params).name));
}
