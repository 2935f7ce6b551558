/** A letter that does not fit is refused, so a mailbox comes near its limit and hardly ever to it: where not even this fits it is called full. */
const roomOfLetter = 1024 * 1024;
const scarceShare = 0.95;
const fillingShare = 0.8;

/** How much room a mailbox has, as people are told. Both in bytes; without a limit nothing fits. */
export function storageState(used: number, limit: number): 'free' | 'filling' | 'scarce' | 'full' {
  if (limit - used < Math.min(roomOfLetter, limit / 100) || limit <= 0) return 'full';
  if (used >= limit * scarceShare) return 'scarce';
  return used >= limit * fillingShare ? 'filling' : 'free';
}
