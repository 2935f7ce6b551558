import { inFolder, withImap, type ImapWork } from '../connection/imap-pool.ts';
import { specialFolder } from '../folders/list-folders.ts';
import { MailError } from '../connection/mail-error.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { uidSet } from '../connection/uid-set.ts';
import type { FilterAction } from './filter.ts';

/** What was done to letters, so that it can be taken back. */
export interface Applied {
  /** where they were, and where they are now */
  folder: string;
  at: string;
  uids: number[];
  /** marks that were put on, and on which of them (uids of `at`) */
  marks: { flag: string; uids: number[] }[];
  copies: { folder: string; uids: number[] }[];
}

const flagOf = (action: FilterAction): string | null =>
  action.kind === 'read' ? '\\Seen' : action.kind === 'star' ? '\\Flagged' : action.kind === 'label' ? action.label : null;

/**
 * Does to letters that are there already what a filter does to new ones. Nothing of them is sent on: who asked for a forward did not ask for
 * years of old letters. Throws MailError.
 */
export function applyFilter(
  mailbox: MailboxIdentity,
  { actions, folder, uids }: { actions: readonly FilterAction[]; folder: string; uids: readonly number[] },
): Promise<Applied> {
  return withImap(
    mailbox,
    async (imap) => {
      const to = await targetOf(imap, actions);
      return inFolder(imap, folder, async () => {
        const { client } = imap;
        const set = uidSet(uids);
        const marks = await addMarks(imap, actions, set);
        const copies: Applied['copies'] = [];
        for (const action of actions) {
          if (action.kind !== 'copy') continue;
          const copied = await client.messageCopy(set, action.folder, { uid: true });
          if (copied === false) throw new MailError('NotFound', action.folder);
          copies.push({ folder: action.folder, uids: [...(copied.uidMap?.values() ?? [])] });
        }
        if (to === null || to === folder) return { folder, at: folder, uids: [...uids], marks, copies };
        const moved = await client.messageMove(set, to, { uid: true });
        if (moved === false) throw new MailError('NotFound', to);
        const now = moved.uidMap ?? new Map<number, number>();
        const there = (list: readonly number[]): number[] => list.flatMap((uid) => now.get(uid) ?? []);
        return { folder, at: to, uids: there(uids), marks: marks.map(({ flag, uids: own }) => ({ flag, uids: there(own) })), copies };
      });
    },
    { retry: false },
  );
}

async function targetOf(imap: ImapWork, actions: readonly FilterAction[]): Promise<string | null> {
  const last = actions.findLast(({ kind }) => kind === 'move' || kind === 'delete');
  if (last?.kind === 'move') return last.folder;
  if (last === undefined) return null;
  const trash = await specialFolder(imap, 'trash');
  if (trash === null) throw new MailError('NotFound', 'trash');
  return trash;
}

async function addMarks({ client }: ImapWork, actions: readonly FilterAction[], set: string): Promise<Applied['marks']> {
  const marks: Applied['marks'] = [];
  for (const flag of actions.map(flagOf)) {
    if (flag === null) continue;
    const without: number[] = [];
    for await (const message of client.fetch(set, { uid: true, flags: true }, { uid: true })) {
      if (![...(message.flags ?? [])].some((one) => one.toLowerCase() === flag.toLowerCase())) without.push(message.uid);
    }
    if (without.length === 0) continue;
    await client.messageFlagsAdd(uidSet(without), [flag], { uid: true, silent: true });
    marks.push({ flag, uids: without });
  }
  return marks;
}

/** Takes back what `applyFilter` did. Throws MailError. */
export function undoFilter(mailbox: MailboxIdentity, { folder, at, uids, marks, copies }: Applied): Promise<void> {
  return withImap(
    mailbox,
    async (imap) => {
      await inFolder(imap, at, async () => {
        for (const { flag, uids: own } of marks) {
          if (own.length > 0) await imap.client.messageFlagsRemove(uidSet(own), [flag], { uid: true, silent: true });
        }
        if (at !== folder && uids.length > 0) await imap.client.messageMove(uidSet(uids), folder, { uid: true });
      });
      for (const copy of copies) {
        if (copy.uids.length > 0)
          await inFolder(imap, copy.folder, () => imap.client.messageDelete(uidSet(copy.uids), { uid: true }).then(() => undefined));
      }
    },
    { retry: false },
  );
}
