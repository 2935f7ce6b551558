import { createHmac } from 'node:crypto';
import { networkOf } from '../addresses/network-of.ts';
import { deriveKey } from './derive-key.ts';

/** The functions prisma/functions/login_throttle_…; every value comes back in the order of the select list. */
export const loginThrottleStatements = {
  check: { name: 'login_throttle_check', text: 'SELECT o_wait_s, o_slow, o_note FROM login_throttle_check($1, $2)' },
  fail: { name: 'login_throttle_fail', text: 'SELECT o_wait_s FROM login_throttle_fail($1, $2, $3::int, $4::int, $5::bytea)' },
  // void is no type for every driver
  succeed: { name: 'login_throttle_succeed', text: "SELECT coalesce(login_throttle_succeed($1, $2)::text, '')" },
} as const;

/** Runs one of the statements and gives the values of its only row. Prisma: `Object.values((await $queryRawUnsafe(s.text, ...v))[0])`. */
export type RunThrottleStatement = (statement: { name: string; text: string }, values: readonly unknown[]) => Promise<readonly unknown[]>;

export interface LoginThrottle {
  /**
   * Before a password is looked at. waitS > 0: refuse, right or wrong. `slow`: look at it no sooner than `slowedMs` from now and one after
   * the other. `note`: call succeed after the right password.
   */
  check(attempt: LoginAttempt): Promise<{ waitS: number; slow: boolean; note: boolean }>;
  /** After a wrong password; the same one counts once (without one, each failure counts). Seconds to wait from now on (0: may try again). */
  fail(attempt: LoginAttempt & { password?: string }): Promise<number>;
  /** After the right password, if check said `note`. */
  succeed(attempt: LoginAttempt): Promise<void>;
}

export interface LoginAttempt {
  /** the login name, parsed */
  address: string;
  /** IP address of the client */
  remoteAddress: string;
}

export interface LoginThrottleLimits {
  /** POSTAMT_LOGIN_FAILURES */
  failures: number;
  /** POSTAMT_LOGIN_WAIT_S */
  waitS: number;
  /** POSTAMT_SECRET */
  secret: string;
}

/** Where a block only slows down, a guess takes so long. */
export const slowedMs = 2_000;

/** Counts failed logins in the database, for the web and all mail-server processes together. */
export function createLoginThrottle(run: RunThrottleStatement, limits: LoginThrottleLimits): LoginThrottle {
  const key = deriveKey(limits.secret, 'failed secrets v1');
  const digest = (address: string, password: string | undefined): Buffer | null =>
    password === undefined ? null : createHmac('sha256', key).update(`${address.length}:${address}`).update(password).digest();
  const keys = (attempt: LoginAttempt) => [attempt.address, networkOf(attempt.remoteAddress)];
  return {
    async check(attempt) {
      const [waitS, slow, note] = await run(loginThrottleStatements.check, keys(attempt));
      return { waitS: Number(waitS), slow: slow === true, note: note === true };
    },
    async fail(attempt) {
      const [waitS] = await run(loginThrottleStatements.fail, [
        ...keys(attempt),
        limits.failures,
        limits.waitS,
        digest(attempt.address, attempt.password),
      ]);
      return Number(waitS);
    },
    async succeed(attempt) {
      await run(loginThrottleStatements.succeed, keys(attempt));
    },
  };
}
