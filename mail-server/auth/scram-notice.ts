import type { Logger } from 'pino';
import type { Directory } from '../store/mail-directory.ts';

const askAgainMs = { yes: 60_000, no: 500 };

/**
 * Tells whether SCRAM is worth naming: whether anybody here has an app password that it takes. Answers with what is known and asks the
 * database in the background when that has become old.
 */
export function createScramNotice(directory: Directory, log: Logger): () => boolean {
  let known = false;
  let askAt = 0;
  const ask = async (): Promise<void> => {
    known = await directory.hasScramKeys();
    askAt = performance.now() + (known ? askAgainMs.yes : askAgainMs.no);
  };
  return () => {
    if (performance.now() >= askAt) {
      askAt = performance.now() + askAgainMs.no;
      ask().catch((error: unknown) => log.warn({ err: error }, 'it is not known whether SCRAM is to be named'));
    }
    return known;
  };
}
