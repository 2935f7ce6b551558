/** A string is its bytes as latin1, NIL is null, a number a number. */
export type ImapValue = string | number | null | ImapValue[];

/**
 * Reads one parenthesised list of IMAP data (RFC 9051 section 9) strictly, independent of the server's code: throws on anything that a
 * careful client would stumble over, such as characters a quoted string may not hold, or a literal of the wrong length.
 */
export function parseImapList(bytes: Buffer): ImapValue[] {
  const text = bytes.toString('latin1');
  let at = 0;
  const fail = (why: string): never => {
    throw new Error(`${why} at ${at}: ${JSON.stringify(text.slice(Math.max(0, at - 20), at + 40))}`);
  };
  const quoted = (): string => {
    let value = '';
    for (at++; text[at] !== '"'; at++) {
      if (text[at] === '\\') {
        at++;
        if (text[at] !== '"' && text[at] !== '\\') fail('bad escape');
      }
      const code = text.charCodeAt(at);
      if (!(code >= 1 && code <= 127) || code === 10 || code === 13) fail('bad character in quoted string');
      value += text[at];
    }
    at++;
    return value;
  };
  const literal = (): string => {
    const match = /^\{(\d+)\}\r\n/.exec(text.slice(at, at + 20));
    if (!match) return fail('bad literal');
    const from = at + match[0].length;
    at = from + Number(match[1]);
    if (at > text.length) fail('literal too long');
    const value = text.slice(from, at);
    if (value.includes('\0')) fail('NUL in literal');
    return value;
  };
  const list = (): ImapValue[] => {
    const values: ImapValue[] = [];
    at++;
    while (text[at] !== ')') {
      values.push(value());
      if (text[at] === ' ') {
        at++;
        if (text[at] === ')' || text[at] === ' ') fail('space too many');
        // "(" may follow ")" without a space (1*address, 1*body); all else needs one
      } else if (text[at] !== ')' && !(text[at] === '(' && text[at - 1] === ')')) fail('space missing');
    }
    at++;
    return values;
  };
  const value = (): ImapValue => {
    if (text[at] === '(') return list();
    if (text[at] === '"') return quoted();
    if (text[at] === '{') return literal();
    const match = /^(NIL|\d+)(?=[ )])/.exec(text.slice(at, at + 20));
    if (!match?.[1]) return fail('unexpected');
    at += match[1].length;
    return match[1] === 'NIL' ? null : Number(match[1]);
  };
  if (text[0] !== '(') fail('no list');
  const result = list();
  if (at !== text.length) fail('rest behind the list');
  return result;
}
