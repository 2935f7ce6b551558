import type { ThreadMessage, ThreadNode } from './thread-tree.ts';

/** A message, or a place for one that others refer to, while the threads are put together. */
interface Container {
  message: ThreadMessage | null;
  parent: Container | null;
  children: Set<Container>;
}

/** REFERENCES of RFC 5256 section 4, step by step as the RFC numbers them. Time is linear but for the sorting. */
export function threadByReferences(messages: readonly ThreadMessage[]): ThreadNode[] {
  const containers = link(messages);
  const roots = new Set<Container>();
  for (const container of containers) if (!container.parent) roots.add(container); // step 2
  const pruned = prune(Array.from(roots)); // step 3
  const sorted = sortByDate(pruned); // step 4
  const merged = mergeSubjects(sorted); // step 5
  return toNodes(sortByDate(merged)); // step 6
}

/** Step 1: every message gets a container, and a parent by its references where none was known before and no loop comes of it. */
function link(messages: readonly ThreadMessage[]): Container[] {
  const byId = new Map<string, Container>();
  const all: Container[] = [];
  const make = (message: ThreadMessage | null): Container => {
    const container: Container = { message, parent: null, children: new Set() };
    all.push(container);
    return container;
  };
  const get = (id: string): Container => {
    let container = byId.get(id);
    if (!container) {
      container = make(null);
      byId.set(id, container);
    }
    return container;
  };
  for (const message of messages) {
    // a Message-ID that is missing or taken counts as a unique one
    const known = message.messageId === '' ? undefined : byId.get(message.messageId);
    let own: Container;
    if (message.messageId === '' || known?.message) own = make(message);
    else {
      own = get(message.messageId);
      own.message = message;
    }
    let previous: Container | null = null;
    for (const id of message.references) {
      const reference = get(id);
      if (previous && !reference.parent && !isAbove(reference, previous)) adopt(previous, reference);
      previous = reference;
    }
    // step 1 (B): the message's own references are better knowledge than what others said of it, also when they are none or make a loop
    release(own);
    if (previous && !isAbove(own, previous)) adopt(previous, own);
  }
  return all;
}

/** True if `above` is `below` or one of its ancestors. */
function isAbove(above: Container, below: Container): boolean {
  // most messages have no children yet when they come: no walk up a thread of thousands
  if (above.children.size === 0) return above === below;
  for (let at: Container | null = below; at; at = at.parent) if (at === above) return true;
  return false;
}

function adopt(parent: Container, child: Container): void {
  release(child);
  child.parent = parent;
  parent.children.add(child);
}

function release(child: Container): void {
  child.parent?.children.delete(child);
  child.parent = null;
}

/**
 * Step 3: places without a message and without children go; those with children give them to their parent, but at the top only an only
 * child. Children come before their parents, without recursion, since a thread may be very deep.
 */
function prune(roots: readonly Container[]): Container[] {
  const order: Container[] = [];
  const work = [...roots];
  for (let next = work.pop(); next; next = work.pop()) {
    order.push(next);
    work.push(...next.children);
  }
  const top = new Set(roots);
  for (const container of order.reverse()) {
    if (container.message) continue;
    const { parent } = container;
    if (container.children.size === 0) {
      release(container);
      top.delete(container);
    } else if (parent) {
      for (const child of Array.from(container.children)) adopt(parent, child);
      release(container);
    } else if (container.children.size === 1) {
      for (const child of Array.from(container.children)) {
        release(child);
        top.add(child);
      }
      top.delete(container);
    }
  }
  return Array.from(top);
}

/** The date a container is sorted by: its own, or that of its first child. */
const dated = (container: Container): ThreadMessage | null => container.message ?? firstChild(container)?.message ?? null;
const firstChild = (container: Container): Container | undefined => Array.from(container.children)[0];

function compare(a: Container, b: Container): number {
  const left = dated(a);
  const right = dated(b);
  if (!left || !right) return 0;
  return left.sentMs - right.sentMs || left.index - right.index;
}

/** Steps 4 and 6: children below children first, so that a place without a message knows its first child. */
function sortByDate(roots: readonly Container[]): Container[] {
  const work = [...roots];
  const order: Container[] = [];
  for (let next = work.pop(); next; next = work.pop()) {
    order.push(next);
    work.push(...next.children);
  }
  for (const container of order.reverse()) {
    if (container.children.size > 1) container.children = new Set(Array.from(container.children).sort(compare));
  }
  return [...roots].sort(compare);
}

/** Step 5: threads at the top with the same base subject become one. */
function mergeSubjects(roots: readonly Container[]): Container[] {
  const table = new Map<string, Container>();
  for (const root of roots) {
    const subject = dated(root)?.subject ?? '';
    if (subject === '') continue;
    const known = table.get(subject);
    // the one without a message, else the one that is no reply, stands for the subject
    if (!known || (known.message && !root.message) || (isReply(known) && !isReply(root) && known.message)) table.set(subject, root);
  }
  const left = new Set(roots);
  for (const root of roots) {
    const other = table.get(dated(root)?.subject ?? '');
    if (!other || other === root || !left.has(root)) continue;
    left.delete(root);
    if (!other.message && !root.message) {
      for (const child of Array.from(root.children)) adopt(other, child);
    } else if (!other.message || (isReply(root) && !isReply(other))) {
      adopt(other, root);
    } else {
      // two of the same kind: brothers below a place without a message
      const place: Container = { message: null, parent: null, children: new Set() };
      left.delete(other);
      adopt(place, other);
      adopt(place, root);
      left.add(place);
      table.set(dated(other)?.subject ?? '', place);
    }
  }
  return Array.from(left);
}

const isReply = (container: Container): boolean => dated(container)?.isReply ?? false;

function toNodes(roots: readonly Container[]): ThreadNode[] {
  const top: ThreadNode[] = [];
  const work: Array<{ container: Container; into: ThreadNode[] }> = [...roots].reverse().map((container) => ({ container, into: top }));
  for (let next = work.pop(); next; next = work.pop()) {
    const node: ThreadNode = { index: next.container.message?.index ?? null, children: [] };
    next.into.push(node);
    for (const child of Array.from(next.container.children).reverse()) work.push({ container: child, into: node.children });
  }
  return top;
}
