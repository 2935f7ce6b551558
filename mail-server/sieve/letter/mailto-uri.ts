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
  const question = uri.indexOf('?');
  const address = uri.slice('mailto:'.length, question < 0 ? uri.length : question);
  const fields = question < 0 ? '' : uri.slice(question + 1);
  const result: MailtoUri = { recipients: [], subject: null, headers: [], body: null };
  const fault = (address === '' ? null : addRecipients(result, address, 'To')) ?? addFields(result, fields);
  if (fault !== null) return { sentence: fault };
  return result;
}

function addFields(result: MailtoUri, fields: string): string | null {
  if (fields === '') return null;
  for (const field of fields.split('&')) {
    const equals = field.indexOf('=');
    const name = decode(equals < 0 ? field : field.slice(0, equals));
    const value = decode(equals < 0 ? '' : field.slice(equals + 1));
    if (name === null || value === null || !isFieldName(name)) return `the mailto URI has no field in '${field.slice(0, 100)}'`;
    const fault = addField(result, name, equals < 0 ? '' : field.slice(equals + 1), value);
    if (fault !== null) return fault;
  }
  return null;
}

function addField(result: MailtoUri, given: string, source: string, value: string): string | null {
  const name = given.toLowerCase();
  if (name === 'to') return addRecipients(result, source, 'To');
  if (name === 'cc') return addRecipients(result, source, 'Cc');
  if (name === 'body') {
    result.body ??= value;
    return null;
  }
  // a line break would begin a field of its own
  if (/[\r\n]/.test(value)) return `the field ${given.slice(0, 100)} of the mailto URI has more than one line`;
  // of two the first counts
  if (name === 'subject') result.subject ??= value;
  // what the server writes itself is none of the URI's business (RFC 5436 section 2.3)
  else if (!RESERVED.has(name)) result.headers.push({ name: given, value });
  return null;
}

function addRecipients(result: MailtoUri, source: string, field: 'To' | 'Cc'): string | null {
  for (const one of source.split(/,|%2c/i)) {
    const decoded = UNESCAPED.test(one) ? null : decode(one);
    const mailbox = decoded === null ? null : readOneAddress(decoded);
    if (mailbox === null) return `the mailto URI has '${one.slice(0, 100)}' where an address must stand`;
    const address = writeAddress(mailbox, mailbox.domain);
    if (result.recipients.some((known) => recipientKey(known.address) === recipientKey(address))) continue;
    if (result.recipients.length >= MOST_RECIPIENTS) return `a notification goes to no more than ${MOST_RECIPIENTS} recipients`;
    result.recipients.push({ field, address });
  }
  return null;
}

/** Addresses that are one: domains know no case, what stands before them may. */
export const recipientKey = (address: string): string => address.replace(/@[^@]*$/, (domain) => domain.toLowerCase());

/** Null for what a URI cannot hold (RFC 6068 section 2), and for NUL. */
function decode(text: string): string | null {
  if (!WRITTEN.test(text)) return null;
  try {
    const decoded = decodeURIComponent(text);
    return decoded.includes('\0') ? null : decoded;
  } catch {
    return null;
  }
}

/** pieces of a URI: what needs no escape there, and escapes; `/` and `?` are let through as most programs write them */
const WRITTEN = /^(?:[A-Za-z0-9\-._~!$'()*+,;:@/?=]|%[0-9A-Fa-f]{2})*$/;
/** what an address may only have as an escape there */
const UNESCAPED = /[/=?;()]/;
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
  'in-reply-to',
  'references',
  'resent-bcc',
  'resent-cc',
  'resent-date',
  'resent-from',
  'resent-msg-id',
  'resent-sender',
  'resent-to',
]);
