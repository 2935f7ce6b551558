import { domainOf, parseEmailAddress, type EmailAddress } from '../../lib/addresses/email-address.ts';
import type { MailboxTarget } from '../../lib/targets/lookup-addresses.ts';
import { resolveAddress, type Delivery, type Resolution } from '../../lib/targets/resolve-address.ts';
import type { Services } from '../services.ts';
import type { Confirmation } from '../queue/report/success-report.ts';
import type { NewQueueMessage, NewQueueRecipient } from '../store/queue/queue-store.ts';
import { markOf } from '../store/rules-store.ts';
import { leaveGroup } from '../store/group-members.ts';
import type { NewWithheld } from '../store/withheld-letters.ts';
import { admit, hasRoom } from './groups/admit-to-groups.ts';
import type { Expanding } from './expanding.ts';
import { asksToLeave, groupCopy, asWritten, wentThrough } from './groups/group-copy.ts';
import { holdForModerators, type OnceMessage } from './groups/hold-for-moderators.ts';
import { memoryKey, type Forwarder } from '../../lib/targets/memory-key.ts';
import { releasedIsRememberedS } from './released-once.ts';
import { indexIncoming } from './letter-work.ts';
import { isGoingRound, passOn } from './pass-on.ts';
import { srsAddress, writePassedOnBy } from './srs.ts';

/**
 * - messages: what the letter becomes, to be queued in the transaction that ends the waiting of the letter itself, with what is withheld for
 *   moderators, and who is told so; `confirmedAs`: to a sender who asked for it
 * - full: as many letters wait for moderators as may
 * - refused: nobody gets it, since its author may not write to the group
 * - nowhere: the address leads to nobody, or only back to itself
 */
export type Expansion =
  | { kind: 'messages'; messages: NewQueueMessage[]; withheld: NewWithheld[]; once: OnceMessage[]; confirmedAs: Confirmation }
  | { kind: 'refused' }
  | { kind: 'full' }
  | { kind: 'nowhere'; circle: boolean };

/** What the copies of one letter with a link for each member may take in the queue. */
const mostOwnBytes = 64 * 1024 * 1024;

type Forward = Extract<Delivery, { kind: 'forward' }>;

/** Follows an address to everything that it leads to: one message for our mailboxes, one for each way out, one for each group. */
export async function expandAddress(services: Services, secret: string, letter: Expanding): Promise<Expansion> {
  const resolved = await resolveAddress((addresses) => services.directory.lookup(addresses), letter.address);
  const confirmedAs = confirmedAsOf(resolved);
  const passed = (messages: NewQueueMessage[], once: OnceMessage[] = [], withheld: NewWithheld[] = []) =>
    ({ kind: 'messages', messages, withheld, once, confirmedAs }) as const;
  if (await hasLeft(services, letter, resolved)) return passed([]);
  const admitted = await admit(services, resolved, letter.provenance);
  if (admitted.refused) return { kind: 'refused' };
  const { resolution: open, waitsAt } = admitted;
  if (open.groups.some((group) => wentThrough(letter.content, group))) return { kind: 'nowhere', circle: true };
  if (!(await hasRoom(services, waitsAt, letter.customerId, letter.content.length))) return { kind: 'full' };
  const resolution = { ...open, deliveries: open.deliveries.filter((each) => isNew(letter, each)) };
  const copies = await toGroups(services, secret, letter, resolution);
  const messages = [
    ...toMailboxes(letter, resolution.deliveries),
    ...(await toOutside(services, secret, letter, resolution)),
    ...copies.messages,
  ];
  const held = await holdForModerators(services, secret, letter, waitsAt);
  const once = [...copies.once, ...held.once];
  if (waitsAt.length > 0) {
    const waiting = passed([...messages, ...held.notices], once, held.withheld);
    // what nobody is told of waits without a word
    const isTold = confirmedAs === 'delivered' && held.withheld.every(({ suspicious }) => !suspicious);
    return isTold ? { ...waiting, confirmedAs: 'waiting' } : waiting;
  }
  const goesOut = messages.length + once.length > 0;
  // everybody has it already, each by another way
  if (open.deliveries.length > resolution.deliveries.length && !goesOut) return passed(messages);
  return goesOut ? passed(messages, once) : { kind: 'nowhere', circle: resolved.problem !== null };
}

