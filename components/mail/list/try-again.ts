import { isSignedOut, type MailRequestError } from '../mail-api.ts';

const firstPauseMs = 2_000;
const longestPauseMs = 30_000;

/**
 * Takes up what failed, after pauses that grow. The server says once that something changed: an answer that then fails to come would leave
 * the list without the letter until the next one.
 */
export class TryAgain {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private failures = 0;
  private readonly run: () => void;

  constructor(run: () => void) {
    this.run = run;
  }

  /** A sign-in that ended and a folder that is gone do not come back by asking. */
  failed(error: MailRequestError): void {
    if (this.timer || isSignedOut(error) || error.problem.code === 'NotFound') return;
    this.timer = setTimeout(
      () => {
        this.timer = null;
        this.run();
      },
      Math.min(longestPauseMs, firstPauseMs * 2 ** this.failures),
    );
    this.failures += 1;
  }

  done(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.failures = 0;
  }
}
