import type { EmailAddress } from '../../addresses/email-address.ts';
import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import type { GroupSettings } from '../../targets/lookup-addresses.ts';
import { lookupWithPrisma } from '../../targets/lookup-with-prisma.ts';
import { resolveAddress, type Step } from '../../targets/resolve-address.ts';
import { idOf } from '../parse-id.ts';
import { readDeliverySettings } from '../rules/read-delivery-settings.ts';
import { isResponsible, postmasterStatement } from '../../targets/postmaster.ts';

/** What a mailbox does with a letter after it has come. */
export interface MappedMailbox {
  id: number;
  /** it has the letter already: it is in the same group twice, or passed it on itself */
  again: boolean;
  suspended: boolean;
  full: boolean;
  /** until when the absence note answers; null: without an end. Undefined: it does not */
  absentUntil?: Date | null;
  /** the active script, and its rules as far as they have names */
  script: { name: string; rules: string[] } | null;
  blockedSenders: number;
  /** it keeps no copy: everything is passed on */
  keepsNothing: boolean;
}

/**
 * One step on the way of a letter. `outside`: an address that is not the customer's, of which nothing more is told; `nobody`: it is
 * refused; `responsible`: nobody made it, and it reaches somebody all the same; `paused`, `forbidden`: what it leads to gets nothing for now.
 */
export interface MappedStep {
  address: string;
  kind:
    | 'mailbox'
    | 'forward'
    | 'group'
    | 'catch-all'
    | 'outside'
    | 'nobody'
    | 'responsible'
    | 'loop'
    | 'too-deep'
    | 'too-many'
    | 'paused'
    | 'unconfirmed'
    | 'forbidden';
  /** how the address was found, where it is not by its own name */
  found: 'subaddress' | 'catch-all' | null;
  viaDomainAlias: boolean;
  /** the entry that takes it, where that is called otherwise */
  entry: string | null;
  group: Pick<GroupSettings, 'name' | 'posting' | 'moderation'> | null;
  mailbox: MappedMailbox | null;
  /** why it is paused */
  reason: string | null;
  leadsTo: MappedStep[];
}

/** as many as mail-server/delivery/pass-on.ts lets a letter go through */
const deepest = 25;
const mostMailboxes = 200;

