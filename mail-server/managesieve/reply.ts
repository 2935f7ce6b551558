/** Codes of RFC 5804 section 1.3. */
export type ResponseCode =
  | 'ACTIVE'
  | 'ALREADYEXISTS'
  | 'ENCRYPT-NEEDED'
  | 'NONEXISTENT'
  | 'QUOTA'
  | 'QUOTA/MAXSCRIPTS'
  | 'QUOTA/MAXSIZE'
  | 'TRYLATER'
  | 'WARNINGS';

/** A string as the server writes it: quoted where that is legal, else a literal. */
export function writeString(text: string): string {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAXIMUM_QUOTED || UNQUOTABLE.test(text)) return `{${bytes}}\r\n${text}`;
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

const reply = (word: 'OK' | 'NO' | 'BYE', text: string, code?: string): string =>
  `${word}${code === undefined ? '' : ` (${code})`}${text === '' ? '' : ` ${writeString(text)}`}\r\n`;

export const ok = (text = '', code?: string): string => reply('OK', text, code);
export const no = (text: string, code?: ResponseCode): string => reply('NO', text, code);
export const bye = (text: string, code?: ResponseCode): string => reply('BYE', text, code);

const MAXIMUM_QUOTED = 1024;
const UNQUOTABLE = /[\r\n\0]/;
