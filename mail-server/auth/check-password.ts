import { appPasswordHash } from '../../lib/auth/app-password-hash.ts';
import { type LoginThrottle, networkOf } from '../../lib/auth/login-throttle.ts';
import { verifyNobodysPassword, verifyPassword } from '../../lib/auth/password-hash.ts';
import type { EmailAddress } from '../../lib/addresses/email-address.ts';
import type { Directory, MailboxLogin } from '../store/types.ts';
import { Turns } from './turns.ts';
import type { MailProtocol } from './types.ts';
import { VerifiedPasswords } from './verified-passwords.ts';

export type Verdict =
  | { kind: 'password'; login: MailboxLogin }
  | { kind: 'app-password'; login: MailboxLogin; appPasswordId: number }
  | { kind: 'wrong' }
  | { kind: 'blocked' };

export interface PasswordAttempt {
  address: EmailAddress;
  password: string;
  remoteAddress: string;
  protocol: MailProtocol;
}

const waitingPerPair = 20;
const wrong: Verdict = { kind: 'wrong' };
const blocked: Verdict = { kind: 'blocked' };

/**
 * Tells whether a password opens a mailbox, and counts what fails. In order: throttle and directory (one round trip) → what was verified
 * within the last minute → app password, if it looks like one (SHA-256) → the mailbox's own (argon2id). A mailbox that does not exist
 * costs the same argon2id. Status (suspended) is not looked at here.
 */
export function createPasswordCheck({ directory, throttle }: { directory: Directory; throttle: LoginThrottle }) {
  const verified = new VerifiedPasswords();
  const running = new Map<string, Promise<Verdict>>();
  const turns = new Turns(waitingPerPair);

  const judge = async (attempt: PasswordAttempt, login: MailboxLogin | null): Promise<Verdict> => {
    const appHash = login && appPasswordHash(attempt.password);
    // biome-ignore lint/correctness/useHookAtTopLevel: a verb of the directory, nothing of React
    const appPasswordId = login && appHash && (await directory.useAppPassword(login.accountId, appHash, attempt.protocol));
    if (login && appPasswordId) return { kind: 'app-password', login, appPasswordId };
    const right = login ? await verifyPassword(attempt.password, login.passwordHash) : await verifyNobodysPassword(attempt.password);
    return login && right ? { kind: 'password', login } : wrong;
  };

  const judgeAndCount = async (attempt: PasswordAttempt, login: MailboxLogin | null, digest: string): Promise<Verdict> => {
    // asked again: others may have failed while this one waited for its turn
    const { waitS, note } = await throttle.check(attempt);
    if (waitS > 0) return blocked;
    const verdict = await judge(attempt, login);
    if (verdict.kind === 'wrong') await throttle.fail(attempt);
    else if (note) await throttle.succeed(attempt);
    if (verdict.kind === 'password') verified.add(digest);
    return verdict;
  };

  return async (attempt: PasswordAttempt): Promise<Verdict> => {
    const [{ waitS, note }, found] = await Promise.all([throttle.check(attempt), directory.login(attempt.address)]);
    if (waitS > 0) return blocked;
    const login = found?.status === 'deleted' ? null : found;
    const subject = login ? `${login.accountId} ${login.credentialVersion}` : attempt.address;
    const digest = verified.digest(subject, attempt.password);
    if (login && verified.has(digest)) {
      if (note) await throttle.succeed(attempt);
      return { kind: 'password', login };
    }
    const pair = `${attempt.address} ${networkOf(attempt.remoteAddress)}`;
    const same = `${pair} ${digest}`;
    const already = running.get(same);
    if (already) return already;
    const verdict = turns.take(pair, () => judgeAndCount(attempt, login, digest));
    if (!verdict) return blocked;
    running.set(same, verdict);
    const forget = (): boolean => running.delete(same);
    verdict.then(forget, forget);
    return verdict;
  };
}
