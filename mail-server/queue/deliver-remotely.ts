import { countSession, type TransportPolicy } from '../reports/count-session.ts';
import type { TlsResult } from '../reports/tls-result.ts';
import type { AttemptResult } from '../store/queue/queue-store.ts';
import type { StsPolicy } from '../store/queue/sts-policies.ts';
import { concludeDomain } from './conclude-domain.ts';
import { noPolicy, stsPolicy, tlsaPolicy } from './describe-policy.ts';
import { isSharedDomain } from './is-shared-domain.ts';
import { deferred, ofOurs, type Outcome } from './outcome.ts';
import { connectTo, type ObservedTls, type OutgoingConnection, type Unreachable } from './outgoing-connection.ts';
import type { Batch, Lane } from './queue-context.ts';
import { resolveDestination, type Host } from './resolve-destination.ts';
import { findDane, hasSecureHosts } from './dane/find-dane.ts';
import type { MailServerSettings } from '../settings.ts';
import type { CertificateProof } from './smtp-dialogue.ts';
import { findStsPolicy, stsFailureOf } from './sts/find-sts-policy.ts';
import { namesHost } from './sts/parse-sts-policy.ts';
import { transmit, type PutOff } from './transmit.ts';

/** Sessions with different hosts in one attempt, as many as RFC 5321 section 5.1 asks for at least. */
const mostSessions = 2;
/** So long an attempt looks for hosts; what it takes to speak with them has limits of its own. */
const reachWithinMs = 300_000;
const withoutDemand: Demand = { proof: null, policy: noPolicy, fault: null };
/** a host that the policy of its domain does not name */
const unnamed = { result: 'validation-failure', reason: 'not named by the policy', sendingAddress: '' } as const;

/**
 * Delivers `first`, and what `next` has for the same domain, over one connection after the other, as long as they hold. A host that cannot be
 * reached, or says "later", gives way to the next one; what nobody took is deferred. Nothing is demanded of TLS for a message whose author said
 * so (RFC 8689 section 3).
 */
