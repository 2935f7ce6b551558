import type { MessageReference } from '#lib/webmail/reading/mail-message.ts';
import { sendMail } from '../mail-api.ts';
import { inOrder } from '../step-order.ts';

/** Marks one message of a conversation unread; the event stream brings the list up to date. */
export function markMessageUnread({ folder, uid }: MessageReference): Promise<unknown> {
  const batch = { folder, uids: [uid] };
  return inOrder(batch, () => sendMail('flags', { ...batch, flag: 'seen', on: false }));
}
