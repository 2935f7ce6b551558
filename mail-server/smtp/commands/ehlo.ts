import { channelOf } from '../../auth/sasl/channel-binding.ts';
import { mechanismNames } from '../../auth/sasl/exchange.ts';
import { reply, type Reply } from '../reply.ts';
import { mayAuthenticate } from '../authenticate.ts';
import { futureRelease, longestHold } from '../parse-hold-parameters.ts';
import type { SmtpContext } from '../context.ts';
import { isGreetingName } from '../greeting-name.ts';

/** EHLO (RFC 5321 section 4.1.1.1) and LHLO (RFC 2033): says what is spoken here and begins anew. */
export function ehlo(session: SmtpContext, argument: string): Reply {
  const { profile, services } = session;
  if (!isGreetingName(argument)) return reply(501, null, `Syntax: ${profile.lmtp ? 'LHLO' : 'EHLO'} hostname`);
  session.greetedAs = argument;
  session.extended = true;
  session.transaction = null;
  const extensions = [
    'PIPELINING',
    `SIZE ${services.settings.messageBytes}`,
    '8BITMIME',
    'BINARYMIME',
    'CHUNKING',
    'SMTPUTF8',
    'ENHANCEDSTATUSCODES',
  ];
  // RFC 9422: messages of a session are not counted, so MAILMAX is not said
  extensions.push(`LIMITS RCPTMAX=${services.settings.recipients}`);
  // an LMTP peer is answered for each recipient and tells the sender of it himself
  if (!profile.lmtp) extensions.push('DSN');
  const longestHoldS = longestHold(session);
  if (longestHoldS > 0) extensions.push(futureRelease(longestHoldS, new Date()));
  if (profile.encryption === 'starttls' && !session.encryption && !session.principal) extensions.push('STARTTLS');
  // RFC 8689 section 3: what was promised before TLS, somebody in between could have promised
  if (session.encryption) extensions.push('REQUIRETLS');
  if (mayAuthenticate(session)) extensions.push(`AUTH ${mechanismNames(channelOf(session.socket), services.authenticator).join(' ')}`);
  return reply(250, null, services.settings.hostName, ...extensions);
}
