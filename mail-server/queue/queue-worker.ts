import { randomUUID } from 'node:crypto';
import { parseDomainName } from '../../lib/addresses/domain-name.ts';
import type { Running, Services } from '../services.ts';
import {
  type BatchWanted,
  claimBatch,
  dueDomains,
  giveBackLeases,
  newestSettledCustomer,
  type DueDomain,
} from '../store/queue/queue-claims.ts';
import { leaseRecipients, leaseSeconds, type AttemptResult, type QueuedRecipient } from '../store/queue/queue-store.ts';
import { countsOf } from '../store/reports/report-counts.ts';
import { traceOf } from '../store/trace-store.ts';
import { ByteTurns } from './byte-turns.ts';
import { concludeAttempt } from './conclude-attempt.ts';
import { deliverLocally } from './deliver-locally.ts';
import { deliverOnward } from './deliver-onward.ts';
import { deliverRemotely } from './deliver-remotely.ts';
import { DomainRests } from './domain-rests.ts';
import { DomainThrottle } from './domain-throttle.ts';
import type { Owner } from './fair-share.ts';
import { HeldMailboxes } from './held-mailboxes.ts';
import { HostMemory } from './host-memory.ts';
import type { Outcome } from './outcome.ts';
import { sortByPlace } from './place-of.ts';
import { bellOf } from './queue-bell.ts';
import type { Batch, ConcludeOptions, QueueContext } from './queue-context.ts';
import { mostTasks, slowAfterMs, type TaskPlace, TaskPlaces } from './task-places.ts';
import { tidyQueue } from './tidy-queue.ts';
import { WorkerLeases, type Claim } from './worker-leases.ts';

const pollMs = 1_000;
const cleanMs = 600_000;
const recipientsPerTransaction = 50;
const localAtOnce = 100;
/** contents in memory: of messages that go out, and of those to our own mailboxes; shared among customers */
const outgoingBytes = 256 * 1024 * 1024;
const localBytes = 64 * 1024 * 1024;
/** what a session that stands is given: its content need not be asked for, where it is small enough to wait for its room in memory */
const ofSession = { enforced: true, contentBytes: 64 * 1024 };
/** how long a restart waits for hosts that have a message and did not answer yet; the supervisor is more patient than that */
const answerGraceMs = 5_000;

/**
 * Delivers what is due. Any number of workers may run on one database: each holds what it works on by a lease that it renews, so after
 * a crash another one takes over within seconds.
 *
 * Nothing waits in the process: a task is begun for a domain that has something due, and claims one message after the other when it can send
 * it. What a slow host keeps waiting is its own mail, which stays in the queue.
 */
class QueueWorker implements QueueContext {
  readonly services: Services;
  readonly worker = `${process.pid}-${randomUUID()}`;
  readonly hosts = new HostMemory();
  readonly rests: DomainRests;
  readonly heldMailboxes = new HeldMailboxes();
  #leases: WorkerLeases;
  #throttle = new DomainThrottle();
  #local = new Set<string>();
  #outgoing = new ByteTurns(outgoingBytes);
  #inward = new ByteTurns(localBytes);
  #tasks = new Set<Promise<void>>();
  #places = new TaskPlaces();
  #closing = false;
  #wake: () => void = () => undefined;
  #rung = false;

  constructor(services: Services, rests: DomainRests) {
    this.services = services;
    this.rests = rests;
    this.#leases = new WorkerLeases(services, this.worker);
  }

