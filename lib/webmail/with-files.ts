import type { SearchObject } from 'imapflow';
import { rowsFor } from './conversation-rows.ts';
import type { FolderIndex } from './folder-index.ts';
import type { ImapWork } from './imap-pool.ts';

/**
 * Which messages of the selected folder have files, by the judgement that the paperclip of a row has too, so that filter, search and list
 * never differ. IMAP has no key for it: what cannot have any by its header is left out, the structure of the others is looked at once and
 * remembered beside the connection.
 */
const perhaps: SearchObject = {
  or: [
    { header: { 'content-disposition': 'attachment' } },
    { header: { 'content-type': '/' }, not: { or: [plain('text/plain'), plain('text/html')] } },
  ],
};

function plain(type: string): SearchObject {
  return { header: { 'content-type': type } };
}

interface Judged {
  uidValidity: bigint;
  files: Map<number, boolean>;
}

const atOnce = 500;

export async function uidsWithFiles(imap: ImapWork, folder: string, index: FolderIndex): Promise<Set<number>> {
  const key = `files ${folder}`;
  const known = imap.memory.get(key) as Judged | undefined;
  const judged: Judged = known?.uidValidity === index.uidValidity ? known : { uidValidity: index.uidValidity, files: new Map() };
  imap.memory.set(key, judged);
  const candidates = (await imap.client.search(perhaps, { uid: true })) || [];
  const fresh = candidates.flatMap((uid) => (judged.files.has(uid) ? [] : (index.messages.get(uid) ?? [])));
  for (let at = 0; at < fresh.length; at += atOnce) {
    const alone = fresh.slice(at, at + atOnce).map((message) => ({ threadId: message.threadId, messages: [message] }));
    for (const row of await rowsFor(imap, folder, alone, new Map())) judged.files.set(row.uid, row.attachment);
  }
  return new Set(candidates.filter((uid) => judged.files.get(uid)));
}
