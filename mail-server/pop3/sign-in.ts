import { setTimeout as pause } from 'node:timers/promises';
import type { AuthenticationFailure, AuthenticationResult } from '../auth/types.ts';
import { failuresPerConnection } from '../auth/guess-delay.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import { limits } from './limits.ts';
import { Maildrop } from './maildrop.ts';
import { err, ok, type ResponseCode } from './reply.ts';
import type { Pop3Context } from './context.ts';

/** RFC 3206: AUTH makes a client ask for the password anew, SYS/TEMP lets it try again later with the one it has. */
const failures: Record<AuthenticationFailure, { code: ResponseCode; text: string }> = {
  InvalidCredentials: { code: 'AUTH', text: 'Wrong address or password' },
  InvalidAppPassword: { code: 'AUTH', text: 'Wrong address or app password; SCRAM takes app passwords only' },
  NotAuthorized: { code: 'AUTH', text: 'Acting for another mailbox is not possible' },
  TooManyAttempts: { code: 'SYS/TEMP', text: 'Too many wrong passwords, wait some minutes' },
  Suspended: { code: 'SYS/PERM', text: 'Mailbox is suspended' },
  Unavailable: { code: 'SYS/TEMP', text: 'Cannot check the password now, try again' },
};

/** Answers a login: opens and locks the maildrop of whom the authenticator let in, or says why not. */
export async function signIn(session: Pop3Context, result: AuthenticationResult): Promise<void> {
  const { connection, services } = session;
  services.metrics.logins.inc({ protocol: 'pop3', result: result.ok ? 'ok' : result.failure });
  if (!result.ok) {
    if (result.cut === 'silent') return session.cut();
    const { code, text } = failures[result.failure];
    session.failedLogins++;
    if (session.failedLogins >= failuresPerConnection || result.cut === 'answered') return session.close(err(text, code));
    return connection.write(err(text, code));
  }
  const { accountId } = result.principal;
  if (!session.place.signIn(result.principal)) return session.close(err('Too many connections of this mailbox', 'SYS/TEMP'));
  const unlock = await takeMaildrop(session, accountId);
  if (!unlock) return connection.write(err('Another POP3 session has this mailbox', 'IN-USE'));
  const maildrop = await Maildrop.open(services.store, accountId).catch(async (error: unknown) => {
    await unlock();
    throw error;
  });
  session.enter(result.principal, maildrop, unlock);
  const { count, octets } = maildrop.total;
  return connection.write(ok(`${count} messages (${octets} octets)`));
}

/** A client whose connection broke may be back before the end of it has reached us: it is given a moment. */
async function takeMaildrop({ connection, services }: Pop3Context, account: AccountId): Promise<(() => Promise<void>) | null> {
  for (let attempt = 1; ; attempt++) {
    const unlock = await services.maildropLocks.take(account);
    if (unlock || attempt >= limits.lockAttempts || connection.isGone) return unlock;
    await pause(limits.lockPauseMs);
  }
}
