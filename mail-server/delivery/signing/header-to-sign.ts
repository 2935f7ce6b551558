import { type FieldSpan, MessageHeader } from '../../../lib/mime/read-header.ts';

/** Fields that a stranger must not be able to add to what we signed: once more than they are there, they are signed as absent. */
const closed = [
  'from',
  'reply-to',
  'subject',
  'date',
  'message-id',
  'to',
  'cc',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
];
/** What our signatures cover beside these where it is there (RFC 6376 section 5.4.1). */
const signed = new Set([
  ...closed,
  ...(
    'sender content-id content-description ' +
    'resent-date resent-from resent-sender resent-to resent-cc resent-message-id in-reply-to references ' +
    'list-id list-help list-unsubscribe list-unsubscribe-post list-subscribe list-post list-owner list-archive'
  ).split(' '),
]);

/**
 * The fields of a message that are signed, in relaxed canonicalization, and their names as a signature lists them: of fields of one name the
 * lowest comes first (RFC 6376 section 5.4.2), at the end stand those that must not be added (section 5.4).
 */
export function headerToSign(content: Buffer): { fields: Buffer; names: string[] } {
  const header = new MessageHeader(content);
  const fields = header.fields.filter(({ key }) => signed.has(key)).reverse();
  return { fields: relaxedFields(header, fields), names: [...fields.map(({ key }) => key), ...closed] };
}

const chain = new Set(['dkim-signature', 'arc-seal', 'arc-message-signature', 'arc-authentication-results']);
/** real chains have a handful of sets, and real signatures a kilobyte */
const mostChainFields = 60;
const longestChainField = 16_384;

/**
 * The signed fields as they stand, with what a link of an ARC chain covers beside them (RFC 8617), and whether there are links already; null for a chain that nobody
 * writes, which gets no further link.
 */
export function headerToChain(content: Buffer): { fields: Buffer; isChained: boolean } | null {
  const header = new MessageHeader(content);
  const links = header.fields.filter(({ key }) => chain.has(key));
  if (links.length > mostChainFields || links.some(({ start, end }) => end - start > longestChainField)) return null;
  return {
    fields: relaxedFields(
      header,
      header.fields.filter(({ key }) => signed.has(key) || chain.has(key)),
    ),
    isChained: links.some(({ key }) => key !== 'dkim-signature'),
  };
}

/** RFC 6376 section 3.4.2; the library that makes links of chains would need the square of the time for it. */
function relaxedFields({ block }: MessageHeader, fields: readonly FieldSpan[]): Buffer {
  const lines = fields.map(({ key, valueStart, end }) => `${key}:${relaxedValue(block.slice(valueStart, end))}\r\n`);
  return Buffer.from(lines.join(''), 'latin1');
}

const relaxedValue = (value: string): string =>
  value
    .replace(/\r?\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '');
