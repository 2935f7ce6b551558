import { webcrypto } from 'node:crypto';
import { fromBER } from 'asn1js';
import * as pkijs from 'pkijs';
import { unwrapSigned } from '../../mime/signed-content.ts';

/**
 * What an S/MIME signature (RFC 8551) proves. That its certificate was issued to whom it names, it does not: we keep no list of issuers, so
 * the issuer is told and not believed.
 */
export interface SignatureFinding {
  /** unchanged: what was signed is what came; changed: it is not; unreadable: no signature that we could check */
  state: 'unchanged' | 'changed' | 'unreadable';
  /** whom the certificate names; empty if nobody */
  name: string;
  /** addresses that the certificate is for, lower case */
  addresses: string[];
  issuer: string;
  /** ISO 8601: the certificate was no longer valid then, or not yet; empty: it is valid */
  invalidSince: string;
}

const unreadable: SignatureFinding = { state: 'unreadable', name: '', addresses: [], issuer: '', invalidSince: '' };
const signedDataType = '1.2.840.113549.1.7.2';
const largestSignature = 12 * 1024 * 1024;

function readSignedData(der: Uint8Array): pkijs.SignedData | null {
  if (der.length > largestSignature || der[0] !== 0x30) return null;
  try {
    const asn1 = fromBER(bufferOf(der));
    if (asn1.offset === -1) return null;
    const info = new pkijs.ContentInfo({ schema: asn1.result });
    return info.contentType === signedDataType ? new pkijs.SignedData({ schema: info.content }) : null;
  } catch {
    return null;
  }
}

const bufferOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

/** `signed`: the bytes that a signature beside them is for; null: they are inside. Runs in a worker. */
export async function verifySignature(signed: Uint8Array | null, der: Uint8Array, now: number): Promise<SignatureFinding> {
  const data = readSignedData(der);
  // What is inside is read by what shows it: this reader leaves out pieces in pieces, in which somebody else could write. And beside a text nothing
  // inside counts, or what was signed once would prove any other text.
  const content = signed ?? unwrapSigned(der);
  if (data === null || data.signerInfos.length === 0 || content === null) return unreadable;
  delete data.encapContentInfo.eContent;
  const subtle = webcrypto as unknown as Crypto;
  const engine = new pkijs.CryptoEngine({ name: 'node', crypto: subtle });
  pkijs.setEngine('node', engine);
  const certificate = await signerOf(data, engine);
  if (certificate === null) return unreadable;
  const about = describe(certificate, now);
  try {
    const params = { signer: 0, checkChain: false, data: bufferOf(content) };
    return { ...about, state: (await data.verify(params, engine)) ? 'unchanged' : 'changed' };
  } catch (error) {
    // the digest of the text is compared before the signature
    const changed = error instanceof Error && /digest|hash/i.test(error.message);
    return { ...about, state: changed ? 'changed' : 'unreadable' };
  }
}

async function signerOf(data: pkijs.SignedData, engine: pkijs.ICryptoEngine): Promise<pkijs.Certificate | null> {
  const id = data.signerInfos[0]?.sid;
  const certificates = (data.certificates ?? []).filter((one) => one instanceof pkijs.Certificate);
  for (const certificate of certificates) {
    if (id instanceof pkijs.IssuerAndSerialNumber) {
      if (certificate.issuer.isEqual(id.issuer) && certificate.serialNumber.isEqual(id.serialNumber)) return certificate;
    } else if (id?.valueBlock) {
      const key = certificate.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView;
      const digest = Buffer.from(await engine.digest({ name: 'sha-1' }, bufferOf(key)));
      if (digest.equals(Buffer.from(id.valueBlock.valueHexView ?? new Uint8Array()))) return certificate;
    }
  }
  return null;
}

const commonName = '2.5.4.3';
const organization = '2.5.4.10';
const emailAddress = '1.2.840.113549.1.9.1';
const alternativeNames = '2.5.29.17';
const longest = 200;

function describe(certificate: pkijs.Certificate, now: number): SignatureFinding {
  const addresses = new Set(valuesOf(certificate.subject, emailAddress));
  const names = certificate.extensions?.find(({ extnID }) => extnID === alternativeNames)?.parsedValue as pkijs.AltName | undefined;
  for (const { type, value } of names?.altNames?.slice(0, 50) ?? []) if (type === 1 && typeof value === 'string') addresses.add(value);
  const [from, to] = [certificate.notBefore.value, certificate.notAfter.value];
  return {
    ...unreadable,
    name: valuesOf(certificate.subject, commonName)[0] ?? '',
    addresses: [...addresses].map((address) => address.toLowerCase().slice(0, longest)),
    issuer: valuesOf(certificate.issuer, organization)[0] ?? valuesOf(certificate.issuer, commonName)[0] ?? '',
    invalidSince: now > to.getTime() ? to.toISOString() : now < from.getTime() ? from.toISOString() : '',
  };
}

const valuesOf = (name: pkijs.RelativeDistinguishedNames, type: string): string[] =>
  name.typesAndValues
    .filter((one) => one.type === type)
    .map((one) =>
      String(one.value.valueBlock.value)
        .replace(/\p{Cc}/gu, ' ')
        .trim()
        .slice(0, longest),
    );
