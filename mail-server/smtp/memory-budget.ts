/** All messages that a process receives at one time share this much memory; a client beyond it is asked to come back. */
const budgetBytes = 512 * 1024 * 1024;

let reservedBytes = 0;

export function reserve(bytes: number): boolean {
  if (reservedBytes + bytes > budgetBytes) return false;
  reservedBytes += bytes;
  return true;
}

export function release(bytes: number): void {
  reservedBytes -= bytes;
}
