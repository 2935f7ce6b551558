import { fieldValue, headerFields } from './header-fields.ts';

/** The Message-ID of a message as it stands in its header, or null. */
export function messageId(message: Buffer): string | null {
  const field = headerFields(message).fields.find((candidate) => candidate.name === 'message-id');
  return field ? fieldValue(message, field).slice(0, 500) || null : null;
}
