import { isAddressLiteral } from './address-literal.ts';
import { parseEmailAddress, type EmailAddress } from './email-address.ts';
import { parseForeignDomain } from './foreign-domain.ts';
import { normalForm } from '../mime/normal-form.ts';

/** A mailbox as it stands in an envelope, here or elsewhere. */
export interface EnvelopePath {
  /** for the wire: the local part as it was given (RFC 5321 section 2.4), without source route and without quotes that say nothing */
  text: string;
  /** A-labels in lower case, or an address literal */
  domain: string;
  /** what a mailbox of ours would be called; null for an address that none of ours can have */
  own: EmailAddress | null;
}

/** RFC 5321 section 4.5.3.1.3: 256 octets, with the angle brackets */
const mostBytes = 254;

// Atoms of RFC 5322, UTF-8 of RFC 6531, and dots anywhere: "a..b@" and "a.@" exist, and whose they are is not ours to judge.
const dotted = /^(?:[a-zA-Z0-9!#$%&'*+/=?^_`{|}~.-]|[^\p{ASCII}\p{C}\p{Z}])+$/u;
const quoted = /^"((?:[^"\\\p{C}\p{Zl}\p{Zp}]|\\[\x20-\x7e])*)"$/u;
/** RFC 5321 appendix C: routes must be taken and should be ignored */
const sourceRoute = /^@[^\s@:,"<>]+(?:,@[^\s@:,"<>]+)*:/;

/** What stands between the angle brackets, however long its local part. Null if it names no mailbox anywhere. */
export function parseEnvelopePath(input: string): EnvelopePath | null {
  const path = input.replace(sourceRoute, '');
  const at = path.lastIndexOf('@');
  if (at < 1 || Buffer.byteLength(path) > mostBytes) return null;
  const local = path.slice(0, at);
  const plain = unquoted(local);
  if (plain === null) return null;
  const given = path.slice(at + 1);
  const domain = given.startsWith('[') ? (isAddressLiteral(given) ? given : null) : parseForeignDomain(given);
  if (!domain) return null;
  // a blank at either end counts, and only a quoted local part can have one
  const own = plain.trim() === plain ? parseEmailAddress(`${plain}@${domain}`) : null;
  return { text: `${own ? normalForm(plain, 'NFC') : local}@${domain}`, domain, own };
}

/** The local part without quotes (RFC 5321 section 4.1.2: "max" and max are one mailbox), or null if it is none. */
function unquoted(local: string): string | null {
  const inner = quoted.exec(local)?.[1];
  if (inner !== undefined) return inner.replace(/\\(.)/g, '$1');
  return dotted.test(local) ? local : null;
}
