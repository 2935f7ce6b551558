import type { AccountId, CustomerId } from '../../lib/db/ids.ts';
import { isAddressLiteral } from '../../lib/addresses/address-literal.ts';
import { isReportAddress } from '../../lib/addresses/report-address.ts';
import { readSrs, type Returned } from '../delivery/srs.ts';
import { noteStep } from '../delivery/note-step.ts';
import type { Recipient } from '../store/mail-directory.ts';
import { findNamed, isPostmaster, type Named } from './find-named.ts';
import type { NamedRecipient } from './transaction.ts';
import { reply, unavailable, type Reply } from './reply.ts';
import type { SmtpContext } from './context.ts';

/** What stands behind a recipient that was accepted on port 25 or by LMTP. */
export type LocalTarget =
  | MailboxTarget
  /** a forward, a group, a catch-all: the queue follows it */
  | (Pick<Extract<Recipient, { kind: 'targets' }>, 'customerId' | 'address' | 'entry'> & { kind: 'targets' })
  /** a report about a letter that was passed on here comes back */
  | { kind: 'returned'; customerId: CustomerId; by: Returned }
  /** where other hosts report about domains that are hosted here */
  | { kind: 'reports'; customerId: null };

export interface MailboxTarget {
  kind: 'mailbox';
  rulesVersion: number;
  accountId: AccountId;
  customerId: CustomerId;
  /** of the names that are hosted here */
  hostedVersion: number;
}

/** RCPT where we are the last stop: our mailboxes and nobody else's. */
export async function checkLocalRecipient(session: SmtpContext, path: string): Promise<Reply | (NamedRecipient & { target: LocalTarget })> {
  const { services, transaction } = session;
  const host = services.settings.hostName.toLowerCase();
  if (isReportAddress(path, host)) {
    session.recipientFound();
    return { text: path, address: path.toLowerCase(), domain: host, target: { kind: 'reports', customerId: null } };
  }
  let named: Named | null;
  try {
    named = await findNamed(services, isHostsPostmaster(path) ? 'postmaster' : path);
  } catch (error) {
    services.log.error({ err: error, session: session.id }, 'a recipient could not be looked up');
    return unavailable(error);
  }
  if (!named) return isPostmaster(path) ? nobodyYet : invalidAddress;
  const { text, address, domain, recipient } = named;
  // also where a catch-all takes what has no name; reports have no sender, and letters of others do not go back the way a forward came
  const by = transaction?.sender === '' ? readSrs(text.slice(0, text.lastIndexOf('@')), domain, services.secret) : null;
  if (by && recipient.kind !== 'foreign-domain') {
    session.recipientFound();
    return { text, address, domain, target: { kind: 'returned', customerId: recipient.customerId, by } };
  }
  if (recipient.kind === 'mailbox' && hasRoom(recipient, session)) {
    session.recipientFound();
    const { kind, accountId, customerId, rulesVersion, hostedVersion } = recipient;
    return { text, address, domain, target: { kind, accountId, customerId, rulesVersion, hostedVersion } };
  }
  if (recipient.kind === 'targets') {
    session.recipientFound();
    const { customerId, address: found, entry } = recipient;
    return { text, address, domain, target: { kind: 'targets', customerId, address: found, entry } };
  }
  const refusal = refusals[recipient.kind];
  noteStep(
    services,
    {
      step: 'refused',
      customerId: recipient.kind === 'foreign-domain' ? null : recipient.customerId,
      accountId: recipient.kind === 'mailbox' ? recipient.accountId : null,
      queueId: null,
      sender: transaction?.sender ?? '',
      recipient: address,
      messageRef: null,
      status: refusal.enhanced,
      detail: refusal.lines.join(' '),
      remote: session.remoteAddress,
    },
    session.id,
  );
  return recipient.kind === 'mailbox' ? refusal : session.recipientUnknown(refusal, recipient.kind === 'unknown-user');
}

/** postmaster@[192.0.2.1] of a host that got here by this address (RFC 5321 section 4.1.3); behind a translated one we do not know our own. */
function isHostsPostmaster(path: string): boolean {
  const at = path.lastIndexOf('@');
  return isPostmaster(path.slice(0, Math.max(at, 0))) && isAddressLiteral(path.slice(at + 1));
}

const invalidAddress = reply(550, '5.1.3', 'Keine gueltige Adresse - not a valid address of ours');

/** What does not fit is said here: behind the data SMTP has one answer for all recipients. */
const hasRoom = ({ overQuota, roomBytes }: Recipient & { kind: 'mailbox' }, { transaction }: SmtpContext): boolean =>
  !overQuota && (transaction?.declaredSize ?? 0) <= roomBytes;

export const unknownAddress = reply(550, '5.1.1', 'Adresse unbekannt - address unknown');
export const mailboxFull = reply(552, '5.2.2', 'Postfach voll - mailbox full');
const relayingDenied = reply(550, '5.7.1', 'Diese Domain wird hier nicht betreut - relaying denied');
/** an installation without a single mailbox */
export const nobodyYet = reply(450, '4.2.1', 'Hier gibt es noch kein Postfach - there is no mailbox here yet');

const refusals: Record<Exclude<Recipient['kind'], 'targets'>, Reply> = {
  mailbox: mailboxFull,
  'unknown-user': unknownAddress,
  'foreign-domain': relayingDenied,
};
