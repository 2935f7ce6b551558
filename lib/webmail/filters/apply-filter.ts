import { inFolder, withImap, type ImapWork } from '../connection/imap-pool.ts';
import { specialFolder } from '../folders/list-folders.ts';
import { MailError } from '../connection/mail-error.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { newUids, uidSet } from '../connection/uid-set.ts';
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
 * years of old letters. What fails half-way is taken back at once: nobody would know of it who could. Throws MailError.
 */
export async function applyFilter(
  mailbox: MailboxIdentity,
  { actions, folder, uids }: { actions: readonly FilterAction[]; folder: string; uids: readonly number[] },
): Promise<Applied> {
  const done: Applied = { folder, at: folder, uids: [...uids], marks: [], copies: [] };
  try {
    await withImap(mailbox, (imap) => apply(imap, actions, done), { retry: false });
  } catch (error) {
    await undoFilter(mailbox, done).catch(() => undefined);
    throw error;
  }
  return done;
}

/** `done` grows with each step. */
async function apply(imap: ImapWork, actions: readonly FilterAction[], done: Applied): Promise<void> {
  const { folder } = done;
  const to = await targetOf(imap, actions);
  await inFolder(imap, folder, async () => {
    const { client } = imap;
    const set = uidSet(done.uids);
    await addMarks(imap, actions, { set, marks: done.marks });
    for (const action of actions) {
      if (action.kind !== 'copy') continue;
      const copied = await client.messageCopy(set, action.folder, { uid: true });
      done.copies.push({ folder: action.folder, uids: [...newUids(copied).values()] });
    }
    if (to === null || to === folder) return;
    const moved = newUids(await client.messageMove(set, to, { uid: true }));
    const there = (list: readonly number[]): number[] => list.flatMap((uid) => moved.get(uid) ?? []);
    const marks = done.marks.map(({ flag, uids }) => ({ flag, uids: there(uids) }));
    Object.assign(done, { at: to, uids: there(done.uids), marks });
  });
}

async function targetOf(imap: ImapWork, actions: readonly FilterAction[]): Promise<string | null> {
  const last = actions.findLast(({ kind }) => kind === 'move' || kind === 'delete');
  if (last?.kind === 'move') return last.folder;
  if (last === undefined) return null;
  const trash = await specialFolder(imap, 'trash');
  if (trash === null) throw new MailError('NotFound', 'trash');
  return trash;
}

async function addMarks(
  { client }: ImapWork,
  actions: readonly FilterAction[],
  { set, marks }: { set: string; marks: Applied['marks'] },
): Promise<void> {
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
}

/** Takes back what `applyFilter` did. Throws MailError. */
export function undoFilter(mailbox: MailboxIdentity, applied: Applied): Promise<void> {
  return withImap(
    mailbox,
    async (imap) => {
      // read in its turn: what was given up may have come to its end meanwhile
      const { folder, at, uids, marks, copies } = applied;
      const areBack = await inFolder(imap, at, async () => {
        const { client } = imap;
        for (const { flag, uids: own } of marks) {
          if (own.length > 0) await client.messageFlagsRemove(uidSet(own), [flag], { uid: true, silent: true });
        }
        if (uids.length === 0) return false;
        if (at !== folder) return newUids(await client.messageMove(uidSet(uids), folder, { uid: true })).size > 0;
        const lie = await client.search({ uid: uidSet(uids) }, { uid: true });
        return Array.isArray(lie) && lie.length > 0;
      });
      // of a move whose answer was lost nobody knows where they went: a copy may be the only one that lasts
      if (!areBack) return;
      for (const copy of copies) {
        if (copy.uids.length > 0)
          await inFolder(imap, copy.folder, () => imap.client.messageDelete(uidSet(copy.uids), { uid: true }).then(() => undefined));
      }
    },
    { retry: false },
  );
}
