import { decodeBase64, parseBearerResponse, parsePlainResponse } from '../../auth/parse-sasl.ts';
import type { AuthenticationResult } from '../../auth/types.ts';
import { challenge, err, listing } from '../reply.ts';
import type { Pop3Context } from '../context.ts';
import { signIn } from '../sign-in.ts';
import { splitArguments } from '../parse-command.ts';
import type { Command } from './command.ts';

/** The exchange came to no answer: cancelled by the client or not base64, or the client is gone. */
class ExchangeEnded extends Error {}

type Mechanism = (session: Pop3Context, initial: Buffer | null) => Promise<AuthenticationResult>;

const invalid: AuthenticationResult = { ok: false, failure: 'InvalidCredentials' };

const plain: Mechanism = async (session, initial) => {
  const response = parsePlainResponse(initial ?? (await ask(session, '')));
  // acting as somebody else is not offered (RFC 4616 section 2)
  if (!response || (response.authorizationId !== '' && response.authorizationId.toLowerCase() !== response.user.toLowerCase())) {
    return invalid;
  }
  const { remoteAddress } = session.connection;
  return session.services.authenticator.password({ user: response.user, password: response.password, remoteAddress, protocol: 'pop3' });
};

const oauthBearer: Mechanism = async (session, initial) => {
  const response = parseBearerResponse(initial ?? (await ask(session, '')));
  const { remoteAddress } = session.connection;
  const result = response ? await session.services.authenticator.bearer({ ...response, remoteAddress, protocol: 'pop3' }) : invalid;
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

/** RFC 5034. AUTH alone lists the mechanisms, as clients from before CAPA expect (RFC 1734 drafts; Outlook). */
export const auth: Command = {
  states: ['authorization'],
  async run(session, argument) {
    const { connection } = session;
    session.userName = null;
    if (!session.mayLogIn) return connection.write(err('Start TLS first'));
    const [name, given, ...more] = splitArguments(argument);
    if (name === undefined) return connection.write(listing('Mechanisms follow', [...mechanisms.keys()]));
    const mechanism = mechanisms.get(name.toUpperCase());
    if (!mechanism) return connection.write(err('Unknown mechanism'));
    const initial = given === undefined ? null : given === '=' ? Buffer.alloc(0) : decodeBase64(given);
    if (more.length > 0 || (given !== undefined && initial === null)) return connection.write(err('Not base64'));
    try {
      return signIn(session, await mechanism(session, initial));
    } catch (error) {
      if (!(error instanceof ExchangeEnded)) throw error;
      return connection.write(err(error.message));
    }
  },
};

async function ask({ connection }: Pop3Context, text: string): Promise<Buffer> {
  await connection.write(challenge(text));
  const line = await connection.readLine();
  if (line === null || line === 'too long') throw new ExchangeEnded('No answer');
  const answer = line.toString('latin1');
  if (answer === '*') throw new ExchangeEnded('Cancelled');
  const decoded = decodeBase64(answer);
  if (!decoded) throw new ExchangeEnded('Not base64');
  return decoded;
}
