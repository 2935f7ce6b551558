import { reply, type Reply } from '../reply.ts';
import type { SmtpContext } from '../context.ts';
import { isGreetingName } from '../greeting-name.ts';

export function helo(session: SmtpContext, argument: string): Reply {
  if (!isGreetingName(argument)) return reply(501, null, 'Syntax: HELO hostname');
  session.greetedAs = argument;
  session.extended = false;
  session.transaction = null;
  return reply(250, null, session.services.settings.hostName);
}
