import type { AccountId, CustomerId } from '../../lib/db/ids.ts';
import { localPartOf, type EmailAddress } from '../../lib/addresses/email-address.ts';
import { noteStep } from '../delivery/note-step.ts';
import type { Services } from '../services.ts';
import { findPostmaster } from '../store/postmaster.ts';
import type { Recipient } from '../store/types.ts';
import { parseMailPath, type MailPath } from './parse-path.ts';
import { reply, unavailable, type Reply } from './reply.ts';
import type { SmtpSession } from './session.ts';

/** The mailbox behind a recipient that was accepted on port 25 or by LMTP. */
export interface LocalTarget {
  accountId: AccountId;
  customerId: CustomerId;
  locale: string;
}

/** RCPT where we are the last stop: our mailboxes and nobody else's. */
export async function checkLocalRecipient(session: SmtpSession, path: string): Promise<Reply | (MailPath & { target: LocalTarget })> {
  const { services, transaction } = session;
  const parsed = path.toLowerCase() === 'postmaster' ? await domainlessPostmaster(services) : parseMailPath(path);
  if (!parsed) return reply(550, '5.1.3', 'Keine gueltige Adresse - not a valid address of ours');
  let recipient: Recipient;
  try {
    recipient = await recipientOrPostmaster(services, parsed.address);
  } catch (error) {
    services.log.error({ err: error, session: session.id }, 'a recipient could not be looked up');
    return unavailable(error);
  }
  if (recipient.kind === 'mailbox' && hasRoom(recipient, transaction?.declaredSize ?? 0)) {
    const { accountId, customerId, locale } = recipient;
    return { ...parsed, target: { accountId, customerId, locale } };
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
      recipient: parsed.address,
      messageRef: null,
      status: refusal.enhanced,
      detail: refusal.lines.join(' '),
      remote: session.remoteAddress,
    },
    session.id,
  );
  return refusal;
}

/** What does not fit is said here: behind the data SMTP has one answer for all recipients. */
const hasRoom = ({ overQuota, roomBytes }: Recipient & { kind: 'mailbox' }, size: number): boolean => !overQuota && size <= roomBytes;

export const unknownAddress = reply(550, '5.1.1', 'Adresse unbekannt - address unknown');
export const mailboxFull = reply(552, '5.2.2', 'Postfach voll - mailbox full');
export const relayingDenied = reply(550, '5.7.1', 'Diese Domain wird hier nicht betreut - relaying denied');

const refusals: Record<Recipient['kind'], Reply> = {
  mailbox: mailboxFull,
  'unknown-user': unknownAddress,
  'foreign-domain': relayingDenied,
};

/** RFC 5321 section 4.5.1: every domain has a postmaster, even if nobody made that address. */
export async function recipientOrPostmaster(services: Services, address: EmailAddress): Promise<Recipient> {
  const recipient = await services.directory.recipient(address);
  if (recipient.kind !== 'unknown-user' || localPartOf(address) !== 'postmaster') return recipient;
  const owner = await findPostmaster(services.database, recipient.customerId);
  return owner ? services.directory.recipient(owner) : recipient;
}

export async function domainlessPostmaster(services: Services): Promise<MailPath | null> {
  const address = await findPostmaster(services.database, null).catch(() => null);
  return address ? { text: address, address } : null;
}
