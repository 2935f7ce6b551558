import { readOneAddress, writeAddress } from './addresses.ts';
import { isFieldName } from './field-name.ts';

/** What a mailto URI (RFC 6068) asks for, as notify takes it (RFC 5436). */
export interface MailtoUri {
  recipients: { field: 'To' | 'Cc'; address: string }[];
  subject: string | null;
  headers: { name: string; value: string }[];
  body: string | null;
}

export function parseMailtoUri(uri: string): MailtoUri | { sentence: string } {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(uri)?.[1]?.toLowerCase();
  if (scheme !== 'mailto') return { sentence: `there is no way to notify by '${uri.slice(0, 100)}', only by mailto:` };
  if (uri.length > MAXIMUM) return { sentence: 'the mailto URI is too long' };
  const [, address = '', , fields = ''] = /^mailto:([^?]*)(\?(.*))?$/is.exec(uri) ?? [];
  const result: MailtoUri = { recipients: [], subject: null, headers: [], body: null };
  const fault = addRecipients(result, address, 'To') ?? addFields(result, fields);
  if (fault !== null) return { sentence: fault };
  return result;
}

function addFields(result: MailtoUri, fields: string): string | null {
  for (const field of fields.split('&')) {
    if (field === '') continue;
    const equals = field.indexOf('=');
    const name = decode(equals < 0 ? field : field.slice(0, equals));
    const source = equals < 0 ? '' : field.slice(equals + 1);
    const value = decode(source);
    if (name === null || value === null || !isFieldName(name)) return `the mailto URI has no field in '${field.slice(0, 100)}'`;
    const fault = addField(result, name, source, value);
    if (fault !== null) return fault;
  }
  return null;
}

function addField(result: MailtoUri, given: string, source: string, value: string): string | null {
  const name = given.toLowerCase();
  if (name === 'to') return addRecipients(result, source, 'To');
  if (name === 'cc') return addRecipients(result, source, 'Cc');
  if (name === 'body') result.body = value;
  else if (name === 'subject') result.subject = oneLine(value);
  // what the server writes itself is none of the URI's business (RFC 5436 section 2.3)
  else if (!RESERVED.has(name)) result.headers.push({ name: given, value: oneLine(value) });
  return null;
}

function addRecipients(result: MailtoUri, source: string, field: 'To' | 'Cc'): string | null {
  for (const one of source.split(',')) {
    if (one.trim() === '') continue;
    const decoded = decode(one);
    const mailbox = decoded === null ? null : readOneAddress(decoded);
    if (mailbox === null) return `the mailto URI has '${one.slice(0, 100)}' where an address must stand`;
    const address = writeAddress(mailbox, mailbox.domain);
    if (result.recipients.some((known) => known.address.toLowerCase() === address.toLowerCase())) continue;
    if (result.recipients.length >= MOST_RECIPIENTS) return `a notification goes to no more than ${MOST_RECIPIENTS} recipients`;
    result.recipients.push({ field, address });
  }
  return null;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ');
const MAXIMUM = 8192;
const MOST_RECIPIENTS = 8;
const RESERVED = new Set([
  'bcc',
  'from',
  'sender',
  'date',
  'message-id',
  'received',
  'auto-submitted',
  'return-path',
  'resent-from',
  'resent-to',
  'resent-date',
]);
