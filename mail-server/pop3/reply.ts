// The one serializer: every line that goes to a client is made here. CR and LF in a text (a login name, an error) become spaces, so
// that no text can end a response early.

/** RFC 2449 section 8 and RFC 3206. */
export type ResponseCode = 'AUTH' | 'IN-USE' | 'SYS/TEMP' | 'SYS/PERM';

const oneLine = (text: string): string => text.replace(/[\r\n\0]+/g, ' ').slice(0, 500);

export const ok = (text = ''): string => (text === '' ? '+OK\r\n' : `+OK ${oneLine(text)}\r\n`);

export const err = (text: string, code?: ResponseCode): string =>
  code ? `-ERR [${code}] ${oneLine(text)}\r\n` : `-ERR ${oneLine(text)}\r\n`;

/** A challenge of a SASL exchange, in base64 already (RFC 5034 section 4). */
export const challenge = (base64: string): string => `+ ${base64}\r\n`;

const lineEnd = /[\r\n\0]/;

/** +OK with lines of our own making (scan listings, capabilities), which never begin with a dot. */
export const listing = (text: string, lines: readonly string[]): string =>
  [ok(text), ...lines.map((line) => `${lineEnd.test(line) ? oneLine(line) : line}\r\n`), '.\r\n'].join('');
