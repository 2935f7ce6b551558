import { inFolder, withImap, type ImapWork } from '../connection/imap-pool.ts';
import { foldersOf, ownFolder, specialFolder } from './list-folders.ts';
import { MailError } from '../connection/mail-error.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';

const mostRounds = 5;

/**
 * Deletes a folder and those below it. Their messages are moved to the trash first, and a folder is deleted only once it is empty, so
 * nothing is lost. Throws MailError NotFound, InvalidRequest (a special folder), LettersWait, Unreachable if mail keeps coming into it.
 */
export function deleteFolder(mailbox: MailboxIdentity, path: string): Promise<{ moved: number }> {
  return withImap(
    mailbox,
    async (imap) => {
      await ownFolder(imap, mailbox, path);
      const trash = await specialFolder(imap, 'trash');
      if (trash === null) throw new MailError('NotFound', 'Trash');
      const doomed = (await foldersOf(imap)).filter((folder) => folder.path === path || folder.path.startsWith(`${path}/`));
      if (doomed.some((folder) => folder.specialUse !== null)) throw new MailError('InvalidRequest', path);
      let moved = 0;
      // The deepest first: a folder that still has folders below it would stay as their parent.
      for (const folder of doomed.sort((a, b) => b.depth - a.depth)) {
        if (folder.selectable) moved += await emptyInto(imap, folder.path, trash);
        await imap.client.mailboxDelete(folder.path);
        imap.memory.delete(`index ${folder.path}`);
      }
      imap.memory.delete('folders');
      return { moved };
    },
    { retry: false },
  );
}

async function emptyInto(imap: ImapWork, path: string, trash: string): Promise<number> {
  let moved = 0;
  for (let round = 0; round < mostRounds; round++) {
    const rest = await inFolder(imap, path, async () => {
      const { client } = imap;
      await client.noop();
      const count = client.mailbox === false ? 0 : client.mailbox.exists;
      if (count > 0) await client.messageMove('1:*', trash);
      return count;
    });
    if (rest === 0) return moved;
    moved += rest;
  }
  throw new MailError('Unreachable');
}