export async function deliverRemotely(lane: Lane, first: Batch): Promise<void> {
  const { context, throttle, domain } = lane;
  const hosts = await resolveDestination(context.services.settings, domain);
  if (!Array.isArray(hosts)) {
    await concludeDomain(lane, first, hosts);
    return;
  }
  const isOptional = first[0]?.tlsOptional ?? false;
  const policy = isOptional
    ? null
    : await findStsPolicy(context.services, domain).catch((error: unknown) =>
        ofOurs(error, `What ${domain} demands of TLS could not be looked up`),
      );
  if (policy && 'result' in policy) {
    await concludeDomain(lane, first, policy);
    return;
  }
  const enforced = policy?.mode === 'enforce';
  const allowed = policy && enforced ? hosts.filter(({ name }) => namesHost(policy, name)) : hosts;
  if (allowed.length === 0) {
    countSession(context.services, domain, stsPolicy(policy), { ...unnamed, host: hosts[0]?.name ?? '', address: hosts[0]?.address ?? '' });
    await concludeDomain(lane, first, deferred('4.7.5', `451 4.7.5 The MTA-STS policy of ${domain} names none of its mail hosts`));
    return;
  }
  const secure = !isOptional && (await hasSecureHosts(context.services.settings, domain));
  const visited: Host[] = [];
  let lookedFor = 0;
  let unreachable: Outcome | null = null;
  let isBusy = false;
  let open: Batch[] = [first];
  let waiting: PutOff[] = [];
  const candidates = context.hosts.inOrder(allowed);
  while (visited.length < mostSessions && lookedFor <= reachWithinMs) {
    const host = takeNext(candidates, visited);
    if (!host) break;
    const from = performance.now();
    const reached = await reach(lane, host, isOptional ? null : { policy, secure });
    lookedFor += performance.now() - from;
    if (reached === 'enough') {
      await putBack(lane, [...open, ...waiting.map(({ batch }) => batch)]);
      return;
    }
    if ('kind' in reached) {
      // one that refuses for good does not speak for one that is only away
      if (unreachable?.kind !== 'deferred') unreachable = reached;
      isBusy ||= reached.busy === true;
      continue;
    }
    visited.push(host);
    const last = visited.length === mostSessions || candidates.length === 0;
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
  if (visited.length > 0) {
    await putBack(lane, open);
    return;
  }
  throttle.hostFailed(domain);
  if (isBusy && (await mayBeFullOfUs(lane))) {
    context.services.log.info({ domain, reply: unreachable?.result.reply }, 'a host is busy, its domain rests for a moment');
    await putBack(lane, open, unreachable?.result);
    return;
  }
  unreachable ??= deferred('4.4.1', `451 4.4.1 No mail host of ${domain} can be reached`);
  for (const batch of open) await concludeDomain(lane, batch, unreachable);
}

/** Another host comes before another address of one that was spoken with: a second machine, or another way to the same one. */
function takeNext(candidates: Host[], visited: readonly Host[]): Host | undefined {
  const other = candidates.findIndex(({ name }) => visited.every((host) => host.name !== name));
  return candidates.splice(Math.max(other, 0), 1)[0];
}

async function putBack({ context }: Lane, batches: readonly Batch[], heard: AttemptResult | null = null): Promise<void> {
  for (const batch of batches) await context.release(batch, heard);
}

/**
 * A host that is busy without a session of this worker may have one of another worker, which goes on with what is put back; or it is only for
 * a moment, and a few tries soon after each other cost less than a long wait (RFC 5321 section 4.5.4.1). The domain rests here then.
 */
async function mayBeFullOfUs(lane: Lane): Promise<boolean> {
  const { rests } = lane.context;
  if (!rests.refused(lane.domain) && !(await isSharedDomain(lane))) return false;
  rests.rest(lane.domain);
  return true;
}

interface Demands {
  /** the MTA-STS policy of the domain */
  policy: StsPolicy | null;
  /** the DNS is sure of the domain's hosts, so what they say of themselves counts */
  secure: boolean;
}

interface Demand {
  proof: CertificateProof | null;
  /** whose it is, for the report to the domain */
  policy: TransportPolicy;
  /** what is wrong whatever the session shows */
  fault: TlsResult | null;
}

/** What the host has to show. Its TLSA records count more than a policy of its domain (RFC 8461 section 2). */
async function demandOf(
  settings: MailServerSettings,
  domain: string,
  { name }: Host,
  { policy, secure }: Demands,
): Promise<Demand | 'away'> {
  const dane = secure ? await findDane(settings, name) : null;
  if (dane === 'away') return dane;
  const enforced = policy?.mode === 'enforce';
  // of use is only what can be checked; without it a policy still holds
  if (dane && (dane.records.length > 0 || !enforced))
    return {
      proof: { kind: 'records', records: dane.records, names: [name, domain] },
      policy: tlsaPolicy(name, dane.records),
      fault: dane.records.length > 0 ? null : 'tlsa-invalid',
    };
  const { authorities } = settings;
  if (policy && policy.mode !== 'none')
    return {
      proof: { kind: enforced ? 'authority' : 'watched', authorities },
      policy: stsPolicy(policy),
      fault: namesHost(policy, name) ? null : 'validation-failure',
    };
  const failure = stsFailureOf(settings, domain);
  return { proof: null, policy: failure ? stsPolicy(null) : noPolicy, fault: failure };
}

/** 'enough': the host lets in the connections of ours that there are, and no further one. */
async function reach(lane: Lane, host: Host, demands: Demands | null): Promise<OutgoingConnection | Unreachable | 'enough'> {
  const { context, throttle, domain } = lane;
  const { services } = context;
  const count = (policy: TransportPolicy, observed: ObservedTls): void => {
    // a session that nothing is demanded of says nothing, and who gets nothing but reports is not sent one about them (RFC 8460 section 3)
    if (demands) countSession(services, domain, policy, { ...observed, host: host.name, address: host.address });
  };
  const demand = demands ? await demandOf(services.settings, domain, host, demands) : withoutDemand;
  if (demand === 'away') {
    count(tlsaPolicy(host.name, []), { result: 'dnssec-invalid', reason: '', sendingAddress: '' });
    return deferred('4.7.5', `451 4.7.5 The DNS does not say whether ${host.name} has TLSA records`);
  }
  const { proof, policy, fault } = demand;
  const before = throttle.greeted(domain);
  const reached = await connectTo(services.settings, host, {}, context.hosts, proof, (observed) =>
    count(policy, fault && observed.result === 'successful' ? { ...observed, result: fault } : observed),
  );
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
      usable = done.usable && !connection.isSpent();
    }
  } finally {
    throttle.sessionEnded(domain);
    connection.close();
  }
  return putOff;
}
