import { domainOf } from '../../lib/addresses/email-address.ts';
import { countSubmitted } from '../store/trace-store.ts';
import { domainlessPostmaster, mailboxFull, recipientOrPostmaster, unknownAddress } from './check-local-recipient.ts';
import { parseMailPath, type MailPath } from './parse-path.ts';
import { reply, type Reply } from './reply.ts';
import type { SmtpSession } from './session.ts';

const notYours = reply(
  553,
  '5.7.1',
  'Diese Absenderadresse gehoert nicht zu Ihrem Postfach - sender address does not belong to your mailbox',
);
const noSender = reply(553, '5.7.1', 'Bitte eine Absenderadresse angeben - a sender address is needed here');
const needsLogin = reply(530, '5.7.0', 'Bitte zuerst anmelden - authentication required');

const tooMany = (limit: number): Reply =>
  reply(
    450,
    '4.7.1',
    `Zu viele Empfaenger in einer Stunde, bitte spaeter noch einmal - more than ${limit} recipients in an hour, try again later`,
  );

/** MAIL of a mailbox: its own addresses, and no more of them than an hour allows. */
export async function checkSubmissionSender(session: SmtpSession, path: string): Promise<Reply | null> {
  const { principal, services } = session;
  if (!principal) return needsLogin;
  if (path === '') return noSender;
  const parsed = parseMailPath(path);
  if (!parsed || !(await services.directory.senderAddresses(principal.accountId)).has(parsed.address)) return notYours;
  const { sendPerHour } = services.settings;
  const sent = await countSubmitted(services.database, principal.customerId, principal.accountId);
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
  const sender = parseMailPath(transaction.sender);
  const senderDomain = sender ? await services.directory.domain(domainOf(sender.address)) : null;
  const { sendPerHour } = services.settings;
  const sent = await countSubmitted(services.database, principal.customerId, principal.accountId);
  if (sent + transaction.recipients.length >= sendPerHour) return tooMany(sendPerHour);
  const recipient = await recipientOrPostmaster(services, given.address);
  const within = recipient.kind !== 'foreign-domain' && recipient.customerId === principal.customerId;
  if (!senderDomain?.verified && !within) {
    const domain = sender ? domainOf(sender.address) : '';
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
