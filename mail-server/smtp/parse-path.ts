import { parseDomainName } from '../../lib/addresses/domain-name.ts';
import { parseEmailAddress, type EmailAddress } from '../../lib/addresses/email-address.ts';

export interface PathArgument {
  /** what stood between the angle brackets */
  path: string;
  /** upper-case keyword → value, or null where none was given */
  parameters: ReadonlyMap<string, string | null>;
}

/** Splits "FROM:<path> KEY=value …" (RFC 5321 section 4.1.2). Null if it is not one. A space behind the colon is forgiven. */
export function parsePathArgument(argument: string, keyword: 'FROM' | 'TO'): PathArgument | null {
  const matched = /^(FROM|TO): ?<([^<>]*)>((?: +[^ ]+)*) *$/i.exec(argument);
  if (matched?.[1]?.toUpperCase() !== keyword) return null;
  const parameters = new Map<string, string | null>();
  for (const word of (matched[3] ?? '').split(' ')) {
    if (word === '') continue;
    const parameter = /^([A-Za-z0-9][A-Za-z0-9-]*)(?:=([^=\s]+))?$/.exec(word);
    const name = parameter?.[1]?.toUpperCase();
    if (!name || parameters.has(name)) return null;
    parameters.set(name, parameter?.[2] ?? null);
  }
  return { path: matched[2] ?? '', parameters };
}

/** A mailbox in an envelope. `text` goes on the wire (the local part as given, RFC 5321 section 2.4); `address` is compared. */
export interface MailPath {
  text: string;
  address: EmailAddress;
}

/**
 * The address of a RCPT or of a submitted MAIL: exactly one plain address. Quoted local parts, source routes, address literals and
 * everything else that could mean another mailbox than it seems to are refused.
 */
export function parseMailPath(path: string): MailPath | null {
  if (/[\s\p{Cc}\p{Cf}]/u.test(path) || path.endsWith('.')) return null;
  const address = parseEmailAddress(path);
  if (!address) return null;
  const at = path.lastIndexOf('@');
  const domain = parseDomainName(path.slice(at + 1));
  return domain ? { text: `${path.slice(0, at).normalize('NFC')}@${domain}`, address } : null;
}

// Senders elsewhere have addresses that no mailbox here has: quoted, on an address literal, with doubled dots, on a host without dots.
const foreignSender =
  /^(?:[\p{L}\p{N}\p{M}.!#$%&'*+/=?^_`{|}~-]{1,64}|"(?:[^"\\\p{Cc}]|\\[^\p{Cc}]){0,62}")@(?:[\p{L}\p{N}\p{M}.-]{1,253}|\[[0-9a-zA-Z.:-]{3,60}\])$/u;

/** The reverse-path of mail from outside, as given. Null if it is no mailbox at all. The empty path is not for this function. */
export function parseReversePath(path: string): string | null {
  return Buffer.byteLength(path) <= 254 && foreignSender.test(path) ? path : null;
}

export const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);
