import { AddressLexer, type Token } from './address-lexer.ts';
import { decodeEncodedWords } from './decode-encoded-words.ts';
import { nameInDns } from './dns-name.ts';
import { type Address, MISSING_DOMAIN, MISSING_MAILBOX, parseAddresses } from './parse-addresses.ts';

/** More than anybody writes together (RFC 5322 section 3.6.2 allows several). */
const mostAuthors = 20;
const mostCharacters = 16_384;

/**
 * The mailboxes of an author field (From, Sender, Resent-From) as all of us show them: groups opened (RFC 6854), and what has no address
 * taken as part of the name behind it, since `Muster, Max <max@muster.at>` is one person whose program forgot the quotes. If nothing in
 * the field is an address, what stands there.
 */
export function parseAuthors(field: string, maxAddresses: number): Address[] {
  const list = parseAddresses(field, maxAddresses);
  if (!list.some(isMailbox)) return list;
  const authors: Address[] = [];
  let names: string[] = [];
  for (const entry of list) {
    if (isMailbox(entry)) {
      authors.push(names.length === 0 ? entry : { ...entry, name: [...names, entry.name ?? ''].filter((name) => name !== '').join(', ') });
      names = [];
    } else if (entry.mailbox !== null && entry.host !== null) {
      names.push(entry.name ?? (entry.mailbox === MISSING_MAILBOX ? '' : entry.mailbox));
    }
  }
  return authors;
}

const isMailbox = ({ mailbox, host }: Address): boolean =>
  mailbox !== null && mailbox !== MISSING_MAILBOX && host !== null && host !== MISSING_DOMAIN;

export interface AuthorMailbox {
  /** decoded, the domain in A-label form and lower case */
  local: string;
  domain: string;
}

/** Who wrote a message by its author field, and who else some program might take for him. */
export interface FieldAuthors {
  mailboxes: [AuthorMailbox, ...AuthorMailbox[]];
  /** what stands before and behind every @ outside quotes and comments, if it could be an address; the mailboxes among them */
  candidates: AuthorMailbox[];
}

/**
 * Determines the author that a field (one byte a character, unfolded) names, or null where that cannot be said: no address, control
 * characters, which cut the text in some programs, names that no DNS could hold, or more than anybody writes.
 */
export function determineAuthors(field: string): FieldAuthors | null {
  if (field.length > mostCharacters || hasControl(field) || hidesAddress(field)) return null;
  const mailboxes: AuthorMailbox[] = [];
  for (const { mailbox, host } of parseAuthors(field, mostAuthors + 1)) {
    const author = authorMailbox(mailbox ?? '', host ?? '');
    if (!author) return null;
    mailboxes.push(author);
  }
  const [first, ...others] = mailboxes;
  if (!first || others.length >= mostAuthors) return null;
  const domains = new Set(mailboxes.map(({ domain }) => domain));
  const elsewhere = addressesAnywhere(field).filter(({ local, domain }) => local !== '' || !domains.has(domain));
  const candidates = [first, ...others, ...elsewhere];
  const known = new Map(candidates.map((each) => [`${each.local}@${each.domain}`.toLowerCase(), each]));
  return known.size > mostAuthors ? null : { mailboxes: [first, ...others], candidates: [...known.values()] };
}

function authorMailbox(mailbox: string, host: string): AuthorMailbox | null {
  const local = decoded(mailbox);
  const domain = nameInDns(decoded(host));
  // an encoded word is none in an address (RFC 2047 section 5), but some programs decode it: then another address is shown
  return domain === null || local === '' || mailbox === MISSING_MAILBOX || host === MISSING_DOMAIN || local.includes('=?')
    ? null
    : { local, domain };
}

/** Every local part and domain around an @, also where another program than ours would look for the author. */
function addressesAnywhere(field: string): AuthorMailbox[] {
  const found: AuthorMailbox[] = [];
  const lexers = [new AddressLexer(field)];
  for (let lexer = lexers.pop(); lexer && found.length <= mostAuthors; lexer = lexers.pop()) {
    let local: Token | null = null;
    let domain: Token[] | null = null;
    const note = (): void => {
      const host = domain ? nameInDns(decoded(domain.map(({ text }) => text).join(''))) : null;
      if (host?.includes('.')) found.push({ local: decoded(local?.text ?? ''), domain: host });
      domain = null;
    };
    let last: Token | null = null;
    for (let token = lexer.next(); token !== null && found.length <= mostAuthors; token = lexer.next()) {
      if (token.kind === 'at') {
        note();
        local = last;
        domain = [];
      } else if (token.kind === 'word' && domain !== null && goesOn(domain, token)) domain.push(token);
      else note();
      if (token.kind === 'angle') lexers.push(new AddressLexer(token.text));
      last = token.kind === 'word' ? token : null;
    }
    note();
  }
  return found;
}

const goesOn = (domain: readonly Token[], token: Token): boolean =>
  domain.length === 0 || !token.spaced || token.text.startsWith('.') || (domain.at(-1)?.text.endsWith('.') ?? false);

const decoded = (text: string): string => (/[\x80-\xff]/.test(text) ? Buffer.from(text, 'latin1').toString() : text);

/** Programs that decode encoded words before they look for commas find an author in them, where no brackets say who it is. */
const hidesAddress = (field: string): boolean =>
  field.includes('=?') && !field.includes('<') && decodeEncodedWords(field).split('@').length > field.split('@').length;

function hasControl(field: string): boolean {
  for (let at = 0; at < field.length; at++) {
    const code = field.charCodeAt(at);
    if ((code < 32 && code !== 9) || code === 127) return true;
  }
  return false;
}
