import { setTimeout as sleep } from 'node:timers/promises';
import type { AuthenticationFailure, AuthenticationResult } from '../auth/types.ts';
import { closing, reply, type Reply } from './reply.ts';
import type { SmtpSession } from './session.ts';

type Answer = AuthenticationResult | 'cancelled' | 'malformed' | 'gone';
/** `next` sends a challenge and brings the decoded answer of the client. */
type Mechanism = (session: SmtpSession, next: Challenge) => Promise<Answer>;
type Challenge = (challenge: string) => Promise<string | 'cancelled' | 'malformed' | 'gone'>;

const failuresPerConnection = 5;
const loopback = /^(?:127\.|::1$)/;

/** Passwords go over TLS, and over nothing else but loopback where the operator allows that. */
export function mayAuthenticate(session: SmtpSession): boolean {
  if (!session.profile.offersAuthentication || session.principal) return false;
  return session.encryption !== null || (session.services.settings.cleartextLoginOnLoopback && loopback.test(session.remoteAddress));
}

/** Runs a SASL exchange (RFC 4422 in the profile of RFC 4954) and signs the session in. */
export async function authenticate(session: SmtpSession, mechanism: Mechanism, initial: string | undefined): Promise<Reply> {
  let first = initial;
  const answer = await mechanism(session, async (challenge) => {
    let line = first;
    first = undefined;
    if (line === undefined) {
      session.write(reply(334, null, Buffer.from(challenge).toString('base64')));
      const given = await session.continuation();
      if (given === null) return 'gone';
      line = given;
    } else if (line === '=') {
      line = ''; // RFC 4954 section 4: an initial response that is empty
    }
    if (line === '*') return 'cancelled';
    return isBase64(line) ? Buffer.from(line, 'base64').toString() : 'malformed';
  });
  if (answer === 'gone') return closing(421, '4.4.2', 'No answer');
  if (answer === 'cancelled') return reply(501, '5.7.0', 'Cancelled');
  if (answer === 'malformed') return reply(501, '5.5.2', 'Not a valid response');
  session.services.metrics.logins.inc({ protocol: 'smtp', result: answer.ok ? 'ok' : answer.failure });
  if (answer.ok) {
    session.signIn(answer.principal);
    return reply(235, '2.7.0', 'Angemeldet - signed in');
  }
  const { code, status, text } = failures[answer.failure];
  return ++session.failedLogins >= failuresPerConnection ? closing(421, '4.7.0', text) : reply(code, status, text);
}

const failures: Record<AuthenticationFailure, { code: number; status: string; text: string }> = {
  InvalidCredentials: { code: 535, status: '5.7.8', text: 'Adresse oder Passwort falsch - authentication credentials invalid' },
  TooManyAttempts: { code: 454, status: '4.7.0', text: 'Zu viele Fehlversuche, bitte warten - too many failed attempts, please wait' },
  Suspended: { code: 535, status: '5.7.13', text: 'Postfach gesperrt - mailbox suspended' },
  Unavailable: { code: 454, status: '4.7.0', text: 'Anmeldung voruebergehend nicht moeglich - temporary authentication failure' },
};

// AUTH-LOGIN clients send a line that is empty for an empty name
const isBase64 = (text: string): boolean => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);

const plain: Mechanism = async (session, next) => {
  const response = await next('');
  if (isAbort(response)) return response;
  // RFC 4616: [authorization identity] NUL authentication identity NUL password
  const [authorization, user, password, ...more] = response.split('\0');
  if (user === undefined || password === undefined || more.length > 0 || user === '') return 'malformed';
  if (authorization !== '' && authorization?.toLowerCase() !== user.toLowerCase()) return { ok: false, failure: 'InvalidCredentials' };
  return withPassword(session, user, password);
};

const login: Mechanism = async (session, next) => {
  const user = await next('Username:');
  if (isAbort(user)) return user;
  const password = await next('Password:');
  if (isAbort(password)) return password;
  return withPassword(session, user, password);
};

/** What stands between the key=value pairs of OAUTHBEARER and XOAUTH2. */
const separator = String.fromCharCode(1);

const bearerToken = (pairs: readonly string[]): string | undefined =>
  pairs.map((pair) => /^auth=Bearer +(\S+)$/i.exec(pair)?.[1]).find((token) => token !== undefined);

/** RFC 7628: a failure is told as JSON in a challenge, which the client answers with %x01 or cancels. */
const oauthBearer: Mechanism = async (session, next) => {
  const response = await next('');
  if (isAbort(response)) return response;
  const [header = '', ...pairs] = response.split(separator);
  const matched = /^n,(?:a=([^,]*))?,$/.exec(header);
  const token = bearerToken(pairs);
  if (!matched || !token) return 'malformed';
  const user = (matched[1] ?? '').replaceAll('=2C', ',').replaceAll('=3D', '=');
  return withToken(session, next, user, token, '{"status":"invalid_token"}');
};

const xoauth2: Mechanism = async (session, next) => {
  const response = await next('');
  if (isAbort(response)) return response;
  const pairs = response.split(separator);
  const user = pairs.find((pair) => pair.startsWith('user='))?.slice('user='.length);
  const token = bearerToken(pairs);
  if (user === undefined || !token) return 'malformed';
  return withToken(session, next, user, token, '{"status":"401","schemes":"bearer"}');
};

async function withToken(session: SmtpSession, next: Challenge, user: string, token: string, failure: string): Promise<Answer> {
  const { remoteAddress } = session;
  const result = await session.services.authenticator.bearer({ user, token, remoteAddress, protocol: 'smtp' });
  if (!result.ok && (await next(failure)) === 'gone') return 'gone';
  return result;
}

async function withPassword(session: SmtpSession, user: string, password: string): Promise<Answer> {
  const { remoteAddress } = session;
  const result = await session.services.authenticator.password({ user, password, remoteAddress, protocol: 'smtp' });
  // guessing over one connection is slowed down; the throttle of the authenticator counts over all of them
  if (!result.ok && result.failure === 'InvalidCredentials') await sleep(500 * (session.failedLogins + 1));
  return result;
}

const isAbort = (response: string): response is 'cancelled' | 'malformed' | 'gone' =>
  response === 'cancelled' || response === 'malformed' || response === 'gone';

export const mechanisms: ReadonlyMap<string, Mechanism> = new Map([
  ['PLAIN', plain],
  ['LOGIN', login],
  ['OAUTHBEARER', oauthBearer],
  ['XOAUTH2', xoauth2],
]);
