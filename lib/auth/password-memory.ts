import { BoundedMap } from '../workers/bounded-map.ts';
import { createHmac, randomBytes } from 'node:crypto';

const mostKept = 20_000;
/** How long a process remembers (decision 45). */
export const rememberedMs = 12 * 3_600_000;

/**
 * Remembers for a while what was found out about passwords: which were right, so that the four to eight connections that a client opens at
 * once cost one argon2 verification, and which were wrong, so that a forgotten telephone costs nothing and keeps nobody waiting. Holds no
 * password: the key is an HMAC under a key that only this process has, over account, version of the credentials (a changed password is
 * forgotten at once) and password.
 */
export class PasswordMemory {
  readonly #key = randomBytes(32);
  readonly #keptForMs: number;
  readonly #known = new BoundedMap<string, { isRight: boolean; until: number }>(mostKept);

  constructor(keptForMs: number) {
    this.#keptForMs = keptForMs;
  }

  /** `subject`: account and credential version, or the login name of nobody. */
  digest(subject: string, password: string): string {
    return createHmac('sha256', this.#key).update(`${subject.length}:${subject}`).update(password).digest('base64');
  }

  /** Null: not known. */
  isRight(digest: string): boolean | null {
    const known = this.#known.get(digest);
    if (known === undefined) return null;
    if (known.until > performance.now()) return known.isRight;
    this.#known.delete(digest);
    return null;
  }

  add(digest: string, isRight: boolean): void {
    this.#known.set(digest, { isRight, until: performance.now() + this.#keptForMs });
  }
}
