import { failuresPerConnection } from '../../auth/guess-delay.ts';
import { SaslExchange, type SaslStep } from '../../auth/sasl/exchange.ts';
import type { AuthenticationFailure, AuthenticationResult } from '../../auth/types.ts';
import type { ManageSieveContext } from '../context.ts';
import { ConnectionEnded, readLine, readLiteral } from '../connection-ended.ts';
import { limits } from '../limits.ts';
import { decodeText } from '../read-command.ts';
import { bye, no, ok, type ResponseCode, writeString } from '../reply.ts';
import type { Command } from './command.ts';

const failures: Record<AuthenticationFailure, { text: string; code?: ResponseCode }> = {
  InvalidCredentials: { text: 'Wrong address or password' },
  InvalidAppPassword: { text: 'Wrong address or app password; SCRAM takes app passwords only' },
  NotAuthorized: { text: 'Acting for another mailbox is not possible' },
  TooManyAttempts: { text: 'Too many wrong passwords, wait some minutes', code: 'TRYLATER' },
  Suspended: { text: 'Mailbox is suspended' },
  Unavailable: { text: 'Cannot check the password now, try again', code: 'TRYLATER' },
};

/** RFC 5804 section 2.1. */
export const authenticate: Command = {
  states: ['signed out'],
  async run(session, args) {
    const { connection, services } = session;
    const [name, initial = null] = args.map((argument) => (argument.kind === 'string' ? argument.value : '*'));
    if (!session.mayLogIn) return connection.write(no('Start TLS first', 'ENCRYPT-NEEDED'));
    const { remoteAddress, channel } = connection;
    const { authenticator } = services;
    const exchange = SaslExchange.of(name ?? '', { authenticator, remoteAddress, protocol: 'managesieve', channel });
    if (!exchange || args.length > 2) return connection.write(no('Unknown mechanism'));
    return run(session, exchange, initial);
  },
};

async function run(session: ManageSieveContext, exchange: SaslExchange, initial: string | null): Promise<void> {
  const { connection } = session;
  let step: SaslStep = await exchange.begin(initial);
  while (step.kind === 'challenge') {
    await connection.write(`${writeString(step.text)}\r\n`);
    step = await exchange.answer((await readString(session)) ?? '?');
  }
  if (step.kind === 'cancelled') return connection.write(no('Cancelled'));
  if (step.kind === 'malformed') return connection.write(no('Not a valid response'));
  return conclude(session, step.result);
}

async function conclude(session: ManageSieveContext, result: AuthenticationResult): Promise<void> {
  session.services.metrics.logins.inc({ protocol: 'managesieve', result: result.ok ? 'ok' : result.failure });
  if (result.ok) {
    if (!session.enter(result.principal)) return session.close(bye('Too many connections of this mailbox', 'TRYLATER'));
    return session.connection.write(ok('Signed in'));
  }
  if (result.cut === 'silent') return session.cut();
  const { text, code } = failures[result.failure];
  if (++session.failedLogins >= failuresPerConnection || result.cut === 'answered') return session.close(bye(text, code));
  return session.connection.write(no(text, code));
}

/** The client's answer to a challenge: a string, quoted or a literal; null for anything else. */
async function readString({ connection }: ManageSieveContext): Promise<string | null> {
  const line = (await readLine(connection)).toString('latin1');
  const literal = /^\{(\d{1,6})\+?\}$/.exec(line)?.[1];
  if (literal === undefined) return /^"([^"\\]*)"$/.exec(line)?.[1] ?? null;
  // what follows would be taken for commands
  if (Number(literal) > limits.signedOutLiteralBytes) throw new ConnectionEnded('Literal too large');
  const answer = decodeText(await readLiteral(connection, Number(literal)));
  await readLine(connection);
  return answer;
}
