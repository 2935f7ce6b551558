import { nameInDns } from '../../../lib/mime/dns-name.ts';
import type { FieldSpan, MessageHeader } from '../../../lib/mime/read-header.ts';

/** Each signature costs a look-up and a hash of the body; of thousands only the topmost are looked at (RFC 6376 section 6.1). */
const mostSignatures = 10;
/** sets of ARC fields (RFC 8617 allows 50; real chains have a handful) */
const mostArcFields = 60;
const longestSignature = 16_384;
const mostSignedNames = 500;
/** A header is tame if it is folded as programs fold; only then can signatures over its exact bytes be checked at a fair price. */
const mostContinuations = 2_000;
const longestGap = 200;

const arcKeys = new Set(['arc-seal', 'arc-message-signature', 'arc-authentication-results']);

export interface Signature {
  field: FieldSpan;
  domain: string;
  selector: string;
  /** names that it covers, lower case; for ARC-Seal none */
  signs: ReadonlySet<string>;
}

/** What of a header the signatures are about, in a form that costs no more than its length to check. */
export interface SignedHeader {
  /** ends with the empty line */
  header: Buffer;
  signatures: Signature[];
  /** domains of signatures that cannot be looked at: malformed, too many, or of a header that no program wrote so */
  unusable: string[];
  arc: Signature[];
}

/**
 * Takes out of a header what its DKIM and ARC signatures cover. The library that checks them needs the square of the time for folded lines
 * and runs of white space. Relaxed canonicalization (RFC 6376 section 3.4.2) makes one space of either, so for it this is done here before,
 * in one pass, and changes nothing; a signature over the exact bytes ("simple") is looked at where these are few. Of a header that ends with lines
 * that are no fields none counts: they are shown as the beginning of the text (forgottenText), and anybody may have put them there.
 */
export function signedHeader(header: MessageHeader): SignedHeader {
  const tame = isTame(header);
  const isOpen = header.fields.at(-1)?.key === '';
  const unusable: string[] = [];
  const signatures: Signature[] = [];
  for (const field of header.named('dkim-signature')) {
    const { signature, simple, domain } = readSignature(header, field);
    if (!signature || isOpen || (simple && !tame) || signatures.length >= mostSignatures) unusable.push(domain ?? '');
    else signatures.push(signature);
  }
  const arc = tame && !isOpen ? arcSignatures(header) : [];
  const wanted = new Set(['from', ...[...signatures, ...arc].flatMap(({ signs }) => [...signs])]);
  const admitted = new Set([...signatures.map(({ field }) => field), ...(arc.length > 0 ? header.fields.filter(isArc) : [])]);
  const kept = header.fields.filter(
    (field) =>
      admitted.has(field) || (wanted.has(field.key) && !isArc(field) && field.key !== 'dkim-signature' && !hasGapBeforeColon(field)),
  );
  const text = kept.map(({ start, end }) => header.block.slice(start, end)).map((field) => withLineEnd(tame ? field : relaxed(field)));
  return {
    header: Buffer.from(`${text.join('')}\r\n`, 'latin1'),
    signatures,
    unusable: unusable.slice(0, mostSignatures - signatures.length),
    arc,
  };
}

/** Fields with runs of white space and folds made one space, the names as they are: what relaxed canonicalization makes of them anyway. */
const relaxed = (field: string): string => `${field.replace(/\r?\n/g, '').replace(/[ \t]+/g, ' ')}\r\n`;
const withLineEnd = (field: string): string => (field.endsWith('\n') ? field : `${field}\r\n`);

function isTame({ block, fields }: MessageHeader): boolean {
  let lines = 0;
  let gap = 0;
  for (let at = 0; at < block.length; at++) {
    const code = block.charCodeAt(at);
    if (code === 10) lines++;
    if (code === 32 || code === 9 || code === 10 || code === 13) gap++;
    else gap = 0;
    if (gap > longestGap) return false;
  }
  return lines - fields.length <= mostContinuations;
}

const hasGapBeforeColon = ({ key, start, valueStart }: FieldSpan): boolean => valueStart - start - key.length > 100;
const isArc = ({ key }: FieldSpan): boolean => arcKeys.has(key);

function arcSignatures(header: MessageHeader): Signature[] {
  const fields = header.fields.filter(isArc);
  if (fields.length > mostArcFields || fields.some(({ start, end }) => end - start > longestSignature)) return [];
  const read = fields
    .filter(({ key }) => key !== 'arc-authentication-results')
    .map((field) => readSignature(header, field, field.key === 'arc-seal').signature);
  return read.includes(null) ? [] : read.filter((signature) => signature !== null);
}

function readSignature(
  header: MessageHeader,
  field: FieldSpan,
  isSeal = false,
): { signature: Signature | null; simple: boolean; domain: string | null } {
  const tags = field.end - field.start > longestSignature ? null : readTags(header.value(field));
  const simple = !isSeal && (tags?.get('c') ?? 'simple').toLowerCase().split('/')[0] !== 'relaxed';
  const domain = nameInDns(tags?.get('d') ?? '');
  const selector = nameInDns(tags?.get('s') ?? '');
  const signs = new Set((tags?.get('h') ?? '').toLowerCase().split(':'));
  // in fields of ARC it is a number
  const identity = field.key === 'dkim-signature' ? tags?.get('i') : undefined;
  const usable = signs.size <= mostSignedNames && (isSeal || signs.has('from')) && isOfDomain(identity, domain);
  const signature = usable && domain?.includes('.') && selector !== null ? { field, domain, selector, signs } : null;
  return { signature, simple, domain };
}

/** On whose behalf it signs, if that is said, is somebody of the domain or of one below it (RFC 6376 section 6.1.1). */
function isOfDomain(identity: string | undefined, domain: string | null): boolean {
  if (identity === undefined || domain === null) return true;
  const name = nameInDns(identity.slice(identity.lastIndexOf('@') + 1));
  return name === domain || (name?.endsWith(`.${domain}`) ?? false);
}

/** tag=value; … (RFC 6376 section 3.2), all white space taken out, which may stand in every value that is read here. Null if one occurs twice. */
function readTags(value: string): Map<string, string> | null {
  const tags = new Map<string, string>();
  for (const tag of value.split(';')) {
    const equals = tag.indexOf('=');
    if (equals < 0) continue;
    const name = tag
      .slice(0, equals)
      .replace(/[ \t]+/g, '')
      .toLowerCase();
    if (tags.has(name)) return null;
    tags.set(name, Buffer.from(tag.slice(equals + 1).replace(/[ \t]+/g, ''), 'latin1').toString());
  }
  return tags;
}

/** The name under which the public key of a signature stands in the DNS. */
export const keyName = ({ domain, selector }: Signature): string => `${selector}._domainkey.${domain}`;
