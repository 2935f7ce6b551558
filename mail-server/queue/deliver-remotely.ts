import { headerFields } from '../delivery/header-fields.ts';
import { readQueuedContent, type QueuedRecipient } from '../store/queue-store.ts';
import type { DomainThrottle } from './domain-throttle.ts';
import { deferred, failed, type Outcome } from './outcome.ts';
import { connectTo, type OutgoingConnection } from './outgoing-connection.ts';
import type { QueueContext } from './queue-context.ts';
import { resolveDestination } from './resolve-destination.ts';

/** Recipients of one message that go in one transaction: of one domain, with the same wishes for reports. */
export type Batch = readonly QueuedRecipient[];

/**
 * Takes one batch after the other from `next` and delivers them to a domain over one connection, as long as it holds. A host that
 * cannot be reached gives way to the next one; when none is left, what remains is deferred.
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
  let batch: Batch | undefined;
  let last: Outcome = deferred('4.4.1', `451 4.4.1 No mail host of ${domain} can be reached`);
  for (const host of hosts) {
    const connection = await connectTo(settings, host);
    if ('kind' in connection) {
      last = connection;
      continue;
    }
    try {
      let usable = true;
      batch ??= next();
      while (batch && usable) {
        usable = await transmit(context, throttle, domain, connection, batch);
        batch = next();
      }
    } finally {
      connection.close();
    }
    if (!batch) return;
  }
  throttle.hostFailed(domain);
  batch ??= next();
  for (; batch; batch = next()) await concludeAll(context, batch, last);
}

const concludeAll = (context: QueueContext, batch: Batch, outcome: Outcome): Promise<void> =>
  context.conclude(
    batch,
    batch.map(() => outcome),
    null,
  );

/** One mail transaction. False if the connection is of no more use. */
async function transmit(
  context: QueueContext,
  throttle: DomainThrottle,
  domain: string,
  connection: OutgoingConnection,
  batch: Batch,
): Promise<boolean> {
  const [first] = batch;
  if (!first) return true;
  const content = await readQueuedContent(context.services.database, first.messageId).catch(() => null);
  if (!content) {
    await concludeAll(context, batch, deferred('4.3.0', '451 4.3.0 The message could not be read'));
    return true;
  }
  const obstacle = obstacleTo(connection, batch, content);
  if (obstacle) {
    await context.conclude(
      batch,
      batch.map(() => obstacle),
      content,
    );
    return true;
  }
  const confirms = connection.offers('DSN');
  const { outcomes, usable } = await connection.send(
    {
      sender: first.sender,
      recipients: batch.map(({ address }) => address),
      size: content.length,
      eightBit: !isSevenBit(content),
      dsn: { ret: first.dsnReturn, envid: first.dsnEnvelope, notify: first.dsnNotify, orcpt: first.dsnOriginal },
    },
    content,
  );
  if (outcomes.some((outcome) => outcome.kind === 'delivered')) throttle.succeeded(domain);
  else if (!usable) throttle.hostFailed(domain);
  await context.conclude(
    batch,
    outcomes.map((outcome) => (outcome.kind === 'delivered' ? { ...outcome, confirms } : outcome)),
    content,
  );
  return usable;
}

/** What the message needs and the host does not know (RFC 6531 section 3.2, RFC 6152 section 3). */
function obstacleTo(connection: OutgoingConnection, batch: Batch, content: Buffer): Outcome | null {
  const { name } = connection.host;
  const { headerEnd } = headerFields(content);
  const international =
    batch.some(({ address, sender }) => !isAscii(address) || !isAscii(sender)) ||
    (batch[0]?.smtputf8 === true && !isSevenBit(content.subarray(0, headerEnd)));
  if (international && !connection.offers('SMTPUTF8')) return failed('5.6.7', `553 5.6.7 ${name} does not support SMTPUTF8`, name);
  if (!connection.offers('8BITMIME') && !isSevenBit(content)) return failed('5.6.3', `554 5.6.3 ${name} does not support 8BITMIME`, name);
  return null;
}

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

function isSevenBit(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte > 127) return false;
  return true;
}
