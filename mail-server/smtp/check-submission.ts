import { isAmong } from '../../lib/addresses/subaddress.ts';
import { domainOf } from '../../lib/addresses/email-address.ts';
import { countSubmitted } from '../store/trace-store.ts';
import { domainlessPostmaster, mailboxFull, recipientOrPostmaster, unknownAddress } from './check-local-recipient.ts';
import { parseMailPath, type MailPath } from './parse-path.ts';
import { needsLogin, reply, type Reply } from './reply.ts';
import type { SmtpSession } from './session.ts';

const notYours = reply(
  553,
  '5.7.1',
  'Diese Absenderadresse gehoert nicht zu Ihrem Postfach - sender address does not belong to your mailbox',
);

export const tooMany = (limit: number): Reply =>
  reply(
    450,
    '4.7.1',
    `Zu viele Empfaenger in einer Stunde, bitte spaeter noch einmal - more than ${limit} recipients in an hour, try again later`,
  );

/**
 * MAIL of a mailbox: its own addresses, or none (a read receipt, RFC 8098 section 3), and no more recipients than an hour allows. What is
 * counted here is a first answer; the count that holds is made when the message is queued.
 */
export async function checkSubmissionSender(session: SmtpSession, path: string): Promise<Reply | null> {
  const { principal, services } = session;
  if (!principal) return needsLogin;
  const parsed = parseMailPath(path);
  const isOwn = path === '' || (parsed && isAmong(await services.directory.senderAddresses(principal.accountId), parsed.address));
  if (!isOwn) return notYours;
  const { sendPerHour } = services.settings;
  const sent = await countSubmitted(services.database.read, principal.customerId, principal.accountId);
  return sent >= sendPerHour ? tooMany(sendPerHour) : null;
}

/**
 * RCPT of a mailbox: anybody, but addresses of ours that do not exist are refused at once. A domain that another customer entered
 * without proving that it is his counts as elsewhere; whoever's own domain is not proven yet may write within his customer only.
 */
export async function checkSubmissionRecipient(session: SmtpSession, path: string): Promise<Reply | (MailPath & { target: null })> {
  const { principal, services, transaction } = session;
  if (!principal || !transaction) return needsLogin;
  const given = path.toLowerCase() === 'postmaster' ? await domainlessPostmaster(services) : parseMailPath(path);
  if (!given) return reply(553, '5.1.3', 'Keine gueltige Adresse - not a valid address');
  const domain = domainOf(parseMailPath(transaction.sender)?.address ?? principal.address);
  const isVerified = (await services.directory.domain(domain))?.verified ?? false;
  const { sendPerHour } = services.settings;
  const sent = await countSubmitted(services.database.read, principal.customerId, principal.accountId);
  if (sent + transaction.recipients.length >= sendPerHour) return tooMany(sendPerHour);
  const recipient = await recipientOrPostmaster(services, given.address);
  const within = recipient.kind !== 'foreign-domain' && recipient.customerId === principal.customerId;
  if (!isVerified && !within) {
    return reply(
      550,
      '5.7.1',
      `Ihre Domain ${domain} ist noch nicht bestaetigt, Sie koennen vorerst nur innerhalb Ihrer Organisation schreiben - ` +
        `your domain ${domain} is not verified yet, until then you can write within your organisation only`,
    );
  }
  if (recipient.kind === 'foreign-domain' || (!within && !recipient.domainVerified)) return { ...given, target: null };
  if (recipient.kind === 'unknown-user') return unknownAddress;
  if (recipient.overQuota) return mailboxFull;
  // a postmaster goes to the mailbox that stands in for him
  return recipient.address === given.address
    ? { ...given, target: null }
    : { text: recipient.address, address: recipient.address, target: null };
}
