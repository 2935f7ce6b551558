import { INBOX_ID, type MailStore } from '#mail-server/store/mail-store.ts';
import type { AccountId } from '#lib/db/ids.ts';

/** All messages of a folder as they are stored, header and content, in the order of their UIDs. */
export async function storedMessages(store: MailStore, account: AccountId, folderId = INBOX_ID): Promise<Buffer[]> {
  const { count, messageIds } = await store.snapshot(account, folderId);
  const messages: Buffer[] = [];
  for await (const chunk of store.readMessages(account, Array.from(messageIds.subarray(0, count)), ['header', 'content'])) {
    for (const { header, content } of chunk) messages.push(Buffer.concat([header ?? Buffer.alloc(0), content ?? Buffer.alloc(0)]));
  }
  return messages;
}
