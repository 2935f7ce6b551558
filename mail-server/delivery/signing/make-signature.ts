import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { headerEnd } from '../../../lib/mime/read-header.ts';
import { headerToSign } from './header-to-sign.ts';

export interface SigningKey {
  selector: string;
  /** PEM, RSA or Ed25519 */
  privateKey: string;
}

export interface SignTask {
  message: Uint8Array;
  domain: string;
  /** each makes a signature of its own (RFC 8463 section 3): hosts that know one algorithm only pass over the other */
  keys: readonly SigningKey[];
}

/**
 * DKIM-Signature fields (RFC 6376) with their line ends, in the order of the keys, and why one of them could not be made. Our own, since the
 * library that verifies cannot sign that a field is absent (decision 142).
 */
export function makeSignature({ message, domain, keys }: SignTask): { signature: string; fault?: unknown } {
  const content = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  const { fields, names } = headerToSign(content);
  const start = headerEnd(content);
  const bodyHash = hashBody(content.subarray(start + (content[start] === 13 ? 2 : 1)));
  const made: { signature: string; fault?: unknown } = { signature: '' };
  for (const { selector, privateKey } of keys) {
    try {
      const key = createPrivateKey(privateKey);
      const tags = [
        `v=1; a=${key.asymmetricKeyType}-sha256; c=relaxed/relaxed; d=${domain};`,
        `s=${selector}; t=${Math.floor(Date.now() / 1000)};`,
        ...wrapped(`h=${names.join(': ')};`),
        `bh=${bodyHash};`,
        'b=',
      ];
      const covered = Buffer.concat([fields, Buffer.from(`dkim-signature:${tags.join(' ')}`)]);
      const value = signatureOf(covered, key).match(/.{1,72}/g) ?? [];
      made.signature += `DKIM-Signature: ${tags.join('\r\n ')}${value.join('\r\n ')}\r\n`;
    } catch (fault) {
      made.fault ??= fault;
    }
  }
  return made;
}

/** RFC 8463 section 3: Ed25519 signs the hash. */
const signatureOf = (covered: Buffer, key: KeyObject): string =>
  (key.asymmetricKeyType === 'rsa'
    ? sign('sha256', covered, key)
    : sign(null, createHash('sha256').update(covered).digest(), key)
  ).toString('base64');

/** In lines of 76 characters, at blanks. */
const wrapped = (text: string): string[] => text.match(/\S.{0,74}(?= |$)/g) ?? [];

const pieceBytes = 65_536;

/** The hash of a body in relaxed canonicalization (RFC 6376 section 3.4.4). A line feed alone ends a line too: hosts on the way make it CRLF. */
function hashBody(body: Buffer): string {
  const hash = createHash('sha256');
  let lineEnds = 0;
  let isEmpty = true;
  for (let start = 0; start < body.length; ) {
    const lineFeed = body.indexOf(10, start + pieceBytes);
    const end = lineFeed < 0 ? body.length : lineFeed + 1;
    const text = relaxedLines(body.toString('latin1', start, end));
    let length = text.length;
    while (text.endsWith('\r\n', length)) length -= 2;
    if (length > 0) {
      hash.update('\r\n'.repeat(lineEnds)).update(text.slice(0, length), 'latin1');
      isEmpty = false;
      lineEnds = 0;
    }
    lineEnds += (text.length - length) / 2;
    start = end;
  }
  return (isEmpty ? hash : hash.update('\r\n')).digest('base64');
}

const relaxedLines = (text: string): string => text.replace(/[ \t]+/g, ' ').replace(/ ?\r?\n| $/g, (end) => (end === ' ' ? '' : '\r\n'));
