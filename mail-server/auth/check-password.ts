import { setTimeout as sleep } from 'node:timers/promises';
import { appPasswordHash } from '../../lib/auth/app-password-hash.ts';
import { networkOf } from '../../lib/addresses/network-of.ts';
import { type LoginThrottle, slowedMs } from '../../lib/auth/login-throttle.ts';
import { createOneAtATime } from '../../lib/workers/one-at-a-time.ts';
import { verifyNobodysPassword, verifyPassword } from '../../lib/auth/password-hash.ts';
import { PasswordMemory, rememberedMs } from '../../lib/auth/password-memory.ts';
import type { EmailAddress } from '../../lib/addresses/email-address.ts';
import type { Directory, MailboxLogin } from '../store/mail-directory.ts';
import type { MailProtocol } from './types.ts';

export type Verdict =
  | { kind: 'password'; login: MailboxLogin }
  | { kind: 'app-password'; login: MailboxLogin; appPasswordId: number }
  /** `repeated`: the same one was wrong before, which is a program that asks again and no guess */
  | { kind: 'wrong'; repeated: boolean }
  | { kind: 'blocked' }
  /** too many wait for their turn where nobody is refused */
  | { kind: 'busy' };

export interface PasswordAttempt {
  address: EmailAddress;
  password: string;
  remoteAddress: string;
  protocol: MailProtocol;
}

const waitingPerPair = 20;
const blocked: Verdict = { kind: 'blocked' };
const wrong: Verdict = { kind: 'wrong', repeated: false };

/**
 * Tells whether a password opens a mailbox, and counts what fails. In order: throttle and directory (one round trip) → app password, if it
 * looks like one (SHA-256; nobody guesses 130 bits, so no block keeps it out) → what is remembered as right or wrong → the mailbox's own
 * (argon2id), in turn. A mailbox that does not exist costs the same argon2id. Status (suspended) is not looked at here.
 */
export function createPasswordCheck({ directory, throttle }: { directory: Directory; throttle: LoginThrottle }) {
  const memory = new PasswordMemory(rememberedMs);
  const running = new Map<string, Promise<Verdict>>();
  // guesses sent side by side would all be looked at before the first failure is counted
  const inTurn = createOneAtATime(waitingPerPair);

  const byAppPassword = async (attempt: PasswordAttempt, login: MailboxLogin): Promise<Verdict | null> => {
    const hash = appPasswordHash(attempt.password);
    // biome-ignore lint/correctness/useHookAtTopLevel: a verb of the directory, nothing of React
    const appPasswordId = hash && (await directory.useAppPassword(login.accountId, hash, attempt.protocol));
    return appPasswordId ? { kind: 'app-password', login, appPasswordId } : null;
  };

  const judgeAndCount = async (attempt: PasswordAttempt, login: MailboxLogin | null, digest: string): Promise<Verdict> => {
    // asked again: others may have failed while this one waited for its turn
    const { waitS, slow, note } = await throttle.check(attempt);
    if (waitS > 0) return blocked;
    if (slow) await sleep(slowedMs);
    const right = login ? await verifyPassword(attempt.password, login.passwordHash) : await verifyNobodysPassword(attempt.password);
    memory.add(digest, login !== null && right);
    if (login && right) {
      if (note) await throttle.succeed(attempt);
      return { kind: 'password', login };
    }
    await throttle.fail(attempt);
    return wrong;
  };

  return async (attempt: PasswordAttempt): Promise<Verdict> => {
    const [{ waitS, slow, note }, found] = await Promise.all([throttle.check(attempt), directory.login(attempt.address)]);
    const login = found?.status === 'deleted' ? null : found;
    const app = login && (await byAppPassword(attempt, login));
    if (waitS > 0 && !app) return blocked;
    const digest = memory.digest(login ? `${login.accountId} ${login.credentialVersion}` : attempt.address, attempt.password);
    const known = memory.isRight(digest);
    const opens = app ?? (login && known ? ({ kind: 'password', login } as const) : null);
    if (opens) {
      if (note) await throttle.succeed(attempt);
      return opens;
    }
    if (known === false) return { kind: 'wrong', repeated: true };
    const pair = `${attempt.address} ${networkOf(attempt.remoteAddress)}`;
    const same = `${pair} ${digest}`;
    const already = running.get(same);
    if (already) return already;
    const verdict = inTurn(pair, () => judgeAndCount(attempt, login, digest)).then(
      (judged): Verdict => judged ?? (slow ? { kind: 'busy' } : blocked),
    );
    running.set(same, verdict);
    const forget = (): boolean => running.delete(same);
    verdict.then(forget, forget);
    return verdict;
  };
}
