const firstDelayS = 300;
const longestDelayS = 4 * 3600;
const soonS = 15;
const spread = 0.2;
/** No letter that nobody holds waits longer. */
export const longestWaitS = longestDelayS * (1 + spread);

/**
 * Seconds until the next attempt after `attempts` that failed: 5, 10, 20, 40 … minutes, at most 4 hours, each up to a fifth more: a host that
 * asks to come back after five minutes (greylisting) means no less.
 */
export function retryDelaySeconds(attempts: number, random: number = Math.random()): number {
  const delay = Math.min(longestDelayS, firstDelayS * 2 ** Math.min(attempts, 16));
  return Math.round(delay * (1 + spread * random));
}

/**
 * Seconds until that is tried for which the house itself was not ready, whatever came before: a database that was cut off is back within moments. Of what
 * waits for longer a tenth of that time, up to the first pause of the schedule: should it be the letter that the database falls over, it does so seldom.
 */
export const soonSeconds = (waitedMs: number, random: number = Math.random()): number =>
  Math.round(Math.min(firstDelayS, Math.max(soonS, waitedMs / 10_000)) * (1 + random));
