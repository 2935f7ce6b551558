import { decodeEncodedWords } from '../../lib/mime/decode-encoded-words.ts';
import { type FieldSpan, MessageHeader, nameToSome, withoutFields } from '../../lib/mime/read-header.ts';
import { receivedName } from './received-name.ts';

/** A message with more Received fields goes round in circles (RFC 5321 section 6.3: "normally at least 100"). */
const mostHops = 100;

export interface Hop {
  hostName: string;
  /** name of the client in HELO, EHLO or LHLO */
  greetedAs: string | null;
  /** null: not told, as for our own users */
  remoteAddress: string | null;
  extended: boolean;
  lmtp: boolean;
  encryption: { protocol: string; cipher: string } | null;
  authenticated: boolean;
  smtputf8: boolean;
  /** of the session or the queue, for the logs */
  id: string;
  /** the only recipient; null when there are several (they must not see each other) */
  recipient: string | null;
}

/** "Received: from … by … with ESMTPS id … for <…>; date" (RFC 5321 section 4.4, keywords of RFC 3848 and RFC 6531). */
export function receivedField(hop: Hop, at: Date): string {
  const base = hop.lmtp ? 'LMTP' : hop.extended || hop.authenticated ? 'ESMTP' : 'SMTP';
  const keyword = `${hop.smtputf8 && base !== 'SMTP' ? `UTF8${hop.lmtp ? 'LMTP' : 'SMTP'}` : base}${hop.encryption ? 'S' : ''}${hop.authenticated ? 'A' : ''}`;
  const tls = hop.encryption ? `\r\n\t(${hop.encryption.protocol} ${hop.encryption.cipher})` : '';
  const recipient = hop.recipient ? `\r\n\tfor <${hop.recipient}>` : '';
  return (
    `Received: from ${receivedName(hop.greetedAs)}${hop.remoteAddress === null ? '' : ` (${addressLiteral(hop.remoteAddress)})`}\r\n` +
    `\tby ${hop.hostName} (Postamt) with ${keyword} id ${hop.id}${tls}${recipient};\r\n\t${mailDate(at)}\r\n`
  );
}

const addressLiteral = (address: string): string => (address.includes(':') ? `[IPv6:${address}]` : `[${address}]`);

/** RFC 5322 date-time in UTC: "Mon, 23 Nov 2026 00:22:31 +0000". */
export const mailDate = (at: Date): string => at.toUTCString().replace('GMT', '+0000');

export const isLooping = (header: MessageHeader): boolean => header.named('received').length > mostHops;

/**
 * The message as it is stored: Return-Path of the final delivery on top (RFC 5321 section 4.4), then what was found out about the sender,
 * then our Received. Results that somebody wrote in our name go (RFC 8601 section 5); every other byte stays, an earlier Return-Path too.
 */
export function stampMessage(
  message: Buffer,
  stamp: { sender: string; results: string; received: string; hostName: string },
  header = new MessageHeader(message),
): Buffer {
  const head = Buffer.from(`Return-Path: <${stamp.sender}>\r\n${stamp.results}${stamp.received}`);
  const removed = header.fields.filter(
    (field, index) => (index === 0 && continues(header, field)) || isOurResult(header, field, stamp.hostName),
  );
  return Buffer.concat([head, withoutFields(message, removed)]);
}

/** A folded line with nothing above it: it would go on with whatever is put there. */
export const continues = ({ block }: MessageHeader, field: FieldSpan | undefined): boolean =>
  field !== undefined && (block[field.start] === ' ' || block[field.start] === '\t');

/** Results in our name, which only we may write. */
export const isOurResult = (header: MessageHeader, field: FieldSpan, hostName: string): boolean =>
  nameToSome(header, field) === 'authentication-results' &&
  serviceId(valueToSome(header, field)).replace(/\.$/, '') === hostName.toLowerCase();

/** As lenient programs read it: encoded words decoded, and without what they cannot show. */
function valueToSome(header: MessageHeader, field: FieldSpan): string {
  const value = field.key === '' ? afterColon(header.value(field)) : header.value(field);
  return shown(decodeEncodedWords(shown(value)));
}

const shown = (text: string): string => text.replace(/[^\t\x20-\x7e]/g, '');

const afterColon = (line: string): string => line.slice(line.indexOf(':') + 1);

/** For messages from the queue; one that was stamped before, and only reaches its mailbox now, has our Return-Path on top already. */
export function withReturnPath(message: Buffer, sender: string): Buffer {
  const ours = Buffer.from(`Return-Path: <${sender}>\r\n`);
  return message.subarray(0, ours.length).equals(ours) ? message : Buffer.concat([ours, message]);
}

/** The authserv-id of an Authentication-Results field: what stands first when comments (one inside another too) and quotes are gone. */
function serviceId(value: string): string {
  let text = '';
  let depth = 0;
  for (let at = 0; at < value.length; at++) {
    const character = value.charAt(at);
    if (character === '(') depth++;
    else if (character === ')') depth = Math.max(0, depth - 1);
    else if (character === '\\') {
      at++;
      if (depth === 0) text += value.charAt(at);
    } else if (depth === 0 && character === ';') break;
    else if (depth === 0 && character !== '"') text += character;
    if (character === ')') text += ' ';
  }
  return (text.trim().split(/\s+/)[0] ?? '').toLowerCase();
}
