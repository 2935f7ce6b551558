import { MessageHeader } from '../../lib/mime/read-header.ts';

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
  const header = new MessageHeader(content);
  const fields = header.fields.filter(({ key }) => signed.has(key));
  const lines = fields.map(
    ({ key, valueStart, end }) =>
      `${key}:${header.block
        .slice(valueStart, end)
        .replace(/\r?\n/g, '')
        .replace(/[ \t]+/g, ' ')}\r\n`,
  );
  return Buffer.from(lines.join(''), 'latin1');
}
