import { reply, type Reply } from '../reply.ts';
import type { SmtpContext } from '../context.ts';

/** VRFY never tells who is there (RFC 5321 section 7.3). */
export const vrfy = (_session: SmtpContext, argument: string): Reply =>
  argument === '' ? reply(501, '5.5.4', 'Syntax: VRFY address') : reply(252, '2.0.0', 'Not verified here, send a message and see');
