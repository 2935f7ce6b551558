import { decodeUtf8 } from '../wire/decode-utf8.ts';

const SPACE = 32;
const TAB = 9;
const greeting = /^(?:HELO|EHLO|LHLO) /i;

/**
 * A command line as text, without the white space that clients leave at its end. Null for what no command contains: control characters,
 * and bytes that are not UTF-8 (RFC 6531); the name of a computer alone may come in the alphabet of that computer.
 */
export function decodeCommand(bytes: Buffer): string | null {
  let end = bytes.length;
  while (bytes[end - 1] === SPACE || bytes[end - 1] === TAB) end--;
  const command = bytes.subarray(0, end);
  const text = decodeUtf8(command) ?? asGreeting(command.toString('latin1'));
  return text === null || /\p{Cc}/u.test(text) ? null : text;
}

const asGreeting = (text: string): string | null => (greeting.test(text) ? text : null);
