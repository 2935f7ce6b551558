import { decodeBase64, parseBearerResponse, parsePlainResponse } from '../../auth/parse-sasl.ts';
import type { AuthenticationFailure, AuthenticationResult } from '../../auth/types.ts';
import { limits } from '../limits.ts';
import { decodeUtf8 } from '../read-command.ts';
import { bye, no, ok, type ResponseCode, writeString } from '../reply.ts';
import type { ManageSieveSession } from '../session.ts';
import type { Command } from './command.ts';

/** The exchange came to no answer: cancelled by the client, or not base64. */
class ExchangeEnded extends Error {}

type Mechanism = (session: ManageSieveSession, initial: Buffer | null) => Promise<AuthenticationResult>;

const invalid: AuthenticationResult = { ok: false, failure: 'InvalidCredentials' };

const plain: Mechanism = async (session, initial) => {
  const response = parsePlainResponse(initial ?? (await ask(session, '')));
  // acting as somebody else is not offered (RFC 4616 section 2)
  if (!response || (response.authorizationId !== '' && response.authorizationId.toLowerCase() !== response.user.toLowerCase())) {
    return invalid;
  }
  const { user, password } = response;
  const { remoteAddress } = session.connection;
  return session.services.authenticator.password({ user, password, remoteAddress, protocol: 'managesieve' });
};

const oauthBearer: Mechanism = async (session, initial) => {
  const response = parseBearerResponse(initial ?? (await ask(session, '')));
  const { remoteAddress } = session.connection;
  const { authenticator } = session.services;
  const result = response ? await authenticator.bearer({ ...response, remoteAddress, protocol: 'managesieve' }) : invalid;
  // RFC 7628 section 3.2.2: the reason goes out as a challenge, whatever the client answers the exchange has failed
  if (!result.ok) await ask(session, '{"status":"invalid_token"}').catch(ignoreEnded);
  return result;
};

const ignoreEnded = (error: unknown): void => {
  if (!(error instanceof ExchangeEnded)) throw error;
};

/** In the order in which they are advertised. */
export const mechanisms: ReadonlyMap<string, Mechanism> = new Map([
  ['PLAIN', plain],
  ['OAUTHBEARER', oauthBearer],
]);

const failures: Record<AuthenticationFailure, { text: string; code?: ResponseCode }> = {
  InvalidCredentials: { text: 'Wrong address or password' },
  TooManyAttempts: { text: 'Too many wrong passwords, wait some minutes', code: 'TRYLATER' },
  Suspended: { text: 'Mailbox is suspended' },
  Unavailable: { text: 'Cannot check the password now, try again', code: 'TRYLATER' },
};

/** RFC 5804 section 2.1. */
export const authenticate: Command = {
  states: ['signed out'],
  async run(session, args) {
    const { connection } = session;
    const [name, given] = args.map((argument) => (argument.kind === 'string' ? argument.value : null));
    if (!session.mayLogIn) return connection.write(no('Start TLS first', 'ENCRYPT-NEEDED'));
    const mechanism = mechanisms.get(name?.toUpperCase() ?? '');
    if (mechanism === undefined || args.length > 2) return connection.write(no('Unknown mechanism'));
    const initial = given === undefined ? null : decodeBase64(given ?? '*');
    if (given !== undefined && initial === null) return connection.write(no('Not base64'));
    try {
      return await conclude(session, await mechanism(session, initial));
    } catch (error) {
      if (!(error instanceof ExchangeEnded)) throw error;
      return connection.write(no(error.message));
    }
  },
};

async function conclude(session: ManageSieveSession, result: AuthenticationResult): Promise<void> {
  session.services.metrics.logins.inc({ protocol: 'managesieve', result: result.ok ? 'ok' : result.failure });
  if (result.ok) {
    session.enter(result.principal);
    return session.connection.write(ok('Signed in'));
  }
  const { text, code } = failures[result.failure];
  if (++session.failedLogins >= limits.failedLogins) return session.close(bye(text, code));
  return session.connection.write(no(text, code));
}

/** A challenge goes out as a string, and a string comes back, quoted or a literal. */
async function ask({ connection }: ManageSieveSession, text: string): Promise<Buffer> {
  await connection.write(`${writeString(Buffer.from(text).toString('base64'))}\r\n`);
  const line = (await connection.readLine()).toString('latin1');
  const literal = /^\{(\d{1,6})\+?\}$/.exec(line)?.[1];
  let answer: string | null = /^"([^"\\]*)"$/.exec(line)?.[1] ?? null;
  if (literal !== undefined && Number(literal) <= limits.signedOutLiteralBytes) {
    answer = decodeUtf8(await connection.readBytes(Number(literal)));
    await connection.readLine();
  }
  if (answer === '*') throw new ExchangeEnded('Cancelled');
  const decoded = answer === null ? null : decodeBase64(answer);
  if (decoded === null) throw new ExchangeEnded('Not base64');
  return decoded;
}
