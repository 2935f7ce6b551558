import { closing, reply, type Reply } from '../reply.ts';
import type { SmtpContext } from '../context.ts';

/**
 * STARTTLS (RFC 3207). Whatever a client, or somebody between it and us, pipelined behind it in clear text is refused as it stands:
 * STARTTLS is the last command of its group. Who signed in in clear text (on this machine alone) has come too late, as with IMAP and POP3: nothing
 * said before the handshake may count after it (section 4.2).
 */
export async function starttls(session: SmtpContext, argument: string): Promise<Reply> {
  if (argument !== '') return reply(501, '5.5.4', 'STARTTLS has no argument');
  if (session.encryption) return reply(503, '5.5.1', 'This connection is encrypted already');
  if (session.principal) return reply(503, '5.5.1', 'Signed in already');
  if (!session.input.empty) return closing(421, '4.7.0', 'Commands behind STARTTLS in clear text, closing connection');
  session.write(reply(220, '2.0.0', 'Go ahead'));
  const secured = await session.startTls();
  return secured ? { code: 220, enhanced: null, lines: [] } : { code: 421, enhanced: null, lines: [], closes: true };
}
