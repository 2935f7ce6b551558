/**
 * Which letters are being written in some tab of this browser, so that a second tab does not offer them as left behind. Web Locks end with
 * the tab, however it ends. Without them (old browsers, no TLS) a letter may be offered twice; nothing is lost by that.
 */
const prefix = 'postamt:letter:';

/** Holds the letter until the returned function is called. */
export function holdLetter(id: string): () => void {
  let over = false;
  let release = () => {};
  const released = () =>
    new Promise<void>((resolve) => {
      release = resolve;
      if (over) resolve();
    });
  void navigator.locks?.request(prefix + id, { mode: 'shared' }, released);
  return () => {
    over = true;
    release();
  };
}

export async function openElsewhere(): Promise<Set<string>> {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return new Set(held.flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : [])));
}

const inHands = new Map<string, number>();
/** Until a window that is being opened holds its letter itself. */
const openingMs = 5000;

/** This page sees to a letter that no window of it shows: what it does when it is looked at leaves the letter alone, until a moment after the returned function is called. */
export function takeInHand(id: string): () => void {
  inHands.set(id, (inHands.get(id) ?? 0) + 1);
  const forget = () => {
    const left = (inHands.get(id) ?? 0) - 1;
    if (left > 0) inHands.set(id, left);
    else inHands.delete(id);
  };
  return () => void setTimeout(forget, openingMs);
}

/** A letter that this page is taking back: other tabs leave it alone, too. */
export function holdInHands(id: string): () => void {
  const release = holdLetter(id);
  const letGo = takeInHand(id);
  return () => {
    release();
    letGo();
  };
}

export const isInHands = (id: string): boolean => inHands.has(id);
