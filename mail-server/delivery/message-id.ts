import { MessageHeader } from '../../lib/mime/read-header.ts';

/** The Message-ID of a message as it stands in its header, or null. */
export function messageId(message: Buffer): string | null {
  const header = new MessageHeader(message);
  const [field] = header.named('message-id');
  return field ? header.text(field).slice(0, 500) || null : null;
}
