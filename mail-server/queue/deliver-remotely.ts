import { headerEnd } from '../../lib/mime/read-header.ts';
import { readQueuedContent, type QueuedRecipient } from '../store/queue-store.ts';
import type { DomainThrottle } from './domain-throttle.ts';
import { deferred, failed, type Outcome } from './outcome.ts';
import { connectTo, type OutgoingConnection } from './outgoing-connection.ts';
import type { QueueContext } from './queue-context.ts';
import { resolveDestination } from './resolve-destination.ts';

/** Recipients of one message that go in one transaction: of one domain, with the same wishes for reports. */
export type Batch = readonly QueuedRecipient[];

/** Recipients that a host put off, and what it said to each of them; another host may take them yet. */
interface PutOff {
  batch: Batch;
  outcomes: readonly Outcome[];
}

interface Round {
  context: QueueContext;
  throttle: DomainThrottle;
  domain: string;
  connection: OutgoingConnection;
  /** no other host is left to try */
  last: boolean;
}

/** Sessions with different hosts in one attempt, as many as RFC 5321 section 5.1 asks for at least. */
const mostSessions = 2;

/**
 * Takes one batch after the other from `next` and delivers them to a domain over one connection, as long as it holds. A host that
 * cannot be reached, or says "later", gives way to the next one; what nobody took is deferred.
 */
export async function deliverRemotely(
  context: QueueContext,
  throttle: DomainThrottle,
  domain: string,
  next: () => Batch | undefined,
): Promise<void> {
  const { settings } = context.services;
  const hosts = await resolveDestination(settings, domain);
  if (!Array.isArray(hosts)) {
    for (let batch = next(); batch; batch = next()) await concludeAll(context, batch, hosts);
    return;
  }
  const visited = new Set<string>();
  let unreachable: Outcome | null = null;
  let waiting: PutOff[] = [];
  for (const [index, host] of hosts.entries()) {
    if (visited.has(host.name) || visited.size === mostSessions) continue;
    const connection = await connectTo(settings, host);
    if ('kind' in connection) {
      // one that refuses for good does not speak for one that is only away
      if (unreachable?.kind !== 'deferred') unreachable = connection;
      continue;
    }
    visited.add(host.name);
    const last = visited.size === mostSessions || hosts.slice(index + 1).every(({ name }) => visited.has(name));
    const first = waiting.map(({ batch }) => batch);
    const putOff = await deliverOver({ context, throttle, domain, connection, last }, () => first.shift() ?? next());
    waiting = [...waiting.slice(waiting.length - first.length), ...putOff];
    // what is still in the lane when a session ends early gets a connection of its own
    if (waiting.length === 0) return;
  }
  for (const { batch, outcomes } of waiting) await context.conclude(batch, outcomes, null);
  if (visited.size > 0) return;
  throttle.hostFailed(domain);
  unreachable ??= deferred('4.4.1', `451 4.4.1 No mail host of ${domain} can be reached`);
  for (let batch = next(); batch; batch = next()) await concludeAll(context, batch, unreachable);
}

const concludeAll = (context: QueueContext, batch: Batch, outcome: Outcome): Promise<void> =>
  context.conclude(
    batch,
    batch.map(() => outcome),
    null,
  );

/** Delivers over one connection until it ends or nothing is left. Returns what another host may take yet. */
async function deliverOver(round: Round, take: () => Batch | undefined): Promise<PutOff[]> {
  const putOff: PutOff[] = [];
  try {
    for (let usable = true; usable; ) {
      const batch = take();
      if (!batch) break;
      const done = await transmit(round, batch);
      if (done.putOff) putOff.push(done.putOff);
      usable = done.usable;
    }
  } finally {
    round.connection.close();
  }
  return putOff;
}

/** One mail transaction. `usable`: another one may follow on this connection. */
async function transmit(
  { context, throttle, domain, connection, last }: Round,
  batch: Batch,
): Promise<{ usable: boolean; putOff: PutOff | null }> {
  const nothing = { usable: true, putOff: null };
  const [first] = batch;
  if (!first) return nothing;
  const content = await readQueuedContent(context.services.database, first.messageId).catch(() => null);
  if (!content) {
    await concludeAll(context, batch, deferred('4.3.0', '451 4.3.0 The message could not be read'));
    return nothing;
  }
  const smtputf8 = needsSmtpUtf8(batch, content);
  const eightBit = !isSevenBit(content);
  const obstacle = obstacleTo(connection, smtputf8, eightBit);
  if (obstacle) {
    await context.conclude(
      batch,
      batch.map(() => obstacle),
      content,
    );
    return nothing;
  }
  const confirms = connection.offers('DSN');
  const sent = await connection.send(
    {
      sender: first.sender,
      recipients: batch.map(({ address }) => address),
      size: content.length,
      eightBit,
      smtputf8,
      dsn: { ret: first.dsnReturn, envid: first.dsnEnvelope, notify: first.dsnNotify, orcpt: first.dsnOriginal },
    },
    content,
  );
  const outcomes = sent.outcomes.map((outcome) => (outcome.kind === 'delivered' ? { ...outcome, confirms } : outcome));
  if (outcomes.some(({ kind }) => kind === 'delivered')) throttle.succeeded(domain);
  else if (!sent.usable) throttle.hostFailed(domain);
  const isLeft = (index: number): boolean => !last && sent.mayGoElsewhere && outcomes[index]?.kind === 'deferred';
  const done = batch.filter((_, index) => !isLeft(index));
  const left = batch.filter((_, index) => isLeft(index));
  if (done.length > 0) {
    await context.conclude(
      done,
      outcomes.filter((_, index) => !isLeft(index)),
      content,
    );
  }
  const putOff = left.length > 0 ? { batch: left, outcomes: outcomes.filter((_, index) => isLeft(index)) } : null;
  return { usable: sent.usable, putOff };
}

/** RFC 6531 section 3.2: an address that is not ASCII, or a header in UTF-8 that came with SMTPUTF8. */
function needsSmtpUtf8(batch: Batch, content: Buffer): boolean {
  return (
    batch.some(({ address, sender }) => !isAscii(address) || !isAscii(sender)) ||
    (batch[0]?.smtputf8 === true && !isSevenBit(content.subarray(0, headerEnd(content))))
  );
}

/** What the message needs and the host does not know (RFC 6531 section 3.2, RFC 6152 section 3). */
function obstacleTo({ host: { name }, offers }: OutgoingConnection, smtputf8: boolean, eightBit: boolean): Outcome | null {
  if (smtputf8 && !offers('SMTPUTF8')) return failed('5.6.7', `553 5.6.7 ${name} does not support SMTPUTF8`);
  if (eightBit && !offers('8BITMIME')) return failed('5.6.3', `554 5.6.3 ${name} does not support 8BITMIME`);
  return null;
}

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

function isSevenBit(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte > 127) return false;
  return true;
}
