import { parseEmailAddress, type EmailAddress } from '../../lib/addresses/email-address.ts';
import type { CustomerId } from '../../lib/db/ids.ts';
import { expandAddress, type Expansion } from '../delivery/expand-address.ts';
import type { Expanding } from '../delivery/expanding.ts';
import { readSrsAddress, type Returned } from '../delivery/srs.ts';
import { lettersAbout } from '../delivery/take-report.ts';
import { readOtherRecipients, readQueued, type NewQueueMessage, type QueuedRecipient } from '../store/queue/queue-store.ts';
import type { OnceMessage } from '../delivery/groups/hold-for-moderators.ts';
import type { NewWithheld } from '../store/withheld-letters.ts';
import { deferred, failed, ofOurs, said, type Outcome } from './outcome.ts';
import type { QueueContext } from './queue-context.ts';

/** An address of ours that leads elsewhere: a forward, a group, a catch-all; or the reverse-path of what was passed on. */
export type Leading = { customerId: CustomerId } & ({ address: EmailAddress } | { returned: Returned });
export type ExpandedRecipient = Leading & { recipient: QueuedRecipient };

type Context = Pick<QueueContext, 'services' | 'conclude'>;

/**
 * Makes of a message what it becomes behind addresses of ours that lead elsewhere. What it becomes is queued in the transaction that ends
 * its own waiting, so that a crash before or after neither loses a copy nor makes two.
 */
export async function deliverOnward(context: Context, messageId: number, onward: readonly ExpandedRecipient[]): Promise<void> {
  const { services } = context;
  const recipients = onward.map(({ recipient }) => recipient);
  // who has it already, or gets it by an address of his own, would have it twice
  const reached = await reachedOtherwise(context, messageId, onward).catch((error: unknown) =>
    ofOurs(error, 'The directory does not answer'),
  );
  if ('kind' in reached) {
    await context.conclude(
      recipients,
      recipients.map(() => reached),
      null,
    );
    return;
  }
  const expanded: Expanded[] = [];
  for (const each of onward) {
    expanded.push(
      await expand(context, messageId, each, reached).catch((error: unknown) => {
        services.log.warn({ err: error, queueId: messageId }, 'an address could not be followed');
        return { ...nothing, outcome: ofOurs(error, 'The directory does not answer') };
      }),
    );
  }
  // all of them in one transaction: whom two of these addresses lead to has one copy, also after a crash in between
  await context.conclude(
    recipients,
    expanded.map(({ outcome }) => outcome),
    expanded.find(({ content }) => content !== null)?.content ?? null,
    {
      becomes: expanded.flatMap(({ messages }) => messages),
      withheld: expanded.flatMap(({ withheld }) => withheld),
      once: expanded.flatMap(({ once }) => once),
    },
  );
}

/** Who gets the message by an address of his own. */
async function reachedOtherwise(
  { services }: Context,
  messageId: number,
  onward: readonly ExpandedRecipient[],
): Promise<Expanding['reached']> {
  const { accounts, addresses } = await readOtherRecipients(services.database, messageId);
  const leading = new Set(onward.map(({ recipient }) => recipient.address));
  const direct = addresses.filter((address) => !leading.has(address)).flatMap((address) => parseEmailAddress(address) ?? []);
  const entries = await services.directory.lookup(direct);
  const found = entries.flatMap((entry) => ('mailbox' in entry && entry.mailbox ? [Number(entry.mailbox.accountId)] : []));
  return { accounts: new Set([...accounts, ...found]), addresses: new Set(direct) };
}

interface Expanded {
  outcome: Outcome;
  messages: NewQueueMessage[];
  withheld: NewWithheld[];
  once: OnceMessage[];
  content: Buffer | null;
}

const nothing: Omit<Expanded, 'outcome'> = { messages: [], withheld: [], once: [], content: null };

async function expand(
  { services }: Context,
  messageId: number,
  { recipient, customerId, ...place }: ExpandedRecipient,
  reached: Expanding['reached'],
): Promise<Expanded> {
  const queued = await readQueued(services.database, messageId);
  if (!queued) return { ...nothing, outcome: deferred('4.3.0', '451 4.3.0 The message could not be read') };
  const { sender, smtputf8, requireTls, tlsOptional, locale, reports, passedOnBy, dsnNotify, dsnOriginal, dsnReturn, dsnEnvelope } =
    recipient;
  const { content, provenance } = queued;
  if ('returned' in place) {
    const { messages, once } = await lettersAbout(services, services.database.write, place.returned, { content, provenance });
    const outcome = {
      kind: 'delivered',
      way: 'relayed',
      confirms: true,
      result: said('2.1.5', 'Bericht uebernommen - report taken'),
    } as const;
    return { ...nothing, outcome, messages, once, content };
  }
  // what we passed on ourselves comes back to whoever lacks it: where nothing was kept all of it, however long it is
  const back = readSrsAddress(sender, services.secret);
  const told = back
    ? { dsnNotify: 'FAILURE', dsnReturn: back.backTo === undefined ? dsnReturn : ('FULL' as const) }
    : { dsnNotify, dsnReturn };
  const dsn = { ...told, dsnOriginal, dsnEnvelope };
  const letter = {
    address: place.address,
    content,
    sender,
    smtputf8,
    requireTls,
    tlsOptional,
    locale,
    provenance,
    reports: reports || back !== null,
    passedOnBy,
    dsn,
    customerId,
    reached,
  };
  const expansion = await expandAddress(services, services.secret, letter);
  if (expansion.kind !== 'messages') return { ...nothing, outcome: notPassedOn(expansion), content };
  const words = expansion.withheld.length === 0 ? 'Weitergeleitet - passed on' : 'Wartet auf Freigabe - waits for approval';
  const { messages, withheld, once, confirmedAs } = expansion;
  return {
    outcome: { kind: 'delivered', way: 'relayed', confirmedAs, confirms: false, result: said('2.1.5', words) },
    messages,
    withheld,
    once,
    content,
  };
}

function notPassedOn(expansion: Exclude<Expansion, { kind: 'messages' }>): Outcome {
  switch (expansion.kind) {
    case 'refused':
      return failed('5.7.2', '550 5.7.2 An diese Gruppe duerfen Sie nicht schreiben - you are not allowed to post to this group');
    case 'full':
      return deferred('4.2.0', '450 4.2.0 Zu viele E-Mails warten auf Freigabe - too many messages wait for approval');
    case 'nowhere':
      return expansion.circle
        ? failed('5.4.6', '554 5.4.6 Nachricht laeuft im Kreis - mail loop detected')
        : failed('5.1.1', '550 5.1.1 Adresse unbekannt - address unknown');
  }
}
