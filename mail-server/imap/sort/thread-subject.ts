import { sortInTurns } from './sort-in-turns.ts';
import type { ThreadMessage, ThreadNode } from './thread-tree.ts';

/**
 * ORDEREDSUBJECT of RFC 5256 section 4: messages of one base subject make one thread, sorted by date; the first is the parent of all
 * others. Threads are sorted by the date of their first message.
 */
export async function threadBySubject(messages: readonly ThreadMessage[], pace: () => Promise<void> | null): Promise<ThreadNode[]> {
  const bySubject = new Map<string, ThreadMessage[]>();
  for (const message of await sortInTurns(messages, byDate, pace)) {
    const thread = bySubject.get(message.subject);
    if (thread) thread.push(message);
    else bySubject.set(message.subject, [message]);
  }
  // the map keeps the order in which subjects were met first, which is that of the dates
  return Array.from(bySubject.values(), ([first, ...others]) => ({
    index: first?.index ?? null,
    children: others.map(({ index }) => ({ index, children: [] })),
  }));
}

const byDate = (a: ThreadMessage, b: ThreadMessage): number => a.sentMs - b.sentMs || a.index - b.index;
