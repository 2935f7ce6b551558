import { MessageHeader } from '../../lib/mime/read-header.ts';

/** Refused messages are noted too, and their headers may have any size. */
const looksAt = 262_144;

/** The Message-ID of a message as it stands in its header, or null. */
export function messageId(message: Buffer, header = new MessageHeader(message.subarray(0, looksAt))): string | null {
  const field = header.last('message-id');
  return field ? header.text(field).slice(0, 500) || null : null;
}
