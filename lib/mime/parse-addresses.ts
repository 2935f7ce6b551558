import { AddressLexer, type Token } from './address-lexer.ts';

/**
 * One entry of an address list, the way RFC 9051 section 7.5.2 lays it out; one byte a character, encoded words not decoded.
 * Group start: mailbox is the group's name, host null. Group end: all null.
 */
export interface Address {
  name: string | null;
  route: string | null;
  mailbox: string | null;
  host: string | null;
}

/** Stand in for what an address lacks, because NIL would mean a group. The same words as Dovecot's, so clients know them. */
export const MISSING_MAILBOX = 'MISSING_MAILBOX';
export const MISSING_DOMAIN = 'MISSING_DOMAIN';

const GROUP_END: Address = { name: null, route: null, mailbox: null, host: null };

/**
 * Address list of RFC 5322 section 3.4 with its obsolete forms (4.4) and what is seen in practice. Never fails, linear time. At most
 * `maxAddresses` entries are read.
 */
export function parseAddresses(field: string, maxAddresses: number): Address[] {
  const lexer = new AddressLexer(field);
  const list: Address[] = [];
  let inGroup = false;
  let entry = new Entry();
  for (let token = lexer.next(); token !== null && list.length < maxAddresses; token = lexer.next()) {
    if (token.kind === 'word' || token.kind === 'at') entry.add(token);
    else if (token.kind === 'comment') entry.comment ??= token.text;
    else if (token.kind === 'angle') entry.angle ??= parseAngle(token.text);
    else if (token.kind === 'colon') {
      // "group:"; a second colon, or one behind an address, means nothing
      if (inGroup || entry.isAddress) continue;
      list.push({ name: null, route: null, mailbox: phrase(entry.words), host: null });
      inGroup = true;
      entry = new Entry();
    } else {
      entry.finish(list);
      entry = new Entry();
      if (token.kind === 'semicolon' && inGroup) {
        list.push(GROUP_END);
        inGroup = false;
      }
    }
  }
  entry.finish(list);
  if (inGroup) list.push(GROUP_END);
  return list;
}

class Entry {
  words: Token[] = [];
  domain: Token[] | null = null;
  angle: Address | null = null;
  comment: string | null = null;

  get isAddress(): boolean {
    return this.domain !== null || this.angle !== null;
  }

  add(token: Token): void {
    if (this.angle !== null) return;
    if (token.kind === 'at') {
      // a second @: what was taken for the domain belongs to the local part
      if (this.domain !== null) this.words.push({ kind: 'word', text: '@', spaced: false }, ...this.domain);
      this.domain = [];
    } else if (this.domain === null) this.words.push(token);
    // a word behind the domain, but not of it, means nothing
    else if (!token.spaced || this.domain.length === 0 || joinsDomain(this.domain, token)) this.domain.push(token);
  }

  finish(list: Address[]): void {
    if (this.angle !== null) {
      list.push({ ...this.angle, name: this.words.length > 0 || this.domain ? this.displayName() : this.comment });
      return;
    }
    if (this.domain !== null) {
      const { name, local } = splitLocalPart(this.words);
      const mailbox = join(local) || MISSING_MAILBOX;
      list.push({ name: name.length > 0 ? phrase(name) : this.comment, route: null, mailbox, host: join(this.domain) || MISSING_DOMAIN });
      return;
    }
    if (this.words.length === 0) return;
    // a single word is a local user, several are a name without an address
    const single = this.words.length === 1;
    list.push({
      name: single ? this.comment : phrase(this.words),
      route: null,
      mailbox: single ? phrase(this.words) || MISSING_MAILBOX : MISSING_MAILBOX,
      host: MISSING_DOMAIN,
    });
  }

  /** Name before an angle address; some write `max@muster.at <max@muster.at>` unquoted. */
  private displayName(): string {
    return this.domain === null ? phrase(this.words) : `${phrase(this.words)}@${join(this.domain)}`;
  }
}

/** What stands between < and >: optional route, local part, domain (RFC 5322 section 4.4 obs-angle-addr). */
function parseAngle(text: string): Address {
  const lexer = new AddressLexer(text);
  let route: string | null = null;
  let tokens: Token[] = [];
  let lastAt = -1;
  for (let token = lexer.next(); token !== null; token = lexer.next()) {
    if (token.kind === 'colon' && route === null && tokens[0]?.kind === 'at') {
      route = join(tokens);
      tokens = [];
      lastAt = -1;
    } else if (token.kind === 'word' || token.kind === 'at') {
      if (token.kind === 'at') lastAt = tokens.length;
      tokens.push(token);
    } else if (token.kind !== 'comment') tokens.push({ kind: 'word', text: token.text, spaced: false });
  }
  // no address at all: words, as browsers write them who saved a page as a letter
  const local = lastAt < 0 ? phrase(tokens) : join(tokens.slice(0, lastAt));
  const domain = lastAt < 0 ? '' : join(tokens.slice(lastAt + 1));
  return { name: null, route, mailbox: local || MISSING_MAILBOX, host: domain || MISSING_DOMAIN };
}

/** In `Max Muster max@muster.at` the local part is the last word, with what dots join to it. */
function splitLocalPart(words: Token[]): { name: Token[]; local: Token[] } {
  let start = words.length - 1;
  while (start > 0) {
    const word = words[start];
    const before = words[start - 1];
    if (word === undefined || before === undefined) break;
    if (word.spaced && !word.text.startsWith('.') && !before.text.endsWith('.')) break;
    start--;
  }
  return { name: words.slice(0, Math.max(start, 0)), local: words.slice(Math.max(start, 0)) };
}

const joinsDomain = (domain: Token[], token: Token): boolean => token.text.startsWith('.') || (domain.at(-1)?.text.endsWith('.') ?? false);
const join = (tokens: Token[]): string => tokens.map((token) => token.text).join('');

function phrase(words: Token[]): string {
  let result = '';
  for (const word of words) result += result !== '' && word.spaced ? ` ${word.text}` : word.text;
  return result;
}
