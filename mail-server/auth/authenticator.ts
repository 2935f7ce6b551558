import type { Logger } from 'pino';
import { networkOf } from '../../lib/addresses/network-of.ts';
import { createLoginThrottle, loginThrottleStatements } from '../../lib/auth/login-throttle.ts';
import { isPossiblePassword, PasswordHashingBusy, verifyNobodysPassword } from '../../lib/auth/password-hash.ts';
import { parseEmailAddress } from '../../lib/addresses/email-address.ts';
import { BoundedMap } from '../../lib/workers/bounded-map.ts';
import type { Database } from '../store/postgres/database.ts';
import { sharedGuesses } from '../store/guesses.ts';
import { StoreError } from '../store/store-error.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import type { Directory, MailboxLogin } from '../store/mail-directory.ts';
import { createScramNotice } from './scram-notice.ts';
import { createProofCheck } from './check-proof.ts';
import { createPasswordCheck, type Verdict } from './check-password.ts';
import { GuessDelay, type GuessDelayOptions } from './guess-delay.ts';
import { createTokenCheck } from './check-token.ts';
import { createLoginWatch } from './login-watch.ts';
import type { AuthenticationFailure, AuthenticationResult, Authenticator, MailProtocol, Principal, ScramProof } from './types.ts';

export interface AuthenticatorOptions {
  directory: Directory;
  database: Database;
  /** POSTAMT_SECRET */
  secret: string;
  /** POSTAMT_LOGIN_FAILURES, POSTAMT_LOGIN_WAIT_S */
  throttle: { failures: number; waitS: number };
  /** how wrong answers are slowed down */
  guessDelay?: GuessDelayOptions;
  /** how often open sessions are looked at, ms */
  watchEveryMs?: number;
  /** false: SCRAM is named to nobody, though taken from who asks */
  namesScram?: boolean;
  log: Logger;
}

type PasswordGiven = Parameters<Authenticator['password']>[0];

const noteLoginEveryMs = 60_000;
const mostNoted = 50_000;

