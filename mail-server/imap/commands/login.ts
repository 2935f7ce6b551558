import { credentialText } from '../../auth/credential-text.ts';
import { failuresPerConnection } from '../../auth/guess-delay.ts';
import type { AuthenticationFailure, AuthenticationResult } from '../../auth/types.ts';
import { capabilities } from '../capabilities.ts';
import { no, ok, type Completion } from '../completion.ts';
import { ConnectionLost } from '../serializer/response-writer.ts';
import { ParseError } from '../parser/parse-error.ts';
import type { ImapSession } from '../context.ts';
import type { Command } from './command.ts';

const failures: Record<AuthenticationFailure, Completion> = {
  InvalidCredentials: no('Address or password is wrong', 'AUTHENTICATIONFAILED'),
  InvalidAppPassword: no('Address or app password is wrong; SCRAM takes app passwords only', 'AUTHENTICATIONFAILED'),
  NotAuthorized: no('Acting for another mailbox is not possible', 'AUTHORIZATIONFAILED'),
  TooManyAttempts: no('Too many failed logins, try again later', 'LIMIT'),
  Suspended: no('This mailbox is suspended', 'CONTACTADMIN'),
  Unavailable: no('Login is not possible at the moment, try again later', 'UNAVAILABLE'),
};
export const cleartextRefused = no('Use TLS before you log in', 'PRIVACYREQUIRED');

/** RFC 9051 section 6.2.3 */
export const login: Command = {
  states: ['not-authenticated'],
  updates: 'none',
  async run(session, args) {
    args.space();
    const user = textOf(args.astring());
    args.space();
    const password = textOf(args.astring());
    args.end();
    if (!session.mayLogIn) return cleartextRefused;
    const { authenticator } = session.services;
    const attempt = { user, password, remoteAddress: session.remoteAddress, protocol: 'imap' } as const;
    return finishLogin(session, await authenticator.password(attempt));
  },
};

/** The part that LOGIN and AUTHENTICATE share: state, limits, and what the client is told. */
export async function finishLogin(session: ImapSession, result: AuthenticationResult): Promise<Completion> {
  if (session.state !== 'not-authenticated') return no('The connection is closing', 'UNAVAILABLE');
  session.services.metrics.logins.inc({ protocol: 'imap', result: result.ok ? 'ok' : result.failure });
  if (!result.ok) {
    if (result.cut === 'silent') throw new ConnectionLost();
    session.failedLogins += result.cut === 'answered' ? failuresPerConnection : 1;
    return failures[result.failure];
  }
  if (!session.authenticated(result.principal)) {
    session.services.log.info(
      { remoteAddress: session.remoteAddress, account: result.principal.accountId },
      'too many connections of the mailbox',
    );
    return no('Too many connections of this mailbox', 'LIMIT');
  }
  return ok('Logged in', `CAPABILITY ${capabilities(session)}`);
}

function textOf(bytes: Buffer): string {
  const text = credentialText(bytes);
  if (text.includes('\0')) throw new ParseError('NUL is in no name and no password');
  return text;
}
