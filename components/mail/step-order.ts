import type { ConversationRow } from '#lib/webmail/reading/conversation-list.ts';

/** Letters of a folder that a request names. */
export interface Batch {
  folder: string;
  uids: readonly number[];
}

export const byFolder = (rows: readonly ConversationRow[]): Map<string, ConversationRow[]> => Map.groupBy(rows, (row) => row.folder);

/** What one request may name: a command of the mail server has its limit. */
const mostUids = 5000;

/** Requests for these conversations, folder by folder. */
export function batches(rows: readonly ConversationRow[]): Batch[] {
  return [...byFolder(rows)].flatMap(([folder, own]) => {
    const uids = own.flatMap((row) => row.uids);
    return Array.from({ length: Math.ceil(uids.length / mostUids) }, (_, at) => ({
      folder,
      uids: uids.slice(at * mostUids, (at + 1) * mostUids),
    }));
  });
}

const underWay = new Set<{ batch: Batch; over: Promise<unknown> }>();

/**
 * Takes a step once those before it that concern one of its letters are over. Side by side they would arrive in whichever order: a letter
 * that was read and then archived would be unread in the archive, a star that was set and taken off would stay.
 */
export async function inOrder<T>(batch: Batch, take: () => Promise<T>): Promise<T> {
  const own = new Set(batch.uids);
  const before = [...underWay].filter((step) => step.batch.folder === batch.folder && step.batch.uids.some((uid) => own.has(uid)));
  const over = Promise.allSettled(before.map((step) => step.over)).then(take);
  const step = { batch, over };
  underWay.add(step);
  try {
    return await over;
  } finally {
    underWay.delete(step);
  }
}

/** Once what was under way is over, however that went. */
export const allTaken = async (): Promise<void> => void (await Promise.allSettled([...underWay].map(({ over }) => over)));
