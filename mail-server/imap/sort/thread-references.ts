import { sortInTurns } from './sort-in-turns.ts';
import { linkReferences, type Container } from './link-references.ts';
import type { ThreadMessage, ThreadNode } from './thread-tree.ts';

type Pace = () => Promise<void> | null;
const itemsBetweenPaces = 1_024;

/**
 * REFERENCES of RFC 5256 section 4, step by step as the RFC numbers them. Time is linear but for the sorting, whatever the messages refer to, and is
 * taken in turns.
 */
export async function threadByReferences(messages: readonly ThreadMessage[], pace: Pace): Promise<ThreadNode[]> {
  const containers = await linkReferences(messages, pace); // step 1
  const pruned = await prune(await parentsFirst(containers, pace), pace); // steps 2 and 3
  const sorted = await sortByDate(pruned, pace); // step 4
  const merged = await mergeSubjects(sorted, pace); // step 5
  return toNodes(await sortByDate(merged, pace), pace); // step 6
}

/** All containers, each behind its parent. */
async function parentsFirst(containers: readonly Container[], pace: Pace): Promise<Container[]> {
  const order = containers.filter(({ parent }) => parent === null);
  for (const container of containers) container.parent?.children.push(container);
  await pace();
  for (let at = 0; at < order.length; at++) {
    if (at % itemsBetweenPaces === 0) await pace();
    for (const child of order[at]?.children ?? []) order.push(child);
  }
  return order;
}

/**
 * Step 3: places without a message and without children go; those with children give them to their parent, but at the top only an only
 * child. Each message goes to the nearest message above it at once: from one empty place up to the next, all that hangs below would be moved
 * over and over.
 */
async function prune(order: readonly Container[], pace: Pace): Promise<Container[]> {
  /** for an empty place: what stands for it, the message above it or the empty place at the top */
  const keeper = new Map<Container, Container>();
  const roots: Container[] = [];
  for (const [at, container] of order.entries()) {
    if (at % itemsBetweenPaces === 0) await pace();
    const { parent } = container;
    const above = parent && (parent.message ? parent : (keeper.get(parent) ?? parent));
    container.children = [];
    if (!above) roots.push(container);
    else if (container.message) {
      container.parent = above;
      above.children.push(container);
    } else keeper.set(container, above);
  }
  const top: Container[] = [];
  for (const root of roots) {
    const [only] = root.children;
    if (root.message || root.children.length > 1) top.push(root);
    else if (only) top.push(only);
  }
  return top;
}

/** The date a container is sorted by: its own, or that of its first child. */
const dated = (container: Container): ThreadMessage | null => container.message ?? container.children[0]?.message ?? null;

function compare(a: Container, b: Container): number {
  const left = dated(a);
  const right = dated(b);
  if (!left || !right) return 0;
  return left.sentMs - right.sentMs || left.index - right.index;
}

/** Steps 4 and 6: children below children first, so that a place without a message knows its first child. */
async function sortByDate(roots: readonly Container[], pace: Pace): Promise<Container[]> {
  const order = [...roots];
  for (let at = 0; at < order.length; at++) {
    if (at % itemsBetweenPaces === 0) await pace();
    for (const child of order[at]?.children ?? []) order.push(child);
  }
  for (let at = order.length - 1; at >= 0; at--) {
    if (at % itemsBetweenPaces === 0) await pace();
    const container = order[at];
    if (container && container.children.length > 1) container.children = await sortChildren(container.children, pace);
  }
  return sortInTurns(roots, compare, pace);
}

const sortChildren = (children: Container[], pace: Pace): Promise<Container[]> | Container[] =>
  children.length > itemsBetweenPaces ? sortInTurns(children, compare, pace) : children.sort(compare);

/** Step 5: threads at the top with the same base subject become one. */
async function mergeSubjects(roots: readonly Container[], pace: Pace): Promise<Container[]> {
  await pace();
  const table = new Map<string, Container>();
  for (const root of roots) {
    const subject = dated(root)?.subject ?? '';
    if (subject === '') continue;
    const known = table.get(subject);
    // the one without a message, else the one that is no reply, stands for the subject
    if (!known || (known.message && !root.message) || (isReply(known) && !isReply(root) && known.message)) table.set(subject, root);
  }
  await pace();
  const left = new Set(roots);
  for (const root of roots) {
    const other = table.get(dated(root)?.subject ?? '');
    if (!other || other === root || !left.has(root)) continue;
    left.delete(root);
    if (!other.message && !root.message) for (const child of root.children) other.children.push(child);
    else if (!other.message || (isReply(root) && !isReply(other))) other.children.push(root);
    else {
      // two of the same kind: brothers below a place without a message
      const place: Container = { message: null, parent: null, children: [other, root] };
      left.delete(other);
      left.add(place);
      table.set(dated(other)?.subject ?? '', place);
    }
  }
  return Array.from(left);
}

const isReply = (container: Container): boolean => dated(container)?.isReply ?? false;

async function toNodes(roots: readonly Container[], pace: Pace): Promise<ThreadNode[]> {
  const top: ThreadNode[] = [];
  const work: Array<{ container: Container; into: ThreadNode[] }> = [...roots].reverse().map((container) => ({ container, into: top }));
  let done = 0;
  for (let next = work.pop(); next; next = work.pop()) {
    if (++done % itemsBetweenPaces === 0) await pace();
    const node: ThreadNode = { index: next.container.message?.index ?? null, children: [] };
    next.into.push(node);
    for (const child of [...next.container.children].reverse()) work.push({ container: child, into: node.children });
  }
  return top;
}
