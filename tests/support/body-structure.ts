import type { ImapValue } from './imap-list.ts';

export interface ReadBody {
  type: string;
  /** octets; of a multipart 0 */
  size: number;
  lines: number | null;
  encoding: string;
  parameters: Record<string, string>;
  parts: ReadBody[];
  message: ReadBody | null;
}

/** Reads BODY or BODYSTRUCTURE by the grammar of RFC 9051 section 9 ("body"), and throws where a field is not what it must be. */
export function readBodyStructure(value: ImapValue, extensible: boolean): ReadBody {
  const fields = listOf(value);
  return Array.isArray(fields[0]) ? readMultipart(fields, extensible) : readSingle(fields, extensible);
}

function readMultipart(fields: ImapValue[], extensible: boolean): ReadBody {
  const count = fields.findIndex((field) => !Array.isArray(field));
  const parts = fields.slice(0, count).map((part) => readBodyStructure(part, extensible));
  const rest = fields.slice(count);
  if (rest.length !== (extensible ? 5 : 1)) throw new Error(`multipart with ${rest.length} fields`);
  const parameters = extensible ? readParameters(rest[1]) : {};
  if (extensible) readExtension(rest.slice(2));
  return { type: `multipart/${stringOf(rest[0])}`, size: 0, lines: null, encoding: '', parameters, parts, message: null };
}

function readSingle(fields: ImapValue[], extensible: boolean): ReadBody {
  const type = `${stringOf(fields[0])}/${stringOf(fields[1])}`.toLowerCase();
  const parameters = readParameters(fields[2]);
  nullableString(fields[3]);
  nullableString(fields[4]);
  const body: ReadBody = {
    type,
    size: numberOf(fields[6]),
    lines: null,
    encoding: stringOf(fields[5]),
    parameters,
    parts: [],
    message: null,
  };
  let next = 7;
  if (type === 'message/rfc822' || type === 'message/global') {
    readEnvelope(fields[7]);
    body.message = readBodyStructure(fields[8] ?? null, extensible);
    body.lines = numberOf(fields[9]);
    next = 10;
  } else if (type.startsWith('text/')) {
    body.lines = numberOf(fields[7]);
    next = 8;
  }
  if (fields.length !== next + (extensible ? 4 : 0)) throw new Error(`${type} with ${fields.length} fields`);
  if (extensible) {
    nullableString(fields[next]);
    readExtension(fields.slice(next + 1));
  }
  return body;
}

export interface ReadEnvelope {
  date: string | null;
  subject: string | null;
  from: ImapValue[][] | null;
  sender: ImapValue[][] | null;
  replyTo: ImapValue[][] | null;
  to: ImapValue[][] | null;
  cc: ImapValue[][] | null;
  bcc: ImapValue[][] | null;
  inReplyTo: string | null;
  messageId: string | null;
}

export function readEnvelope(value: ImapValue | undefined): ReadEnvelope {
  const fields = listOf(value);
  if (fields.length !== 10) throw new Error(`envelope with ${fields.length} fields`);
  const [date, subject, from, sender, replyTo, to, cc, bcc] = fields;
  return {
    date: nullableString(date),
    subject: nullableString(subject),
    from: readAddresses(from),
    sender: readAddresses(sender),
    replyTo: readAddresses(replyTo),
    to: readAddresses(to),
    cc: readAddresses(cc),
    bcc: readAddresses(bcc),
    inReplyTo: nullableString(fields[8]),
    messageId: nullableString(fields[9]),
  };
}

function readAddresses(value: ImapValue | undefined): ImapValue[][] | null {
  if (value === null) return null;
  const list = listOf(value).map(listOf);
  if (list.length === 0) throw new Error('empty address list');
  let inGroup = false;
  for (const address of list) {
    if (address.length !== 4) throw new Error('address without four fields');
    address.forEach(nullableString);
    const [, , mailbox, host] = address;
    if (host === null) {
      if ((mailbox === null) !== inGroup) throw new Error('group out of place');
      inGroup = mailbox !== null;
    } else if (mailbox === null || host === '') throw new Error('address without mailbox or host');
  }
  if (inGroup) throw new Error('group without end');
  return list;
}

function readExtension([disposition, language, location]: ImapValue[]): void {
  if (disposition !== null) {
    const fields = listOf(disposition);
    stringOf(fields[0]);
    readParameters(fields[1]);
  }
  if (language !== null && typeof language !== 'string') for (const tag of listOf(language)) stringOf(tag);
  nullableString(location);
}

function readParameters(value: ImapValue | undefined): Record<string, string> {
  if (value === null) return {};
  const fields = listOf(value);
  if (fields.length === 0 || fields.length % 2 !== 0) throw new Error('odd parameters');
  return Object.fromEntries(
    Array.from({ length: fields.length / 2 }, (_, i) => [stringOf(fields[2 * i]).toLowerCase(), stringOf(fields[2 * i + 1])]),
  );
}

function listOf(value: ImapValue | undefined): ImapValue[] {
  if (!Array.isArray(value)) throw new Error(`list expected, got ${JSON.stringify(value)}`);
  return value;
}
function stringOf(value: ImapValue | undefined): string {
  if (typeof value !== 'string') throw new Error(`string expected, got ${JSON.stringify(value)}`);
  return value;
}
function numberOf(value: ImapValue | undefined): number {
  if (typeof value !== 'number') throw new Error(`number expected, got ${JSON.stringify(value)}`);
  return value;
}
function nullableString(value: ImapValue | undefined): string | null {
  return value === null ? null : stringOf(value);
}
