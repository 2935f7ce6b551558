import { isAscii, parsePathArgument } from '../parse-path.ts';
import { parseNotificationParameters } from '../parse-delivery-status-parameters.ts';
import { reply, type Reply } from '../reply.ts';
import type { SmtpContext } from '../context.ts';

const known = new Set(['NOTIFY', 'ORCPT']);

/** RCPT (RFC 5321 section 4.1.1.3) with NOTIFY and ORCPT (3461). */
export async function rcpt(session: SmtpContext, argument: string): Promise<Reply> {
  const { transaction, profile, services } = session;
  if (!transaction) return reply(503, '5.5.1', 'Send MAIL first');
  if (transaction.chunks) return reply(503, '5.5.1', 'The message is being received, no recipients behind BDAT');
  const parsed = parsePathArgument(argument, 'TO');
  if (!parsed) return reply(501, '5.5.4', 'Syntax: RCPT TO:<address>');
  const { path, parameters } = parsed;
  for (const name of parameters.keys()) if (!known.has(name)) return reply(555, '5.5.4', `Unknown parameter ${name}`);
  const notification = parseNotificationParameters(parameters);
  if (!notification) return reply(501, '5.5.4', 'NOTIFY is NEVER or a list of SUCCESS, FAILURE, DELAY; ORCPT is type;xtext');
  if (!isAscii(path) && !transaction.smtputf8) return reply(553, '5.6.7', 'This address needs SMTPUTF8');
  if (transaction.recipients.length >= services.settings.recipients) {
    return reply(452, '4.5.3', `Zu viele Empfaenger - too many recipients, at most ${services.settings.recipients} at once`);
  }
  const accepted = await profile.checkRecipient(session, path);
  if ('code' in accepted) return accepted;
  transaction.recipients.push({ ...accepted, ...notification });
  return reply(250, '2.1.5', 'OK');
}
