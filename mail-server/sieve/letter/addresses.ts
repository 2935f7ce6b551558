import { domainToASCII } from 'node:url';
import { removeComments } from '../../../lib/mime/parse-content-type.ts';
import { decodeWholeWords } from '../../../lib/mime/decode-encoded-words.ts';
import { type Address, MISSING_DOMAIN, MISSING_MAILBOX, parseAddresses } from '../../../lib/mime/parse-addresses.ts';

/** An address cut in two, as tests compare it; quotes of the local part are gone. */
export interface Mailbox {
  local: string;
  domain: string;
}

/** The addresses of a field, groups resolved; what has no local part or domain is left out. */
export function readMailboxes(value: string, maximum: number): Mailbox[] {
  return parseAddresses(value, maximum).flatMap((address) => complete(address) ?? []);
}

function complete({ mailbox, host }: Address): Mailbox | null {
  if (mailbox === null || host === null || mailbox === MISSING_MAILBOX || host === MISSING_DOMAIN) return null;
  return { local: decodeWholeWords(mailbox), domain: decodeWholeWords(host) };
}

/** As tests compare the whole of it: quotes where the local part needs them. */
export const wholeAddress = ({ local, domain }: Mailbox): string =>
  NEEDS_QUOTES.test(local) ? `"${local.replace(/["\\]/g, '\\$&')}"@${domain}` : `${local}@${domain}`;

export const joinMailbox = ({ local, domain }: Mailbox): string => `${local}@${domain}`;

/**
 * One address that mail can be sent to, as redirect and notify want it, alone or with a name: `Eve <eve@example.net>`. Null if it is none,
 * or more than one.
 */
export function readOneAddress(text: string): Mailbox | null {
  if (text.length > MAXIMUM || /[\r\n]/.test(text.trim())) return null;
  const source = (text.includes('(') ? removeComments(text) : text).trim();
  const bare = ANGLE.exec(source)?.[1] ?? source;
  const match = ADDRESS.exec(bare.trim());
  if (match === null) return null;
  const [, local = '', domain = ''] = match;
  // longer than RFC 5321 promises; addresses that carry another one inside them are
  if (local === '""' || local.length > 255 || (!domain.startsWith('[') && !isDomain(domain))) return null;
  return { local: local.startsWith('"') ? local.slice(1, -1).replace(/\\(.)/g, '$1') : local, domain };
}

/** As it stands in the envelope: the domain in small letters unless it is given, quotes where the local part needs them. */
export function writeAddress({ local, domain }: Mailbox, written = domain.toLowerCase()): string {
  const plain = DOT_ATOM.test(local);
  return `${plain ? local : `"${local.replace(/["\\]/g, '\\$&')}"`}@${written}`;
}

/** One address, with or without a display name, as From of an answer may have it. */
export function isMailbox(text: string): boolean {
  if (/[\r\n]/.test(text)) return false;
  const [only, ...others] = parseAddresses(Buffer.from(text).toString('latin1'), 2);
  return only !== undefined && others.length === 0 && complete(only) !== null;
}

const NEEDS_QUOTES = /[\s"(),:;<>@[\\\]]|^\.|\.\.|\.$|^$/;
const MAXIMUM = 1000;
const ANGLE = /^(?:"(?:[^"\\]|\\.)*"|[^<>"@,;:])*<([^<>]*)>$/;
function isDomain(domain: string): boolean {
  const ascii = domainToASCII(domain);
  return ascii !== '' && ascii.length <= 253 && /^[\w-]+(?:\.[\w-]+)*$/.test(ascii);
}

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const ADDRESS = new RegExp(
  `^(\\.*${ATOM}(?:\\.+${ATOM})*\\.*|"(?:[^"\\\\\\x00-\\x1f]|\\\\.)*")\\s*@\\s*(\\[[^\\]\\[\\\\]+\\]|[^\\s@<>()\\[\\]\\\\,;:"]+)$`,
  'u',
);
const DOT_ATOM = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`);
