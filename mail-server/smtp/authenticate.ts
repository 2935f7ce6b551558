import { mayLogIn } from '../auth/cleartext.ts';
import { failuresPerConnection } from '../auth/guess-delay.ts';
import type { SaslExchange } from '../auth/sasl/exchange.ts';
import type { AuthenticationFailure, AuthenticationResult } from '../auth/types.ts';
import { closing, reply, type Reply } from './reply.ts';
import type { SmtpContext } from './context.ts';

/** Passwords go over TLS, and over nothing else but loopback where the operator allows that. */
export function mayAuthenticate(session: SmtpContext): boolean {
  if (!session.profile.offersAuthentication || session.principal) return false;
  return mayLogIn({ secure: session.encryption !== null, remoteAddress: session.remoteAddress }, session.services.settings);
}

/** Runs a SASL exchange in the profile of RFC 4954 and signs the session in. */
export async function authenticate(session: SmtpContext, exchange: SaslExchange, initial: string | null): Promise<Reply | null> {
  let step = await exchange.begin(initial);
  while (step.kind === 'challenge') {
    session.write(reply(334, null, step.text));
    const line = await session.continuation();
    if (typeof line !== 'string') return line;
    step = await exchange.answer(line);
  }
  if (step.kind === 'cancelled') return reply(501, '5.7.0', 'Cancelled');
  if (step.kind === 'malformed') return reply(501, '5.5.2', 'Not a valid response');
  return finish(session, step.result);
}

function finish(session: SmtpContext, result: AuthenticationResult): Reply | null {
  session.services.metrics.logins.inc({ protocol: 'smtp', result: result.ok ? 'ok' : result.failure });
  if (result.ok) return session.signIn(result.principal) ? reply(235, '2.7.0', 'Angemeldet - signed in') : tooManyConnections;
  if (result.cut === 'silent') return null;
  const { code, status, text } = failures[result.failure];
  const isLast = ++session.failedLogins >= failuresPerConnection || result.cut === 'answered';
  return isLast ? closing(421, '4.7.0', text) : reply(code, status, text);
}

const tooManyConnections = closing(421, '4.7.0', 'Zu viele Verbindungen dieses Postfachs - too many connections of this mailbox');

const failures: Record<AuthenticationFailure, { code: number; status: string; text: string }> = {
  InvalidCredentials: { code: 535, status: '5.7.8', text: 'Adresse oder Passwort falsch - authentication credentials invalid' },
  InvalidAppPassword: {
    code: 535,
    status: '5.7.8',
    text: 'Adresse oder App-Passwort falsch, SCRAM geht nur mit App-Passwort - SCRAM takes app passwords only, and this is none',
  },
  NotAuthorized: { code: 535, status: '5.7.8', text: 'Nur als man selbst - acting for another mailbox is not possible' },
  TooManyAttempts: { code: 454, status: '4.7.0', text: 'Zu viele Fehlversuche, bitte warten - too many failed attempts, please wait' },
  Suspended: { code: 535, status: '5.7.13', text: 'Postfach gesperrt - mailbox suspended' },
  Unavailable: { code: 454, status: '4.7.0', text: 'Anmeldung voruebergehend nicht moeglich - temporary authentication failure' },
};