/** "Wer bekommt was": where a letter to an address would end, step by step, with what the mailboxes do with it. */
export async function mapAddress(database: Database, scope: CustomerScope, address: EmailAddress): Promise<MappedStep> {
  let mailboxes = 0;
  const lookup = lookupWithPrisma(database);
  /** `passed`: mailboxes that the letter came through to here; what they pass on does not come back to them */
  const follow = async (start: EmailAddress, passed: readonly number[]): Promise<MappedStep> => {
    const { root } = await resolveAddress(lookup, start);
    return walk(root, passed, new Set(passed));
  };

  async function walk(step: Step, passed: readonly number[], seen: Set<number>): Promise<MappedStep> {
    const { entry } = step;
    const mapped: MappedStep = {
      address: step.address,
      kind: 'outside',
      found: null,
      viaDomainAlias: false,
      entry: null,
      group: null,
      mailbox: null,
      reason: null,
      leadsTo: [],
    };
    if (entry.kind === 'loop' || entry.kind === 'too-deep' || entry.kind === 'too-many') return { ...mapped, kind: entry.kind };
    // other customers' addresses are addresses elsewhere, whatever they lead to
    if (entry.kind === 'foreign-domain' || entry.customerId !== scope.customerId) return mapped;
    if (entry.kind === 'unknown-user') {
      const [somebody] = isResponsible(step.address)
        ? await database.$queryRawUnsafe<{ address: EmailAddress }[]>(postmasterStatement, scope.customerId)
        : [];
      return somebody
        ? { ...mapped, kind: 'responsible', leadsTo: [await follow(somebody.address, passed)] }
        : { ...mapped, kind: 'nobody' };
    }
    mapped.kind = entry.kind;
    mapped.found = entry.match === 'exact' ? null : entry.match;
    mapped.viaDomainAlias = entry.viaDomainAlias;
    mapped.entry = entry.entry === step.address ? null : entry.entry;
    mapped.group = entry.group;
    if (entry.mailbox) await addMailbox(mapped, entry.mailbox, passed, seen);
    else {
      for (const next of step.leadsTo) mapped.leadsTo.push(await walk(next, passed, seen));
      mapped.leadsTo.push(...(await pausedTargets(entry.addressId)));
    }
    return mapped;
  }

  async function addMailbox(
    mapped: MappedStep,
    { accountId, overQuota }: { accountId: number; overQuota: boolean },
    passed: readonly number[],
    seen: Set<number>,
  ) {
    const id = idOf(accountId);
    if (seen.has(id) || ++mailboxes > mostMailboxes) {
      mapped.mailbox = { id, again: seen.has(id), suspended: false, full: overQuota, script: null, blockedSenders: 0, keepsNothing: false };
      return;
    }
    seen.add(id);
    const [settings, mailbox, script] = await Promise.all([
      readDeliverySettings(database, scope, id),
      database.mailbox.findFirst({ where: { id, customerId: scope.customerId }, select: { status: true } }),
      database.sieveScript.findFirst({ where: { accountId: id, active: true }, select: { name: true, content: true } }),
    ]);
    if (!settings || !mailbox) return;
    const now = Date.now();
    const { absence, forwards, senders } = settings;
    const works = forwards.filter(({ confirmedAt, pausedAt, forbidden }) => confirmedAt !== null && pausedAt === null && !forbidden);
    const isAbsent =
      absence?.enabled && (absence.startsAt === null || +absence.startsAt <= now) && (absence.endsAt === null || +absence.endsAt > now);
    mapped.mailbox = {
      id,
      again: false,
      suspended: mailbox.status === 'suspended',
      full: overQuota,
      ...(isAbsent ? { absentUntil: absence.endsAt } : {}),
      script: script && { name: script.name, rules: namedRules(script.content) },
      blockedSenders: senders.filter(({ verdict }) => verdict === 'blocked').length,
      keepsNothing: works.length > 0 && works.every(({ keep }) => !keep),
    };
    for (const { target, confirmedAt, pausedAt, pauseReason, forbidden } of forwards) {
      if (forbidden) mapped.leadsTo.push(bare(target, 'forbidden', null));
      else if (confirmedAt === null || pausedAt !== null || passed.length >= deepest)
        mapped.leadsTo.push(bare(target, confirmedAt === null ? 'unconfirmed' : pausedAt === null ? 'too-deep' : 'paused', pauseReason));
      else mapped.leadsTo.push(await follow(target as EmailAddress, [...passed, id]));
    }
    if (mapped.leadsTo.some((step) => comesBack(step, id))) mapped.mailbox.keepsNothing = false;
  }

  async function pausedTargets(addressId: number): Promise<MappedStep[]> {
    const paused = await database.addressTarget.findMany({
      where: { addressId, pausedAt: { not: null } },
      include: { mailbox: { select: { address: true } } },
    });
    return paused.map(({ outside, mailbox, pauseReason }) => bare(mailbox?.address ?? outside ?? '', 'paused', pauseReason));
  }
  return follow(address, []);
}

/** What goes round, or nowhere, is nowhere else then: it stays in the mailbox, or comes back into it. */
const comesBack = (step: MappedStep, id: number): boolean => step.kind === 'nobody' || step.kind === 'too-deep' || goesRound(step, id);

const goesRound = ({ mailbox, leadsTo }: MappedStep, id: number): boolean =>
  (mailbox?.id === id && mailbox.again) || leadsTo.some((next) => goesRound(next, id));

const bare = (address: string, kind: MappedStep['kind'], reason: string | null): MappedStep => ({
  address,
  kind,
  found: null,
  viaDomainAlias: false,
  entry: null,
  group: null,
  mailbox: null,
  reason,
  leadsTo: [],
});

/** Names of rules, as editors of Sieve write them: "# rule:[Newsletter]", "## Filter: Newsletter". */
function namedRules(script: string): string[] {
  const names = script.matchAll(/^#+ *(?:rule: *\[(.{1,120})\]|(?:filter|rule): *(.{1,120}))\r?$/gim);
  return [...names].flatMap(([, bracketed, plain]) => (bracketed ?? plain ?? '').trim() || []).slice(0, 50);
}
