import { DeliveryKeyring, sha256 } from '../delivery/idempotency.ts';
import { passStraightOn } from '../delivery/expand-address.ts';
import { messageId } from '../delivery/message-id.ts';
import { noteStep } from '../delivery/note-step.ts';
import type { Returned } from '../delivery/srs.ts';
import { takeReport } from '../delivery/take-report.ts';
import type { Resolution } from '../../lib/targets/resolve-address.ts';
import { bellOf } from '../queue/queue-bell.ts';
import { successReport } from '../queue/report/success-report.ts';
import { enqueue, type NewQueueMessage } from '../store/queue/queue-store.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import type { Arrived, LocalRecipient } from './arrived.ts';
import { forgetAnswered } from './forget-answered.ts';
import { receiveReport } from './receive-report.ts';

const keyring = new DeliveryKeyring();
/** No mailbox has this number: keys of what goes on are apart from those of mailboxes. */
const onwardAccount = 0 as AccountId;

/** What leads elsewhere, and reports about what was passed on: durable before the 250, followed by the queue. */
export async function enqueueOnward(
  arrived: Arrived,
  recipients: readonly LocalRecipient[],
  leads: ReadonlyMap<LocalRecipient, Resolution>,
): Promise<{ ok: boolean; error?: unknown; settle: (answered: boolean) => void }> {
  const { session, transaction, content, raw } = arrived;
  const { services } = session;
  const onward = recipients.filter(({ target }) => target.kind === 'targets');
  try {
    // once to each place, however often and in whatever letters its reverse-path is named
    const returned = new Map(recipients.flatMap(({ target }) => (target.kind === 'returned' ? [[placeIn(target.by), target.by]] : [])));
    for (const by of returned.values()) await takeReport(services, by, { content: raw, provenance: arrived.provenance });
    // beside others one that is no report is nothing that a reply could tell
    if (recipients.some(({ target }) => target.kind === 'reports')) await receiveReport(arrived);
    const [first] = onward;
    if (!first) return { ok: true, settle: () => undefined };
    const envelope = [transaction.sender, ...onward.map(({ address }) => address).sort()].join('\n');
    const { key, settle } = keyring.take(onwardAccount, envelope, await sha256(content));
    const straight = onward.length === 1 ? await straightOn(arrived, first, leads.get(first)) : null;
    const waiting = straight ?? toBeFollowed(arrived, onward, recipients);
    const queueId = await enqueue(services.database.write, { ...waiting, acceptKey: key }).catch((error: unknown) => {
      settle(false);
      throw error;
    });
    if (straight && queueId !== null) notePassedOn(arrived, first, queueId);
    bellOf(services.database).ring();
    return {
      ok: true,
      settle: (answered) => {
        if (settle(answered) && queueId !== null) forgetAnswered(services, queueId);
      },
    };
  } catch (error) {
    services.log.warn({ err: error, session: session.id }, 'a letter could not be passed on');
    return { ok: false, error, settle: () => undefined };
  }
}

const placeIn = ({ kind, id, backTo }: Returned): string => `${kind}:${id} ${backTo}`;

/** The letter as it came, for some of its recipients. */
const asItCame = ({ transaction, raw, provenance, senderIsGenuine }: Arrived, recipients: readonly LocalRecipient[]): NewQueueMessage => ({
  customerId: null,
  accountId: null,
  sender: transaction.sender,
  locale: 'de',
  content: raw,
  smtputf8: transaction.smtputf8,
  requireTls: transaction.requireTls,
  dsnReturn: transaction.dsnReturn,
  dsnEnvelope: transaction.dsnEnvelope,
  acceptKey: null,
  provenance,
  // a stranger's reverse-path is reported to only where SPF says that it is his
  reports: senderIsGenuine,
  recipients: recipients.map(({ address, domain, notify, originalRecipient }) => ({
    address,
    domain,
    dsnNotify: notify,
    dsnOriginal: originalRecipient,
  })),
});

/** To be followed by the queue. */
const toBeFollowed = (arrived: Arrived, onward: readonly LocalRecipient[], recipients: readonly LocalRecipient[]): NewQueueMessage => ({
  ...asItCame(arrived, onward),
  customerId: onward[0]?.target.customerId ?? null,
  deliveredTo: recipients.flatMap(({ target }) => (target.kind === 'mailbox' ? [target.accountId] : [])),
});

/**
 * What a plain forward makes of the letter: it need not lie in the queue first as it came. Null where the queue has to look, or to say
 * something to the sender.
 */
async function straightOn(
  { session, transaction, raw, provenance }: Arrived,
  { notify }: LocalRecipient,
  resolution: Resolution | undefined,
): Promise<NewQueueMessage | null> {
  if (!resolution || notify?.includes('SUCCESS')) return null;
  const { services } = session;
  const { sender, smtputf8, requireTls } = transaction;
  return passStraightOn(services, services.secret, { content: raw, sender, smtputf8, requireTls, provenance }, resolution).catch(
    (error: unknown) => {
      services.log.warn({ err: error, session: session.id }, 'a letter could not be passed on at once, the queue will');
      return null;
    },
  );
}

/** As the queue notes it of what it follows. */
function notePassedOn({ session, transaction, content }: Arrived, { address, target }: LocalRecipient, queueId: number): void {
  noteStep(
    session.services,
    {
      step: 'relayed',
      customerId: target.customerId,
      accountId: null,
      queueId,
      sender: transaction.sender,
      recipient: address,
      messageRef: messageId(content),
      status: '2.1.5',
      detail: '250 2.1.5 Weitergeleitet - passed on',
      remote: null,
    },
    session.id,
  );
}

/** What failed here for some recipients only: each of them is tried again or bounced from the queue. */
export async function enqueueFailed(arrived: Arrived, failed: readonly LocalRecipient[]): Promise<void> {
  const { database } = arrived.session.services;
  await enqueue(database.write, asItCame(arrived, failed));
  bellOf(database).ring();
}

/** RFC 3461 section 6.2: NOTIFY=SUCCESS is answered by who delivers. The mail is stored by now, so a failure here is only logged. */
export async function confirmDelivery({ session, transaction, content }: Arrived, stored: readonly LocalRecipient[]): Promise<void> {
  const asked = stored.filter(({ notify }) => notify?.includes('SUCCESS'));
  if (asked.length === 0 || transaction.sender === '') return;
  const { services } = session;
  try {
    const at = new Date();
    const report = successReport(
      services.settings.hostName,
      {
        sender: transaction.sender,
        customerId: null,
        locale: 'de',
        content,
        dsnEnvelope: transaction.dsnEnvelope,
        arrivedAt: at,
        recipients: asked.map(({ text, originalRecipient }) => ({ address: text, originalRecipient, action: 'delivered' })),
      },
      at,
    );
    if (!report) return;
    await enqueue(services.database.write, { ...report, requireTls: transaction.requireTls });
    bellOf(services.database).ring();
  } catch (error) {
    services.log.warn({ err: error, session: session.id }, 'a delivery could not be confirmed');
  }
}
