import { closing, reply, type Reply } from '../reply.ts';
import type { SmtpContext } from '../context.ts';

/** RFC 5321 section 4.1.1.10 */
export const quit = (_session: SmtpContext, argument: string): Reply =>
  argument === '' ? closing(221, '2.0.0', 'Auf Wiedersehen - good bye') : reply(501, '5.5.4', 'QUIT has no argument');
