import { domainOf } from '../../lib/addresses/email-address.ts';
import { parseEnvelopePath, type EnvelopePath } from '../../lib/addresses/envelope-path.ts';
import { isPublicDomain } from '../../lib/addresses/foreign-domain.ts';
import { countSubmitted } from '../store/trace-store.ts';
import { mailboxFull, nobodyYet, unknownAddress } from './check-local-recipient.ts';
import { findNamed, isPostmaster } from './find-named.ts';
import type { NamedRecipient } from './transaction.ts';
import { needsLogin, reply, type Reply } from './reply.ts';
import type { SmtpContext } from './context.ts';

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

export const customerFull = reply(
  450,
  '4.7.1',
  'Ihre Organisation hat in dieser Stunde so viel geschrieben, wie sie darf, bitte spaeter noch einmal - your organisation has sent as much ' +
    'as it may in an hour, try again later',
);

export const tooManyStrangers = reply(
  450,
  '4.7.1',
  'So viele neue Empfaenger in einer Stunde sind ungewoehnlich, bitte spaeter noch einmal - unusually many recipients that you never wrote ' +
    'to before, try again later',
);

export const sendingHeld = reply(
  450,
  '4.7.1',
  'Der Versand ist angehalten, die Verwaltung Ihrer Organisation kann ihn freigeben - sending is on hold, the administrators of your ' +
    'organisation can release it',
);

/**
 * MAIL of a mailbox: its own addresses, or none (a read receipt, RFC 8098 section 3), and no more recipients than an hour allows. What is
 * counted here is a first answer; the count that holds is made when the message is queued.
 */
export async function checkSubmissionSender(session: SmtpContext, sender: EnvelopePath | null): Promise<Reply | null> {
  const { principal, services } = session;
  if (!principal) return needsLogin;
  const isOwn = sender === null || (sender.own && (await services.directory.senderAddresses(principal.accountId)).has(sender.own));
  if (!isOwn) return notYours;
  const { sendPerHour } = services.settings;
  const sent = await countSubmitted(services.database.read, principal.customerId, principal.accountId);
  return sent >= sendPerHour ? tooMany(sendPerHour) : null;
}

/**
 * RCPT of a mailbox: anybody, but addresses of ours that do not exist are refused at once. A domain that another customer entered
 * without proving that it is his counts as elsewhere; whoever's own domain is not proven yet may write within his customer only.
 */
export async function checkSubmissionRecipient(session: SmtpContext, path: string): Promise<Reply | NamedRecipient> {
  const { principal, services, transaction } = session;
  if (!principal || !transaction) return needsLogin;
  const named = await findNamed(services, path);
  if (!named) return isPostmaster(path) ? nobodyYet : invalidAddress;
  const { text, address, domain, recipient } = named;
  const ownDomain = domainOf(parseEnvelopePath(transaction.sender)?.own ?? principal.address);
  const isVerified = (await services.directory.domain(ownDomain))?.verified ?? false;
  const { sendPerHour } = services.settings;
  const sent = await countSubmitted(services.database.read, principal.customerId, principal.accountId);
  if (sent + transaction.recipients.length >= sendPerHour) return tooMany(sendPerHour);
  const within = recipient.kind !== 'foreign-domain' && recipient.customerId === principal.customerId;
  if (!isVerified && !within) {
    return reply(
      550,
      '5.7.1',
      `Ihre Domain ${ownDomain} ist noch nicht bestaetigt, Sie koennen vorerst nur innerhalb Ihrer Organisation schreiben - ` +
        `your domain ${ownDomain} is not verified yet, until then you can write within your organisation only`,
    );
  }
  if (recipient.kind === 'foreign-domain' || (!within && !recipient.domainVerified)) {
    return canBeReached(text, domain) ? { text, address, domain, target: null } : invalidAddress;
  }
  if (recipient.kind === 'unknown-user') return unknownAddress;
  // the queue follows it; who may write to a group is judged when the author is known
  if (recipient.kind === 'targets') return { text, address, domain, target: null };
  if (recipient.overQuota) return mailboxFull;
  // a postmaster goes to the mailbox that stands in for him
  return recipient.address === address
    ? { text, address, domain, target: null }
    : { text: recipient.address, address: recipient.address, domain: domainOf(recipient.address), target: null };
}

const invalidAddress = reply(553, '5.1.3', 'Keine gueltige Adresse - not a valid address');

/** Hosts elsewhere are found by the DNS alone; angle brackets in quotes are more than the client for them can say. */
const canBeReached = (text: string, domain: string): boolean => isPublicDomain(domain) && !/[<>]/.test(text);
