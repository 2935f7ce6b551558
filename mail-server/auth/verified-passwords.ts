import { createHmac, randomBytes } from 'node:crypto';

const keptForMs = 60_000;
const mostKept = 20_000;

/**
 * Remembers for a minute which passwords were right, so that the four to eight connections that a client opens at once cost one argon2
 * verification. Holds no password: the key is an HMAC under a key that only this process has, over account, version of the credentials
 * (a changed password is forgotten at once) and password.
 */
export class VerifiedPasswords {
  readonly #key = randomBytes(32);
  readonly #until = new Map<string, number>();

  /** `subject`: account and credential version, or the login name of nobody. */
  digest(subject: string, password: string): string {
    return createHmac('sha256', this.#key).update(`${subject.length}:${subject}`).update(password).digest('base64');
  }

  has(digest: string): boolean {
    const until = this.#until.get(digest);
    if (until === undefined) return false;
    if (until > Date.now()) return true;
    this.#until.delete(digest);
    return false;
  }

  add(digest: string): void {
    this.#until.delete(digest);
    this.#until.set(digest, Date.now() + keptForMs);
    for (const [oldest] of this.#until) {
      if (this.#until.size <= mostKept) break;
      this.#until.delete(oldest);
    }
  }
}
