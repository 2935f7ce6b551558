import { deferred, type Outcome } from './outcome.ts';
import { connectTo, type OutgoingConnection } from './outgoing-connection.ts';
import type { Batch, Lane } from './queue-context.ts';
import { resolveDestination, type Host } from './resolve-destination.ts';
import { findDane, hasSecureHosts } from './dane/find-dane.ts';
import type { MailServerSettings } from '../settings.ts';
import { findStsPolicy } from './sts/find-sts-policy.ts';
import { namesHost } from './sts/parse-sts-policy.ts';
import { transmit, type PutOff } from './transmit.ts';

/** Sessions with different hosts in one attempt, as many as RFC 5321 section 5.1 asks for at least. */
const mostSessions = 2;
/** No host is begun with that late in an attempt. */
const reachWithinMs = 300_000;

/**
 * Delivers `first`, and what `next` has for the same domain, over one connection after the other, as long as they hold. A host that cannot be
 * reached, or says "later", gives way to the next one; what nobody took is deferred. Nothing is demanded of TLS for a message whose author said
 * so (RFC 8689 section 3).
 */
export async function deliverRemotely(lane: Lane, first: Batch): Promise<void> {
  const { context, throttle, domain } = lane;
  const hosts = await resolveDestination(context.services.settings, domain);
  if (!Array.isArray(hosts)) {
    await concludeAll(lane, first, hosts);
    return;
  }
  const isOptional = first[0]?.tlsOptional ?? false;
  const policy = isOptional ? null : await findStsPolicy(context.services, domain).catch(() => 'unknown' as const);
  if (policy === 'unknown') {
    await concludeAll(lane, first, deferred('4.3.0', `451 4.3.0 What ${domain} demands of TLS could not be looked up`));
    return;
  }
  const enforced = policy?.mode === 'enforce';
  const allowed = policy && enforced ? hosts.filter(({ name }) => namesHost(policy, name)) : hosts;
  if (allowed.length === 0) {
    await concludeAll(lane, first, deferred('4.7.5', `451 4.7.5 The MTA-STS policy of ${domain} names none of its mail hosts`));
    return;
  }
  const secure = !isOptional && (await hasSecureHosts(context.services.settings, domain));
  const visited = new Set<string>();
  const end = Date.now() + reachWithinMs;
  let unreachable: Outcome | null = null;
  let open: Batch[] = [first];
  let waiting: PutOff[] = [];
  const ordered = context.hosts.inOrder(allowed);
  for (const [index, host] of ordered.entries()) {
    if (visited.has(host.name) || visited.size === mostSessions || Date.now() > end) continue;
    const reached = await reach(lane, host, { enforced, secure });
    if (reached === 'enough') {
      await putBack(lane, [...open, ...waiting.map(({ batch }) => batch)]);
      return;
    }
    if ('kind' in reached) {
      // one that refuses for good does not speak for one that is only away
      if (unreachable?.kind !== 'deferred') unreachable = reached;
      continue;
    }
    visited.add(host.name);
    const last = visited.size === mostSessions || ordered.slice(index + 1).every(({ name }) => visited.has(name));
    const untried = [...waiting.map(({ batch }) => batch), ...open];
    const done = await deliverOver(lane, reached, last, untried);
    // what the session did not come to any more is another connection's, with what was said about it before
    const left = waiting.filter(({ batch }) => untried.includes(batch));
    open = open.filter((batch) => untried.includes(batch));
    waiting = [...left, ...done];
    if (waiting.length === 0) {
      await putBack(lane, open);
      return;
    }
  }
  for (const { batch, outcomes } of waiting) await context.conclude(batch, outcomes, null);
  if (visited.size > 0) {
    await putBack(lane, open);
    return;
  }
  throttle.hostFailed(domain);
  unreachable ??= deferred('4.4.1', `451 4.4.1 No mail host of ${domain} can be reached`);
  for (const batch of open) await concludeAll(lane, batch, unreachable);
}

async function putBack({ context }: Lane, batches: readonly Batch[]): Promise<void> {
  for (const batch of batches) await context.release(batch);
}

/** What is said of all of the domain's mail holds for what waits behind it too. */
async function concludeAll({ context, next }: Lane, first: Batch, outcome: Outcome): Promise<void> {
  for (let batch: Batch | null = first; batch; batch = await next()) {
    await context.conclude(
      batch,
      batch.map(() => outcome),
      null,
    );
  }
}

interface Demands {
  /** an MTA-STS policy is to be enforced */
  enforced: boolean;
  /** the DNS is sure of the domain's hosts, so what they say of themselves counts */
  secure: boolean;
}

/** What the host has to show. Its TLSA records count more than a policy of its domain (RFC 8461 section 2). */
async function proofOf(settings: MailServerSettings, domain: string, { name }: Host, demands: Demands) {
  const dane = demands.secure ? await findDane(settings, name) : null;
  if (dane === 'away') return dane;
  // of use is only what can be checked; without it a policy still holds
  if (dane && (dane.records.length > 0 || !demands.enforced))
    return { kind: 'records' as const, records: dane.records, names: [name, domain] };
  return demands.enforced ? { kind: 'authority' as const, authorities: settings.authorities } : null;
}

/** 'enough': the host lets in the connections of ours that there are, and no further one. */
async function reach({ context, throttle, domain }: Lane, host: Host, demands: Demands): Promise<OutgoingConnection | Outcome | 'enough'> {
  const proof = await proofOf(context.services.settings, domain, host, demands);
  if (proof === 'away') return deferred('4.7.5', `451 4.7.5 The DNS does not say whether ${host.name} has TLSA records`);
  const before = throttle.greeted(domain);
  const reached = await connectTo(context.services.settings, host, {}, context.hosts, proof);
  if (!('kind' in reached)) {
    context.hosts.noteThere(host.address);
    return reached;
  }
  if (reached.busy && before + throttle.greeted(domain) > 0) {
    throttle.isEnough(domain, throttle.greeted(domain));
    return 'enough';
  }
  context.hosts.noteAway(host.address);
  return reached;
}

/** Delivers over one connection until it ends or nothing is left; takes from `untried` first. Returns what another host may take yet. */
async function deliverOver(lane: Lane, connection: OutgoingConnection, last: boolean, untried: Batch[]): Promise<PutOff[]> {
  const { throttle, domain } = lane;
  const putOff: PutOff[] = [];
  throttle.sessionBegan(domain);
  try {
    for (let usable = true; usable; ) {
      const batch = untried.shift() ?? (await lane.next());
      if (!batch) break;
      const done = await transmit({ lane, connection, last }, batch);
      putOff.push(...done.putOff);
      usable = done.usable;
    }
  } finally {
    throttle.sessionEnded(domain);
    connection.close();
  }
  return putOff;
}