/** Who may sign in, for all protocols. Never logs a password or a token; a login name only if it has the form of an address. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { directory, database, log } = options;
  const throttle = createLoginThrottle(
    async (statement, values) => {
      const query = statement === loginThrottleStatements.check ? database.read : database.write;
      return (await query(statement, values))[0] ?? [];
    },
    { ...options.throttle, secret: options.secret },
  );
  const guesses = new GuessDelay(options.guessDelay, sharedGuesses(database, 'login'));
  const checkPassword = createPasswordCheck({ directory, throttle });
  const proofs = createProofCheck({ directory, throttle, secret: options.secret });
  const namesScram = options.namesScram === false ? () => false : createScramNotice(directory, log);
  const checkToken = createTokenCheck({ directory, secret: options.secret });
  const noteLogin = createLoginNotes(directory, log);

  const admit = (
    login: MailboxLogin,
    credential: Principal['credential'],
    by: { appPasswordId?: number; sessionId?: number | null } = {},
  ): AuthenticationResult => {
    if (login.status !== 'active' || login.customerStatus !== 'active') return { ok: false, failure: 'Suspended' };
    noteLogin(login.accountId);
    const { accountId, customerId, address, name, locale, credentialVersion } = login;
    return {
      ok: true,
      principal: {
        accountId,
        customerId,
        address,
        name,
        locale,
        credential,
        credentialVersion,
        appPasswordId: by.appPasswordId ?? null,
        ...(by.sessionId == null ? {} : { sessionId: by.sessionId }),
      },
    };
  };

  /** Logs the outcome; what fails unexpectedly says "try again". */
  const report = async (
    attempt: { user: string; remoteAddress: string; protocol: MailProtocol },
    outcome: Promise<AuthenticationResult>,
  ): Promise<AuthenticationResult> => {
    const result = await outcome.catch((error: unknown): AuthenticationResult => {
      const expected = error instanceof PasswordHashingBusy || (error instanceof StoreError && error.code === 'Unavailable');
      log[expected ? 'warn' : 'error']({ err: error }, 'login could not be decided');
      return failure('Unavailable');
    });
    const { protocol, remoteAddress } = attempt;
    if (result.ok) {
      const { address: user, accountId: account, credential: by } = result.principal;
      log.info({ protocol, remoteAddress, user, account, by }, 'login');
    } else
      log.info({ protocol, remoteAddress, user: parseEmailAddress(attempt.user) ?? 'no address', failure: result.failure }, 'login failed');
    return result;
  };

  /** Who guessed wrong hears of it in his turn; who is blocked already need not go on. */
  const delayed = async (
    remoteAddress: string,
    code: 'InvalidCredentials' | 'InvalidAppPassword' | 'TooManyAttempts',
    repeated = false,
  ): Promise<AuthenticationResult> => {
    const answered = await guesses.wrong(networkOf(remoteAddress), repeated);
    if (!answered) return { ok: false, failure: code, cut: 'silent' };
    return code === 'TooManyAttempts' ? { ok: false, failure: code, cut: 'answered' } : failure(code);
  };

  const byPassword = async ({ user, password, remoteAddress, protocol }: PasswordGiven): Promise<AuthenticationResult> => {
    const address = parseEmailAddress(user);
    if (!address || !isPossiblePassword(password)) {
      const subject = { address: address ?? 'no address', remoteAddress, password: '' };
      if ((await throttle.check(subject)).waitS > 0) return delayed(remoteAddress, 'TooManyAttempts');
      await verifyNobodysPassword('');
      await throttle.fail(subject);
      return delayed(remoteAddress, 'InvalidCredentials');
    }
    return answer(await checkPassword({ address, password, remoteAddress, protocol }), remoteAddress, 'InvalidCredentials');
  };

  const answer = async (
    verdict: Verdict,
    remoteAddress: string,
    wrong: 'InvalidCredentials' | 'InvalidAppPassword',
  ): Promise<AuthenticationResult> => {
    switch (verdict.kind) {
      case 'blocked':
        return delayed(remoteAddress, 'TooManyAttempts');
      case 'wrong':
        return delayed(remoteAddress, wrong, verdict.repeated);
      case 'busy':
        return failure('Unavailable');
      case 'app-password':
        return admit(verdict.login, verdict.kind, { appPasswordId: verdict.appPasswordId });
      case 'password':
        return admit(verdict.login, verdict.kind);
    }
  };

  const byProof = async (attempt: ScramProof, keep: (signature: Buffer | null) => void): Promise<AuthenticationResult> => {
    const { remoteAddress } = attempt;
    const address = parseEmailAddress(attempt.user);
    if (!address) return answer(await nobody(remoteAddress), remoteAddress, 'InvalidAppPassword');
    const { verdict, serverSignature } = await proofs.check(attempt, address);
    keep(serverSignature);
    return answer(verdict, remoteAddress, 'InvalidAppPassword');
  };
  const nobody = async (remoteAddress: string): Promise<Verdict> => {
    const subject = { address: 'no address', remoteAddress };
    if ((await throttle.check(subject)).waitS > 0) return { kind: 'blocked' };
    await throttle.fail(subject);
    return { kind: 'wrong', repeated: false };
  };

  return {
    password: (attempt) => report(attempt, byPassword(attempt)),
    get namesScram() {
      return namesScram();
    },
    scramSalt: (user) => proofs.salt(user),
    async scram(attempt) {
      let serverSignature: Buffer | null = null;
      const result = await report(
        attempt,
        byProof(attempt, (signature) => (serverSignature = signature)),
      );
      return { result, serverSignature: result.ok ? serverSignature : null };
    },
    bearer: (attempt) =>
      report(
        attempt,
        (async () => {
          const known = await checkToken(attempt.user, attempt.token);
          return known ? admit(known.login, 'token', { sessionId: known.sessionId }) : failure('InvalidCredentials');
        })(),
      ),
    ...createLoginWatch({ directory, log, everyMs: options.watchEveryMs ?? 4_000 }),
  };
}

const failure = (code: AuthenticationFailure): AuthenticationResult => ({ ok: false, failure: code });

/** Notes the last login in the background, at most once a minute and mailbox. */
function createLoginNotes(directory: Directory, log: Logger): (account: AccountId) => void {
  const noted = new BoundedMap<AccountId, number>(mostNoted);
  return (account) => {
    const now = performance.now();
    if (now - (noted.get(account) ?? -Infinity) < noteLoginEveryMs) return;
    noted.set(account, now);
    directory.noteLogin(account).catch((error: unknown) => log.warn({ err: error, account }, 'last login could not be noted'));
  };
}