  async run(): Promise<void> {
    const { database } = this.services;
    const endBell = bellOf(database).onRing(() => this.#ring());
    const renewal = setInterval(() => void this.#leases.renew(), (leaseSeconds * 1000) / 3);
    const clean = () =>
      void Promise.all([tidyQueue(database), this.#lookForNewcomers()]).catch((error: unknown) =>
        this.services.log.warn({ err: error }, 'the queue could not be tidied, it will be tried again'),
      );
    clean();
    const cleaning = setInterval(clean, cleanMs);
    while (!this.#closing) {
      await this.#look();
      if (!this.#closing) await this.#rest();
    }
    endBell();
    await Promise.allSettled(this.#tasks);
    clearInterval(renewal);
    clearInterval(cleaning);
  }

  /** Lets attempts that run come to their end within graceMs, and those that wait for an answer a little longer; the rest goes back. */
  async close(graceMs: number, ended: Promise<void>): Promise<void> {
    this.#closing = true;
    this.#ring();
    const end = performance.now() + graceMs;
    const isOver = () => performance.now() > (this.#leases.isAnswerDue ? end + answerGraceMs : end);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([ended, new Promise<void>((resolve) => (timer = setInterval(() => isOver() && resolve(), 50)))]);
    clearInterval(timer);
    await giveBackLeases(this.services.database, this.worker).catch(() => undefined);
  }

  async conclude(
    recipients: Batch,
    outcomes: readonly Outcome[],
    content: Buffer | null,
    { done, ...more }: ConcludeOptions = {},
  ): Promise<void> {
    try {
      if ((await concludeAttempt(this.services, this.worker, recipients, outcomes, content, more)) === 'gone') done?.();
    } catch (error) {
      this.services.log.error({ err: error }, 'an attempt could not be concluded, it will be repeated');
    } finally {
      this.#leases.forsake(recipients);
    }
  }

  hold(recipients: Batch): Promise<boolean> {
    return this.#leases.hold(recipients);
  }

  mayEnd(recipients: Batch): Promise<boolean> {
    return this.#closing ? Promise.resolve(false) : this.#leases.seal(recipients);
  }

  async release(recipients: Batch, heard: AttemptResult | null = null): Promise<void> {
    await this.#leases.release(recipients, heard);
    this.#ring();
  }

  withRoom<Result>(owner: Owner, bytes: number, work: () => Promise<Result>): Promise<Result> {
    return this.#outgoing.run(owner, bytes, work);
  }

  async #lookForNewcomers(): Promise<void> {
    const newest = await newestSettledCustomer(this.services.database);
    for (const shares of [this.#places, this.#outgoing, this.#inward]) shares.setNewerThan(newest);
  }

  /** Begins a task for each domain that has something due and room for one more, and whose customer has not his share of the places. */
  async #look(): Promise<void> {
    this.#rung = false;
    const without = this.#places.leftOut([...this.#throttle.full(), ...this.#local, ...this.rests.resting()]);
    let [begun, passedOver] = [0, 0];
    try {
      for (const due of await dueDomains(this.services.database, without, mostTasks)) {
        if (this.#closing) return;
        if (!this.#places.hasRoom(due)) passedOver++;
        else {
          this.#begin(due);
          begun++;
        }
      }
      // somebody has his share since, and what others have due may stand further behind: it is looked for without him
      if (begun > 0 && passedOver > 0) this.#rung = true;
    } catch (error) {
      this.services.log.warn({ err: error }, 'the queue cannot be read');
    }
  }

  #begin(due: DueDomain): void {
    const { name: domain } = due;
    this.#throttle.begin(domain);
    const place = this.#places.take(due);
    const slow = setTimeout(() => place.giveWay() && this.#ring(), slowAfterMs).unref();
    const { claim, end } = this.#leases.forTask();
    let holds = true;
    const letGo = (): void => {
      if (holds) this.#throttle.end(domain);
      holds = false;
    };
    const task = this.#work(domain, claim, place, letGo)
      .catch((error: unknown) => this.services.log.error({ err: error, domain }, 'a delivery ended unexpectedly'))
      .finally(() => {
        clearTimeout(slow);
        place.end();
        letGo();
        this.#tasks.delete(task);
        // a task that found nothing to claim is not begun again at once
        if (end()) this.#ring();
      });
    this.#tasks.add(task);
  }

  async #work(domain: string, claim: Claim, place: TaskPlace, letGo: () => void): Promise<void> {
    const name = parseDomainName(domain);
    const known = name && (await this.services.directory.domain(name).catch(() => null));
    if (known?.verified) {
      place.end();
      await this.#workInward(domain, claim, letGo);
      return;
    }
    const first = await this.#claimOutward(domain, claim, place, {});
    if (!first) return;
    // what nobody vouches for carries one message; what is demanded of TLS, and what comes of it, is said of the others only
    const next = () => (first[0]?.tlsOptional ? Promise.resolve(null) : this.#claimOutward(domain, claim, place, ofSession));
    // there may be more than one connection's worth of it
    this.#ring();
    await deliverRemotely({ context: this, throttle: this.#throttle, domain, next }, first);
  }

  /** The next message for a domain elsewhere. What is our own mailbox's after all is delivered on the way. */
  async #claimOutward(
    domain: string,
    claim: Claim,
    place: TaskPlace,
    more: Pick<BatchWanted, 'enforced' | 'contentBytes'>,
  ): Promise<Batch | null> {
    const { database } = this.services;
    for (;;) {
      if (this.#closing) return null;
      const without = place.others();
      const claimed = await claim((held) =>
        claimBatch(database, { worker: this.worker, domain, limit: recipientsPerTransaction, held, without, ...more }),
      );
      const [one] = claimed;
      if (!one) return null;
      place.goesTo(one.customerId);
      const { remote } = await this.#deliverInward(claimed);
      if (remote.length > 0) return remote;
    }
  }

  async #workInward(domain: string, claim: Claim, letGo: () => void): Promise<void> {
    const { database } = this.services;
    if (this.#local.has(domain)) return;
    this.#local.add(domain);
    let isOurs = true;
    const leave = (): void => {
      if (isOurs) this.#local.delete(domain);
      isOurs = false;
    };
    try {
      while (isOurs && !this.#closing) {
        const without = this.heldMailboxes.addresses();
        const claimed = await claim((held) => leaseRecipients(database, this.worker, localAtOnce, domain, held, without));
        if (claimed.length === 0) return;
        const delivering = this.#deliverInward(claimed);
        await this.heldMailboxes.waitFor(domain, delivering, () => {
          leave();
          letGo();
          this.#ring();
        });
        const { remote } = await delivering;
        // the domain was lost to somebody else this moment
        await this.release(remote);
        if (remote.length > 0) return;
      }
    } finally {
      leave();
    }
  }

  async #deliverInward(claimed: readonly QueuedRecipient[]): Promise<{ remote: Batch }> {
    const { remote, local, onward, settled } = await sortByPlace(this.services, claimed);
    await Promise.all([
      ...settled.map(([recipient, outcome]) => this.conclude([recipient], [outcome], null)),
      ...[...onward].map(([messageId, leading]) =>
        this.#inward.run(leading[0]?.recipient.customerId ?? null, leading[0]?.recipient.size ?? 0, () =>
          deliverOnward(this, messageId, leading),
        ),
      ),
      ...[...local].map(([messageId, locals]) =>
        this.#inward.run(locals[0]?.recipient.customerId ?? null, locals[0]?.recipient.size ?? 0, () =>
          deliverLocally(this, messageId, locals),
        ),
      ),
    ]);
    return { remote };
  }

  #ring(): void {
    this.#rung = true;
    this.#wake();
  }

  #rest(): Promise<void> {
    if (this.#rung) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake(), pollMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Starts a worker of the outbound queue. */
export async function startQueue(services: Services, rests: DomainRests = new DomainRests()): Promise<Running> {
  const worker = new QueueWorker(services, rests);
  const ended = worker.run();
  return {
    async close(graceMs) {
      await worker.close(graceMs, ended);
      await Promise.all([traceOf(services.database).flush(), countsOf(services.database).flush()]);
    },
  };
}
