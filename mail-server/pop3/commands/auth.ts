import { mechanismNames, SaslExchange } from '../../auth/sasl/exchange.ts';
import { challenge, err, listing } from '../reply.ts';
import type { Pop3Context } from '../context.ts';
import { signIn } from '../sign-in.ts';
import { splitArguments } from '../parse-command.ts';
import type { Command } from './command.ts';

/** RFC 5034. AUTH alone lists the mechanisms, as clients from before CAPA expect (RFC 1734 drafts; Outlook). */
export const auth: Command = {
  states: ['authorization'],
  async run(session, argument) {
    const { connection, services } = session;
    session.userName = null;
    if (!session.mayLogIn) return connection.write(err('Start TLS first'));
    const [name, initial = null, ...more] = splitArguments(argument);
    if (name === undefined)
      return connection.write(listing('Mechanisms follow', mechanismNames(connection.channel, services.authenticator)));
    const { remoteAddress, channel } = connection;
    const { authenticator } = services;
    const exchange = SaslExchange.of(name, { authenticator, remoteAddress, protocol: 'pop3', channel });
    if (!exchange) return connection.write(err('Unknown mechanism'));
    if (more.length > 0) return connection.write(err('Not base64'));
    return run(session, exchange, initial);
  },
};

async function run(session: Pop3Context, exchange: SaslExchange, initial: string | null): Promise<void> {
  const { connection } = session;
  let step = await exchange.begin(initial);
  while (step.kind === 'challenge') {
    await connection.write(challenge(step.text));
    const line = await connection.readLine();
    if (line === null || line === 'too long') return connection.write(err('No answer'));
    step = await exchange.answer(line.toString('latin1'));
  }
  if (step.kind === 'cancelled') return connection.write(err('Cancelled'));
  if (step.kind === 'malformed') return connection.write(err('Not a valid response'));
  return signIn(session, step.result);
}
