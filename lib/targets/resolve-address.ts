import type { EmailAddress } from '../addresses/email-address.ts';
import type { CustomerId } from '../db/ids.ts';
import type { AddressEntry, GroupSettings, MailboxTarget } from './lookup-addresses.ts';

/** Deeper chains of forwards and groups are a mistake; so are more targets than a letter could reach. */
const deepestChain = 8;
const mostDeliveries = 5_000;

/** Which address sends a letter on; a bounce of it is told to its customer. */
export interface Forwarder {
  /** the forward, group or catch-all that the target belongs to */
  address: EmailAddress;
  addressId: number;
  customerId: CustomerId;
}

/** A copy of the letter: into a mailbox, or on to an address elsewhere. */
export type Delivery =
  | { kind: 'mailbox'; mailbox: MailboxTarget /** as which it was written to */; recipient: EmailAddress; group: GroupSettings | null }
  | { kind: 'forward'; to: EmailAddress; by: Forwarder; group: GroupSettings | null };

/** One step on the way, for people: what an address is and where it leads. */
export interface Step {
  address: EmailAddress;
  entry: AddressEntry | { kind: 'loop' } | { kind: 'too-deep' } | { kind: 'too-many' };
  leadsTo: Step[];
}

export interface Resolution {
  root: Step;
  deliveries: Delivery[];
  /** groups that the letter went through, in order; who may write to them is judged by the caller */
  groups: GroupSettings[];
  /** the chain came back to itself, or was cut: nothing is lost, since what could be resolved is in `deliveries` */
  problem: 'loop' | 'too-deep' | 'too-many' | null;
}

export type LookupAddresses = (addresses: readonly EmailAddress[]) => Promise<AddressEntry[]>;

interface Frontier {
  step: Step;
  group: GroupSettings | null;
  /** what brought us here; null for the address that was written to */
  by: Forwarder | null;
  chain: ReadonlySet<EmailAddress>;
}

/**
 * Follows an address to every mailbox and every address elsewhere that it leads to: one question a level, each entry visited once, each
 * mailbox and each address elsewhere one copy. A mailbox that is reached directly and through a group gets the letter itself, without the
 * group's additions. An address elsewhere that nobody here forwards to (the root itself) is no delivery.
 *
 * @param closed groups whose members get nothing yet; whoever is reached in another way is
 * @param known what was found for the address a moment ago
 */
export async function resolveAddress(
  lookup: LookupAddresses,
  address: EmailAddress,
  closed: ReadonlySet<number> = new Set(),
  known: AddressEntry | null = null,
): Promise<Resolution> {
  const root: Step = { address, entry: { kind: 'foreign-domain' }, leadsTo: [] };
  const mailboxes = new Map<number, Extract<Delivery, { kind: 'mailbox' }>>();
  const forwards = new Map<EmailAddress, Extract<Delivery, { kind: 'forward' }>>();
  const groups = new Map<number, GroupSettings>();
  const visited = new Set<string>();
  let problem: Resolution['problem'] = null;

  const toMailbox = (mailbox: MailboxTarget, recipient: EmailAddress, group: GroupSettings | null): void => {
    const known = mailboxes.get(mailbox.accountId);
    if (!known || (known.group !== null && group === null))
      mailboxes.set(mailbox.accountId, { kind: 'mailbox', mailbox, recipient, group });
  };
  const toOutside = (to: EmailAddress, by: Forwarder, group: GroupSettings | null): void => {
    const known = forwards.get(to);
    if (!known || (known.group !== null && group === null)) forwards.set(to, { kind: 'forward', to, by, group });
  };

  let frontier: Frontier[] = [{ step: root, group: null, by: null, chain: new Set() }];
  for (let depth = 0; frontier.length > 0; depth++) {
    if (depth > deepestChain) {
      for (const { step } of frontier) step.entry = { kind: 'too-deep' };
      problem = 'too-deep';
      break;
    }
    const entries = depth === 0 && known ? [known] : await lookup(frontier.map(({ step }) => step.address));
    const next: Frontier[] = [];
    for (const [index, { step, group, by, chain }] of frontier.entries()) {
      const entry = entries[index] ?? { kind: 'foreign-domain' };
      if (entry.kind !== 'foreign-domain' && entry.kind !== 'unknown-user' && chain.has(entry.entry)) {
        step.entry = { kind: 'loop' };
        problem ??= 'loop';
        continue;
      }
      step.entry = entry;
      if (entry.kind === 'foreign-domain' && by) toOutside(step.address, by, group);
      if (entry.kind === 'foreign-domain' || entry.kind === 'unknown-user') continue;
      if (entry.mailbox) {
        toMailbox(entry.mailbox, step.address, group);
        continue;
      }
      const within = entry.group ?? group;
      if (entry.group) groups.set(entry.group.addressId, entry.group);
      if (closed.has(entry.addressId)) continue;
      // the same entry on two ways is followed once, but for a way without a group after one with
      const visit = `${entry.addressId} ${within?.addressId ?? ''}`;
      if (visited.has(visit)) continue;
      visited.add(visit);
      for (const target of entry.targets) {
        if (mailboxes.size + forwards.size + next.length >= mostDeliveries) {
          problem = 'too-many';
          step.leadsTo.push({ address: target.outside ?? entry.entry, entry: { kind: 'too-many' }, leadsTo: [] });
          break;
        }
        if (target.mailbox) {
          toMailbox(target.mailbox, step.address, within);
          step.leadsTo.push(mailboxStep(target.mailbox, entry));
        } else if (target.outside) {
          const child: Step = { address: target.outside, entry: { kind: 'foreign-domain' }, leadsTo: [] };
          step.leadsTo.push(child);
          const forwarder = { address: entry.entry, addressId: entry.addressId, customerId: entry.customerId };
          if (target.isElsewhere) toOutside(target.outside, forwarder, within);
          else next.push({ step: child, group: within, by: forwarder, chain: new Set([...chain, entry.entry]) });
        }
      }
    }
    frontier = next;
  }
  return { root, deliveries: [...mailboxes.values(), ...forwards.values()], groups: [...groups.values()], problem };
}

const mailboxStep = (mailbox: MailboxTarget, { domainVerified }: { domainVerified: boolean }): Step => ({
  address: mailbox.address,
  entry: {
    kind: 'mailbox',
    customerId: mailbox.customerId,
    domainVerified,
    entry: mailbox.address,
    addressId: 0,
    match: 'exact',
    viaDomainAlias: false,
    mailbox,
    targets: [],
    group: null,
  },
  leadsTo: [],
});
