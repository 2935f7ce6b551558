import type { ThreadMessage } from './thread-tree.ts';

/** A message, or a place for one that others refer to, while the threads are put together. */
export interface Container {
  message: ThreadMessage | null;
  parent: Container | null;
  children: Container[];
}

/** A container while its parent is looked for. */
interface Linked extends Container {
  /** which of the messages this is; places without a message come before all */
  order: number;
  /** somewhere above: the way to the top, made shorter by whoever walks it */
  up: Linked | null;
}

/**
 * Step 1 of REFERENCES: every message gets a container, and a parent by its references where none was known before and no loop comes of it.
 * A message's own references are better knowledge than what others said of it before (step 1 B), so what was said of a message that is yet to
 * come is not even noted. Then only what stands at the top ever gets a parent, nothing is cut again, and whether a link makes a loop is whether
 * both ends have the same top: found by walking up a path that becomes shorter each time, where a chain of thousands would be walked for
 * each message that refers to its end.
 */
export async function linkReferences(messages: readonly ThreadMessage[], pace: () => Promise<void> | null): Promise<Container[]> {
  const byId = new Map<string, Linked>();
  const all: Linked[] = [];
  const make = (message: ThreadMessage | null, order: number): Linked => {
    const container: Linked = { message, parent: null, children: [], order, up: null };
    all.push(container);
    return container;
  };
  const own = messages.map((message, order) => {
    const container = make(message, order);
    // a Message-ID that is missing or taken counts as a unique one
    if (message.messageId !== '' && !byId.has(message.messageId)) byId.set(message.messageId, container);
    return container;
  });
  const get = (id: string): Linked => {
    const container = byId.get(id) ?? make(null, -1);
    byId.set(id, container);
    return container;
  };
  for (const [order, container] of own.entries()) {
    if (order % 64 === 0) await pace();
    let previous: Linked | null = null;
    for (const id of container.message?.references ?? []) {
      const reference = get(id);
      if (previous && reference.order < order) adopt(previous, reference);
      previous = reference;
    }
    if (previous) adopt(previous, container);
  }
  return all;
}

function adopt(parent: Linked, child: Linked): void {
  if (child.parent || topOf(parent) === child) return;
  child.parent = parent;
  child.up = parent;
}

function topOf(container: Linked): Linked {
  let top = container;
  while (top.up) top = top.up;
  for (let at = container; at.up && at.up !== top; ) {
    const next = at.up;
    at.up = top;
    at = next;
  }
  return top;
}
