export type DkimAlgorithm = 'rsa' | 'ed25519';

export interface PublishedKey {
  selector: string;
  algorithm: DkimAlgorithm;
  /** base64: of the SubjectPublicKeyInfo for RSA, of the key itself for Ed25519 (RFC 8463 section 4) */
  publicKey: string;
}

export const dkimValue = ({ algorithm, publicKey }: Pick<PublishedKey, 'algorithm' | 'publicKey'>): string =>
  `v=DKIM1; k=${algorithm}; p=${publicKey}`;

export const dkimName = (selector: string, domain: string): string => `${selector}._domainkey.${domain}`;

/** Tags of a DKIM or DMARC record (RFC 6376 section 3.2). */
export const recordTags = (record: string): Map<string, string> =>
  new Map(
    record
      .split(';')
      .map((part) => part.split('='))
      .map(([name = '', ...value]) => [name.trim().toLowerCase(), value.join('=').replaceAll(/\s/g, '')]),
  );

/** Whether TXT records lead others to this key. With several nobody knows which one they take (RFC 6376 section 3.6.2.2). */
export function showsKey(records: readonly string[], { algorithm, publicKey }: Pick<PublishedKey, 'algorithm' | 'publicKey'>): boolean {
  const [record, ...more] = records;
  if (record === undefined || more.length > 0) return false;
  const tags = recordTags(record);
  return tags.get('p') === publicKey && (tags.get('k') ?? 'rsa').toLowerCase() === algorithm;
}
