import { channelOf } from '../../auth/sasl/channel-binding.ts';
import { mechanismNames, SaslExchange } from '../../auth/sasl/exchange.ts';
import { authenticate, mayAuthenticate } from '../authenticate.ts';
import { noteStrangeDevice } from '../note-refusal.ts';
import { reply, type Reply } from '../reply.ts';
import type { SmtpContext } from '../context.ts';

/** AUTH (RFC 4954). */
export async function auth(session: SmtpContext, argument: string): Promise<Reply | null> {
  const [name = '', initial = null, ...more] = argument.split(/ +/);
  if (name === '' || more.length > 0) return reply(501, '5.5.4', 'Syntax: AUTH mechanism [initial-response]');
  if (session.greetedAs === null) return reply(503, '5.5.1', 'Send EHLO first');
  if (session.principal) return reply(503, '5.5.1', 'Signed in already');
  if (session.transaction) return reply(503, '5.5.1', 'Not within a message');
  if (!mayAuthenticate(session)) {
    noteStrangeDevice(session);
    return reply(538, '5.7.11', 'Bitte zuerst verschluesseln - encryption required, send STARTTLS first');
  }
  const { services, remoteAddress } = session;
  const channel = channelOf(session.socket);
  const exchange = SaslExchange.of(name, { authenticator: services.authenticator, remoteAddress, protocol: 'smtp', channel });
  if (!exchange) return reply(504, '5.5.4', `Unknown mechanism, known are ${mechanismNames(channel, services.authenticator).join(', ')}`);
  return authenticate(session, exchange, initial);
}
