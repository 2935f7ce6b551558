/**
 * What statements of one transaction bring that are under way at the same time. Where one fails the others are waited for: a statement that
 * is begun after the transaction was given up would stand alone, and be committed.
 */
export async function inOneGo<Result>(running: readonly Promise<Result>[]): Promise<Result[]> {
  const ended = await Promise.allSettled(running);
  return ended.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}
