import { type FieldSpan, MessageHeader } from '../../../lib/mime/read-header.ts';

/** What our signatures cover where it is there (RFC 6376 section 5.4.1). */
const names = (
  'from sender reply-to subject date message-id to cc mime-version content-type content-transfer-encoding content-id content-description ' +
  'resent-date resent-from resent-sender resent-to resent-cc resent-message-id in-reply-to references ' +
  'list-id list-help list-unsubscribe list-unsubscribe-post list-subscribe list-post list-owner list-archive'
).split(' ');
const signed = new Set(names);
/** As the library that signs wants them; RFC 8058 section 4 asks for one that it leaves out by itself. */
export const signedNames = names.join(':');

/**
 * The fields of a message that are signed, without what relaxed canonicalization takes out anyway: the library that signs would need the
 * square of the time for it. Ends where the empty line begins.
 */
export function headerToSign(content: Buffer): Buffer {
  return relaxedFields(new MessageHeader(content), ({ key }) => signed.has(key));
}

const chain = new Set(['dkim-signature', 'arc-seal', 'arc-message-signature', 'arc-authentication-results']);
/** real chains have a handful of sets, and real signatures a kilobyte */
const mostChainFields = 60;
const longestChainField = 16_384;

/**
 * The same with what a link of an ARC chain covers beside it (RFC 8617), and whether there are links already; null for a chain that nobody
 * writes, which gets no further link.
 */
export function headerToChain(content: Buffer): { fields: Buffer; isChained: boolean } | null {
  const header = new MessageHeader(content);
  const links = header.fields.filter(({ key }) => chain.has(key));
  if (links.length > mostChainFields || links.some(({ start, end }) => end - start > longestChainField)) return null;
  return {
    fields: relaxedFields(header, ({ key }) => signed.has(key) || chain.has(key)),
    isChained: links.some(({ key }) => key !== 'dkim-signature'),
  };
}

function relaxedFields(header: MessageHeader, isWanted: (field: FieldSpan) => boolean): Buffer {
  const fields = header.fields.filter(isWanted);
  const lines = fields.map(
    ({ key, valueStart, end }) =>
      `${key}:${header.block
        .slice(valueStart, end)
        .replace(/\r?\n/g, '')
        .replace(/[ \t]+/g, ' ')}\r\n`,
  );
  return Buffer.from(lines.join(''), 'latin1');
}
