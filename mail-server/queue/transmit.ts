import { headerEnd } from '../../lib/mime/read-header.ts';
import { convertInWorker } from '../delivery/letter-work.ts';
import { isBinary, isSevenBit } from '../delivery/signing/to-seven-bit.ts';
import { readQueuedContent } from '../store/queue/queue-store.ts';
import { concludeDomain } from './conclude-domain.ts';
import { isSharedDomain } from './is-shared-domain.ts';
import { deferred, failed, ofOurs, type Outcome } from './outcome.ts';
import type { OutgoingConnection } from './outgoing-connection.ts';
import type { Batch, Lane } from './queue-context.ts';
import type { Transmission } from './transact.ts';

/** Recipients that a host put off, and what it said to each of them; another host may take them yet. */
export interface PutOff {
  batch: Batch;
  outcomes: readonly Outcome[];
}

interface Round {
  lane: Lane;
  connection: OutgoingConnection;
  /** no other host is left to try */
  last: boolean;
}

/** `usable`: another message may follow on this connection. */
interface Done {
  usable: boolean;
  putOff: PutOff[];
}

const nothing: Done = { usable: true, putOff: [] };

/** Delivers one message to its recipients over a connection, in as many transactions as the host needs. */
export async function transmit(round: Round, batch: Batch): Promise<Done> {
  const { context } = round.lane;
  const [first] = batch;
  if (!first || !(await context.hold(batch))) return nothing;
  if (first.unanswered) {
    context.services.log.warn({ queueId: first.messageId }, 'an earlier attempt was never answered, the message may arrive twice');
  }
  return context.withRoom(first.customerId, first.size, async () => {
    const stored = first.content ?? (await readQueuedContent(context.services.database, first.messageId).catch((error: Error) => error));
    if (!Buffer.isBuffer(stored)) {
      await concludeAll(round, batch, ofOurs(stored, 'The message could not be read'), null);
      return nothing;
    }
    const smtputf8 = needsSmtpUtf8(batch, stored);
    const { offers, host, verified } = round.connection;
    if (first.requireTls && !(verified && offers('REQUIRETLS'))) {
      // RFC 8689 section 4.2.1: a host that nobody vouches for, or that promises nothing, is given none of it
      return unfit(round, batch, failed('5.7.30', `550 5.7.30 REQUIRETLS is not possible at ${host.name}`), stored);
    }
    if (smtputf8 && !offers('SMTPUTF8')) {
      return unfit(round, batch, failed('5.6.7', `553 5.6.7 ${host.name} does not support SMTPUTF8`), stored);
    }
    const asIs = (offers('8BITMIME') || isSevenBit(stored)) && !isBinary(stored);
    const content = asIs ? stored : await convertInWorker(stored, first.sender).catch(() => null);
    if (!content) {
      await concludeAll(round, batch, deferred('4.3.0', '451 4.3.0 The message could not be converted'), stored);
      return nothing;
    }
    return inTransactions(round, batch, { content, stored, smtputf8 });
  });
}

/** What this host cannot take by what it offers is the next one's, and comes back only where no host can. */
async function unfit(round: Round, batch: Batch, outcome: Outcome, content: Buffer): Promise<Done> {
  if (!round.last) return { usable: true, putOff: [{ batch, outcomes: batch.map(() => outcome) }] };
  await concludeAll(round, batch, outcome, content);
  return nothing;
}

interface Contents {
  /** as this host gets it, and as it lies in the queue */
  content: Buffer;
  stored: Buffer;
  smtputf8: boolean;
}

/**
 * RFC 5321 section 4.5.3.1.10: those for whom there was no room go at once in a further transaction, as long as each settles somebody, taken or
 * refused, or leaves somebody behind.
 */
async function inTransactions(round: Round, batch: Batch, contents: Contents): Promise<Done> {
  const putOff: PutOff[] = [];
  for (let rest = batch; ; ) {
    const sent = await oneTransaction(round, rest, contents);
    const again = new Set(sent.endsSession || sent.outcomes.some(({ kind }) => kind !== 'deferred') ? sent.noRoom : []);
    const pairs = rest.map((recipient, index) => [recipient, sent.outcomes[index]]).filter((_, index) => !again.has(index));
    const done = await settle(round, sent, pairs.filter(isWhole), contents.stored);
    putOff.push(...done.putOff);
    rest = rest.filter((_, index) => again.has(index));
    if (rest.length === 0) return { usable: done.usable, putOff };
    if (!done.usable || round.connection.isSpent()) {
      await round.lane.context.release(rest);
      return { usable: false, putOff };
    }
    if (!(await round.lane.context.hold(rest))) return { usable: true, putOff };
  }
}

