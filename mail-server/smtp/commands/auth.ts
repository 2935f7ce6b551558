import { authenticate, mayAuthenticate, mechanisms } from '../authenticate.ts';
import { reply, type Reply } from '../reply.ts';
import type { SmtpSession } from '../session.ts';

/** AUTH (RFC 4954). */
export async function auth(session: SmtpSession, argument: string): Promise<Reply> {
  if (session.greetedAs === null) return reply(503, '5.5.1', 'Send EHLO first');
  if (session.principal) return reply(503, '5.5.1', 'Signed in already');
  if (session.transaction) return reply(503, '5.5.1', 'Not within a message');
  if (!mayAuthenticate(session)) return reply(538, '5.7.11', 'Bitte zuerst verschluesseln - encryption required, send STARTTLS first');
  const [name = '', initial, ...more] = argument.split(/ +/);
  if (more.length > 0) return reply(501, '5.5.4', 'Syntax: AUTH mechanism [initial-response]');
  const mechanism = mechanisms.get(name.toUpperCase());
  if (!mechanism) return reply(504, '5.5.4', 'Unknown mechanism, known are PLAIN, LOGIN, OAUTHBEARER, XOAUTH2');
  return authenticate(session, mechanism, initial);
}
