import { parseDomainName, type DomainName } from '#lib/addresses/domain-name.ts';

/** The domain that the path names ("xn--mller-kva.at", "m%C3%BCller.at"), or null if it is none or not even UTF-8. */
export async function domainFromPath(params: Promise<{ name: string }>): Promise<DomainName | null> {
  const { name } = await params;
  try {
    return parseDomainName(decodeURIComponent(name));
  } catch {
    return null;
  }
}