/**
 * RFC 3461 section 5.2.7: a group has the letter, and sends out letters of its own (5.2.7.1). Of what goes on to mailboxes here its sender hears
 * more where it fails, as he asked for (5.2.7.3 c); of what goes elsewhere he does not, reports come to whoever set that (5.2.7.3 a).
 */
function confirmedAsOf({ root, deliveries }: Resolution): Confirmation {
  if ('group' in root.entry && root.entry.group) return 'delivered';
  return deliveries.length > 1 && deliveries.some(({ kind, group }) => kind === 'mailbox' && !group) ? 'expanded' : 'relayed';
}

/** One copy to each mailbox and to each address elsewhere, however many ways lead there. */
function isNew({ reached }: Expanding, delivery: Delivery): boolean {
  const [known, key] = delivery.kind === 'mailbox' ? [reached.accounts, delivery.mailbox.accountId] : [reached.addresses, delivery.to];
  const seen = known as Set<number | string>;
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

/** True for a letter by which a member outside took himself out of the group that it was written to. Who he is must be certain. */
async function hasLeft(services: Services, { content, address, provenance }: Expanding, { root }: Resolution): Promise<boolean> {
  const group = 'group' in root.entry ? root.entry.group : null;
  const author = parseEmailAddress(provenance.author ?? '');
  if (!group || !author || !asksToLeave(content, address)) return false;
  const { verdict, spf } = provenance.judgement ?? {};
  const isCertain = verdict === 'attested' || (verdict === 'unknown' && spf?.result === 'pass' && spf.domain === domainOf(author));
  return isCertain && leaveGroup(services.database, group.addressId, author);
}

function toMailboxes(letter: Expanding, deliveries: readonly Delivery[]): NewQueueMessage[] {
  const { sender, content, reports, passedOnBy, dsn } = letter;
  const { dsnOriginal, dsnReturn, dsnEnvelope } = dsn;
  // a success was confirmed with the address that was written to (RFC 3461 section 5.2.7.3 c)
  const left = dsn.dsnNotify?.split(',').filter((event) => event !== 'SUCCESS');
  const dsnNotify = left ? left.join(',') || 'NEVER' : null;
  const recipients = deliveries.flatMap((each) =>
    each.kind === 'mailbox' && !each.group ? [{ ...memberHere(each.mailbox), dsnNotify, dsnOriginal }] : [],
  );
  return recipients.length === 0 ? [] : [{ ...common(letter), sender, content, reports, passedOnBy, dsnReturn, dsnEnvelope, recipients }];
}

/**
 * The one message that a letter becomes behind an address that leads to addresses elsewhere, by one way, and to nothing else: no mailbox, no
 * group. Null for any other address, and where it cannot be passed on.
 */
export async function passStraightOn(
  services: Services,
  secret: string,
  letter: Pick<Expanding, 'content' | 'sender' | 'smtputf8' | 'requireTls' | 'provenance'>,
  resolution: Resolution,
): Promise<NewQueueMessage | null> {
  const { deliveries, groups, problem } = resolution;
  if (groups.length > 0 || problem !== null || deliveries.some(({ kind }) => kind === 'mailbox')) return null;
  const [message, ...others] = await toOutside(services, secret, letter, resolution);
  return message && others.length === 0 ? message : null;
}

async function toOutside(
  services: Services,
  secret: string,
  letter: Pick<Expanding, 'content' | 'sender' | 'smtputf8' | 'requireTls' | 'provenance'>,
  { deliveries, root }: Resolution,
): Promise<NewQueueMessage[]> {
  const ways = new Map<EmailAddress, Forward[]>();
  for (const each of deliveries)
    if (each.kind === 'forward' && !each.group) ways.set(each.by.address, [...(ways.get(each.by.address) ?? []), each]);
  const hasCopy = deliveries.some(({ kind, group }) => kind === 'mailbox' || group);
  const messages: NewQueueMessage[] = [];
  for (const [address, forwards] of ways) {
    // a catch-all has no name: what was written to passes it on
    const from = address.startsWith('@') ? root.address : address;
    const [first] = forwards;
    if (!first || isGoingRound(letter.content, from)) continue;
    const message = await passOn(services, secret, {
      raw: letter.content,
      sender: letter.sender,
      smtputf8: letter.smtputf8,
      requireTls: letter.requireTls,
      provenance: letter.provenance,
      from,
      customerId: first.by.customerId,
      by: { kind: 'address', id: first.by.addressId },
      backTo: hasCopy ? null : 'owner',
      to: forwards.map(({ to }) => to),
      acceptKey: null,
    });
    if (message) messages.push(message);
  }
  return messages;
}

async function toGroups(
  services: Services,
  secret: string,
  letter: Expanding,
  { deliveries, groups }: Resolution,
): Promise<{ messages: NewQueueMessage[]; once: OnceMessage[] }> {
  const messages: NewQueueMessage[] = [];
  const once: OnceMessage[] = [];
  const seconds = releasedIsRememberedS(services.settings);
  const written = letter.provenance.written ?? (groups.length > 0 ? await writtenOf(letter) : undefined);
  for (const group of groups) {
    const members = deliveries.filter((each) => each.group?.addressId === group.addressId);
    if (members.length === 0) continue;
    const by: Forwarder = { kind: 'address', id: group.addressId };
    const copyFor = async (member: EmailAddress | 'everybody' | null, recipients: NewQueueRecipient[]): Promise<NewQueueMessage> => ({
      ...common(letter),
      provenance: { ...letter.provenance, ...(written ? { written } : {}) },
      sender: srsAddress(letter.sender === '' ? `bounces@${domainOf(group.address)}` : letter.sender, domainOf(group.address), by, secret),
      content: await groupCopy(services, secret, letter.content, group, letter.provenance, member),
      reports: false,
      passedOnBy: writePassedOnBy(by),
      recipients,
    });
    const inside = members.flatMap((each) => (each.kind === 'mailbox' ? [memberHere(each.mailbox)] : []));
    const outside = members.flatMap((each) => (each.kind === 'mailbox' ? [] : [each.to]));
    if (inside.length > 0) messages.push(await copyFor(null, inside));
    // each has a link of his own, unless these would be too many bytes
    if (outside.length * letter.content.length > mostOwnBytes) messages.push(await copyFor('everybody', outside.map(recipient)));
    else {
      const own = await Promise.all(outside.map((member) => copyFor(member, [recipient(member)])));
      const { heldAs } = letter.provenance;
      if (heldAs === undefined) messages.push(...own);
      // moderators of another group let the same letter go, or will: who is in both has it once
      else for (const message of own) once.push({ key: memoryKey('released', heldAs, ...addressesOf(message)), seconds, message });
    }
  }
  return { messages, once };
}

const writtenOf = async ({ content, sender }: Expanding) => ({ ...asWritten(content), mark: markOf(await indexIncoming(content, sender)) });

const addressesOf = ({ recipients }: NewQueueMessage): string[] => recipients.map(({ address }) => address);

const recipient = (address: EmailAddress) => ({ address, domain: domainOf(address), dsnNotify: null, dsnOriginal: null });

/** Of a mailbox here: what waits for it is for nobody who has its address later. */
const memberHere = ({ address, customerId }: MailboxTarget) => ({ ...recipient(address), within: customerId });

const common = ({ locale, smtputf8, requireTls, tlsOptional, provenance, customerId }: Expanding) => ({
  customerId,
  accountId: null,
  locale,
  smtputf8,
  requireTls,
  tlsOptional,
  dsnReturn: null,
  dsnEnvelope: null,
  acceptKey: null,
  provenance,
});
