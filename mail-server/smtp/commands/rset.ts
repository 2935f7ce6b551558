import { reply, type Reply } from '../reply.ts';
import type { SmtpContext } from '../context.ts';

/** RFC 5321 section 4.1.1.5: an argument is a syntax error, and then nothing is reset. */
export function rset(session: SmtpContext, argument: string): Reply {
  if (argument !== '') return reply(501, '5.5.4', 'RSET has no argument');
  session.transaction = null;
  return reply(250, '2.0.0', 'OK');
}
