/** All messages that a process receives at one time share this much memory, but there is always room for two of the largest. */
const budgetBytes = 256 * 1024 * 1024;

let reservedBytes = 0;

/** False: the client is asked to come back later. */
export function reserve(bytes: number, messageBytes: number): boolean {
  if (reservedBytes + bytes > Math.max(budgetBytes, 2 * messageBytes)) return false;
  reservedBytes += bytes;
  return true;
}

export function release(bytes: number): void {
  reservedBytes -= bytes;
}
