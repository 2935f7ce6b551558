import { reply, type Reply } from '../reply.ts';
import type { SmtpSession } from '../session.ts';

export function rset(session: SmtpSession): Reply {
  session.transaction = null;
  return reply(250, '2.0.0', 'OK');
}
