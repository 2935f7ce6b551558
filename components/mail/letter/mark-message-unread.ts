import type { MessageReference } from '#lib/webmail/reading/mail-message.ts';
import { sendMail } from '../mail-api.ts';

/** Marks one message of a conversation unread; the event stream brings the list up to date. */
export const markMessageUnread = (message: MessageReference): Promise<unknown> =>
  sendMail('flags', { folder: message.folder, uids: [message.uid], flag: 'seen', on: false });
