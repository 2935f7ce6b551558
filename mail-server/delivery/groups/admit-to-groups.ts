import { domainOf, parseEmailAddress, type EmailAddress } from '../../../lib/addresses/email-address.ts';
import type { CustomerId } from '../../../lib/db/ids.ts';
import type { Provenance } from '../../../lib/mime/judgement.ts';
import type { AddressEntry, GroupSettings } from '../../../lib/targets/lookup-addresses.ts';
import { resolveAddress, type Resolution } from '../../../lib/targets/resolve-address.ts';
import type { Services } from '../../services.ts';
import { moderatedBy, readQuarantines } from '../../store/withheld-letters.ts';
import { mayPost } from './group-copy.ts';

/** A group whose moderators decide, and why the letter waits there. */
export interface WaitsAt {
  group: GroupSettings;
  cause: 'not_allowed' | 'moderated';
}

/** What becomes of a letter at the groups that its address leads to. */
export type Admission =
  | { refused: true }
  /** `resolution` reaches nobody through the groups where it waits */
  | { refused: false; resolution: Resolution; waitsAt: WaitsAt[] };

/**
 * Asks every group on the way whether the letter may pass. One group that refuses its author refuses the letter; where it waits for a moderator, its
 * members are left out, and so are groups behind it, which nobody asks yet.
 */
export async function admit(
  services: Pick<Services, 'directory' | 'database'>,
  whole: Resolution,
  provenance: Provenance,
): Promise<Admission> {
  let resolution = whole;
  const waitsAt: WaitsAt[] = [];
  const asked = new Set<number>();
  for (;;) {
    const groups = resolution.groups.filter(({ addressId }) => !asked.has(addressId));
    const closed = waitsAt.length;
    const moderated = await moderatedByAuthor(services, groups, provenance);
    for (const group of groups) {
      asked.add(group.addressId);
      if (provenance.approved?.includes(group.addressId) || moderated.has(group.addressId)) continue;
      const isWelcome = await mayWrite(services, group, provenance, resolution);
      if (isWelcome && group.moderation !== 'everybody') continue;
      if (group.moderation === 'off') return { refused: true };
      waitsAt.push({ group, cause: isWelcome ? 'moderated' : 'not_allowed' });
    }
    if (waitsAt.length === closed) return { refused: false, resolution, waitsAt };
    const behind = new Set(waitsAt.map(({ group }) => group.addressId));
    resolution = await resolveAddress((addresses) => services.directory.lookup(addresses), whole.root.address, behind);
    // who is asked only behind a closed group is not asked yet
    const reached = new Set(resolution.groups.map(({ addressId }) => addressId));
    for (const each of [...waitsAt]) if (!reached.has(each.group.addressId)) waitsAt.splice(waitsAt.indexOf(each), 1);
  }
}

/** Whether an address of ours takes a letter of this author: 'full' where too many wait for moderators already. `resolution`: where it leads. */
export async function admitAtDoor(
  services: Pick<Services, 'directory' | 'database' | 'settings'>,
  { address, entry, customerId }: { address: EmailAddress; entry: AddressEntry | null; customerId: CustomerId },
  provenance: Provenance,
  bytes: number,
): Promise<{ kind: 'refused' | 'full' } | { kind: 'admitted'; resolution: Resolution }> {
  const resolution = await resolveAddress((addresses) => services.directory.lookup(addresses), address, new Set(), entry);
  const admission = await admit(services, resolution, provenance);
  if (admission.refused) return { kind: 'refused' };
  return (await hasRoom(services, admission.waitsAt, customerId, bytes)) ? { kind: 'admitted', resolution } : { kind: 'full' };
}

/** A customer's letters that wait for somebody's word are bounded together. */
export async function hasRoom(
  { database, settings }: Pick<Services, 'database' | 'settings'>,
  waitsAt: readonly WaitsAt[],
  customer: CustomerId,
  bytes: number,
): Promise<boolean> {
  if (waitsAt.length === 0) return true;
  const room = (await readQuarantines(database, [customer], settings.withheld.bytes)).get(customer)?.room ?? 0;
  return room >= bytes * waitsAt.length;
}

/** Groups that the author moderates, where it is certain that he wrote it: he signed in here, or his domain vouches for him. */
async function moderatedByAuthor(
  { database }: Pick<Services, 'database'>,
  groups: readonly GroupSettings[],
  { author, origin, judgement }: Provenance,
): Promise<Set<number>> {
  const ids = groups.filter(({ moderation }) => moderation !== 'off').map(({ addressId }) => addressId);
  const address = author === null ? null : parseEmailAddress(author);
  if (ids.length === 0 || !address || (origin !== 'submitted' && judgement?.verdict !== 'attested')) return new Set();
  return moderatedBy(database, ids, address);
}

async function mayWrite(
  services: Pick<Services, 'directory'>,
  group: GroupSettings,
  provenance: Provenance,
  { root, deliveries }: Resolution,
): Promise<boolean> {
  const author = parseEmailAddress(provenance.author ?? '');
  const customer = 'customerId' in root.entry ? root.entry.customerId : null;
  const domain = author && (await services.directory.domain(domainOf(author)));
  const members = new Set(
    deliveries
      .filter((each) => each.group?.addressId === group.addressId)
      .map((each): string => (each.kind === 'mailbox' ? each.mailbox.address : each.to)),
  );
  return mayPost(group, provenance, {
    isOfCustomer: domain?.customerId === customer,
    isMember: (address) => members.has(address),
  });
}