type Settled = [Batch[number], Outcome];
const isWhole = (pair: (Batch[number] | Outcome | undefined)[]): pair is Settled => pair.every((part) => part !== undefined);

function oneTransaction(
  { lane: { context }, connection, last }: Round,
  batch: Batch,
  { content, smtputf8 }: Contents,
): Promise<Transmission> {
  const [first] = batch;
  return connection.send(
    {
      sender: first?.sender ?? '',
      recipients: batch.map(({ address }) => address),
      size: content.length,
      eightBit: !isSevenBit(content),
      smtputf8,
      requireTls: first?.requireTls ?? false,
      dsn: first ? { ret: first.dsnReturn, envid: first.dsnEnvelope, notify: first.dsnNotify, orcpt: first.dsnOriginal } : null,
    },
    content,
    (accepted) => context.mayEnd(batch.filter((_, index) => accepted.includes(index))),
    !last,
  );
}

/** Writes down what came of a transaction; what the end of a session kept back goes again over another. */
async function settle(round: Round, sent: Transmission, pairs: readonly Settled[], stored: Buffer): Promise<Done> {
  const { context, throttle, domain } = round.lane;
  if (sent.cut) {
    // another worker has one of them, or this one ends: the others need not wait until their leases run out
    await context.release(pairs.map(([recipient]) => recipient));
    return { usable: false, putOff: [] };
  }
  const isOnlySession = await isSessionOnly(round, sent);
  if (pairs.some(([, { kind }]) => kind === 'delivered')) {
    throttle.succeeded(domain);
    context.rests.forget(domain);
  } else if (!sent.usable && !isOnlySession) throttle.hostFailed(domain);
  if (!sent.silent) throttle.answered(domain);
  else if (round.last && throttle.fellSilent(domain)) {
    // each letter would wait as long as RFC 5321 section 4.5.3.2 says, one after the other
    const silence = deferred('4.4.2', `451 4.4.2 The mail hosts of ${domain} do not answer`);
    await concludeDomain(round.lane, await round.lane.next(), silence);
  }
  const goesOn = isOnlySession || (!round.last && sent.mayGoElsewhere);
  const left = pairs.filter(([, { kind }]) => goesOn && (kind === 'deferred' || sent.unfit));
  const done = pairs.filter((pair) => !left.includes(pair));
  const batch = left.map(([recipient]) => recipient);
  if (done.length > 0) {
    await context.conclude(
      done.map(([recipient]) => recipient),
      done.map(([, outcome]) => outcome),
      stored,
    );
  }
  if (isOnlySession) await context.release(batch);
  const putOff = batch.length > 0 && !isOnlySession ? [{ batch, outcomes: left.map(([, outcome]) => outcome) }] : [];
  return { usable: sent.usable && !isOnlySession, putOff };
}

/**
 * A session that had its share of messages, or is one too many, says nothing about the message that it ended with. Each such end costs the
 * domain a connection, so what really is the message's fault comes to be told to a session that is new and alone.
 */
async function isSessionOnly({ lane, connection }: Round, { endsSession }: Transmission): Promise<boolean> {
  const { context, throttle, domain } = lane;
  if (!endsSession) return false;
  if (connection.taken > 0) return true;
  const others = throttle.greeted(domain) - 1;
  if (others > 0) {
    throttle.isEnough(domain, others);
    return true;
  }
  // the other sessions may be another worker's: this one leaves it alone with the host for a while
  if (!(await isSharedDomain(lane))) return false;
  context.rests.refused(domain);
  context.rests.rest(domain);
  return true;
}

const concludeAll = ({ lane }: Round, batch: Batch, outcome: Outcome, content: Buffer | null): Promise<void> =>
  lane.context.conclude(
    batch,
    batch.map(() => outcome),
    content,
  );

/** RFC 6531 section 3.2: an address that is not ASCII, or a header in UTF-8 that came with SMTPUTF8. */
function needsSmtpUtf8(batch: Batch, content: Buffer): boolean {
  return (
    batch.some(({ address, sender }) => !isAscii(address) || !isAscii(sender)) ||
    (batch[0]?.smtputf8 === true && !isSevenBit(content.subarray(0, headerEnd(content))))
  );
}

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);
