import { randomUUID } from 'node:crypto';
import { parseEmailAddress } from '../../lib/addresses/email-address.ts';
import type { Running, Services } from '../services.ts';
import { deleteOrphans, giveBackLeases, leaseRecipients, leaseSeconds, renewLeases, type QueuedRecipient } from '../store/queue-store.ts';
import { sweepSubmissionKeys } from '../store/submission-store.ts';
import { traceOf } from '../store/trace-store.ts';
import { concludeAttempt } from './conclude-attempt.ts';
import { deliverLocally, type LocalRecipient } from './deliver-locally.ts';
import { deliverRemotely, type Batch } from './deliver-remotely.ts';
import { DomainThrottle } from './domain-throttle.ts';
import { deferred, failed, type Outcome } from './outcome.ts';
import { bellOf } from './queue-bell.ts';
import type { QueueContext } from './queue-context.ts';

const pollMs = 1_000;
const cleanMs = 600_000;
const mostHeld = 200;
const mostLeasedAtOnce = 100;
const mostConnections = 20;
/** so many batches of one domain wait in the process; the others stay in the queue and keep no place from other domains */
const mostWaitingPerDomain = 20;
const recipientsPerTransaction = 50;

/**
 * Delivers what is due. Any number of workers may run on one database: each holds what it works on by a lease that it renews, so after
 * a crash another one takes over within seconds.
 *
 * Recipients that are due are leased in the order of their time and sorted: those of our own mailboxes are delivered at once, message
 * by message; the others wait in a lane for each domain, from which as many connections draw as the domain has shown to bear.
 */
class QueueWorker implements QueueContext {
  readonly services: Services;
  readonly worker = `${process.pid}-${randomUUID()}`;
  #held = new Set<number>();
  #lanes = new Map<string, Batch[]>();
  #throttle = new DomainThrottle();
  #connections = 0;
  #connecting = new Map<string, number>();
  #jobs = new Set<Promise<void>>();
  #closing = false;
  #wake: () => void = () => undefined;
  #rung = false;

  constructor(services: Services) {
    this.services = services;
  }

  async run(): Promise<void> {
    const endBell = bellOf(this.services.database).onRing(() => this.#ring());
    const renewal = setInterval(() => void this.#renew(), (leaseSeconds * 1000) / 3);
    const clean = () =>
      void Promise.all([deleteOrphans(this.services.database), sweepSubmissionKeys(this.services.database)]).catch(() => undefined);
    const cleaning = setInterval(clean, cleanMs);
    while (!this.#closing) {
      const more = await this.#lease();
      if (!more && !this.#closing) await this.#rest();
    }
    endBell();
    await Promise.allSettled(this.#jobs);
    clearInterval(renewal);
    clearInterval(cleaning);
  }

  /** Lets attempts that run come to their end within graceMs; what has not begun goes back. */
  async close(graceMs: number, ended: Promise<void>): Promise<void> {
    this.#closing = true;
    for (const lane of this.#lanes.values()) lane.length = 0;
    this.#ring();
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([ended, new Promise((resolve) => (timer = setTimeout(resolve, graceMs)))]);
    clearTimeout(timer);
    await giveBackLeases(this.services.database, this.worker).catch(() => undefined);
  }

  async conclude(
    recipients: readonly QueuedRecipient[],
    outcomes: readonly Outcome[],
    content: Buffer | null,
    done?: () => void,
  ): Promise<void> {
    try {
      if (await concludeAttempt(this.services, this.worker, recipients, outcomes, content)) done?.();
    } catch (error) {
      this.services.log.error({ err: error }, 'an attempt could not be concluded, it will be repeated');
    } finally {
      for (const { id } of recipients) this.#held.delete(id);
    }
  }

  /** True if there is probably more to lease at once. */
  async #lease(): Promise<boolean> {
    this.#rung = false;
    const limit = Math.min(mostLeasedAtOnce, mostHeld - this.#held.size);
    if (limit <= 0) return false;
    const full = Array.from(this.#lanes).flatMap(([domain, lane]) => (lane.length >= mostWaitingPerDomain ? [domain] : []));
    try {
      const recipients = await leaseRecipients(this.services.database, this.worker, limit, full, [...this.#held]);
      for (const { id } of recipients) this.#held.add(id);
      if (recipients.length > 0) this.#start(this.#dispatch(recipients));
      return recipients.length === limit;
    } catch (error) {
      this.services.log.warn({ err: error }, 'the queue cannot be read');
      return false;
    }
  }

  async #dispatch(recipients: readonly QueuedRecipient[]): Promise<void> {
    const local = new Map<number, LocalRecipient[]>();
    const remote = new Map<string, QueuedRecipient[]>();
    for (const [recipient, place] of await Promise.all(recipients.map(async (each) => [each, await this.#placeOf(each)] as const))) {
      if (typeof place === 'number') push(local, recipient.messageId, { recipient, account: place });
      else if (place !== 'remote') this.#start(this.conclude([recipient], [place], null));
      // an ORCPT belongs to one recipient, so it has a transaction of its own
      else
        push(
          remote,
          [recipient.domain, recipient.messageId, recipient.dsnNotify, recipient.dsnOriginal && recipient.id].join(' '),
          recipient,
        );
    }
    for (const [messageId, locals] of local) this.#start(deliverLocally(this, messageId, locals));
    for (const group of remote.values()) {
      for (let at = 0; at < group.length; at += recipientsPerTransaction) {
        const batch = group.slice(at, at + recipientsPerTransaction);
        push(this.#lanes, batch[0]?.domain ?? '', batch);
      }
    }
    this.#openConnections();
  }

  /**
   * Ours, elsewhere, or nowhere. A domain that somebody entered but never proved to own is not ours for other customers' mail: it still
   * goes where the DNS says.
   */
  async #placeOf(recipient: QueuedRecipient): Promise<LocalRecipient['account'] | 'remote' | Outcome> {
    const address = parseEmailAddress(recipient.address);
    if (!address) return 'remote';
    try {
      const found = await this.services.directory.recipient(address);
      if (found.kind === 'foreign-domain' || (!found.domainVerified && found.customerId !== recipient.customerId)) return 'remote';
      return found.kind === 'mailbox' ? found.accountId : failed('5.1.1', '550 5.1.1 Adresse unbekannt - address unknown');
    } catch (error) {
      this.services.log.warn({ err: error }, 'a queued recipient could not be looked up');
      return deferred('4.3.0', '451 4.3.0 The directory does not answer');
    }
  }

  #openConnections(): void {
    for (const [domain, lane] of this.#lanes) {
      if (lane.length === 0 && this.#throttle.running(domain) === 0) this.#lanes.delete(domain);
      // connections that are being set up will take a batch each; more are opened for what is left
      while (
        lane.length > (this.#connecting.get(domain) ?? 0) &&
        this.#throttle.free(domain) > 0 &&
        this.#connections < mostConnections &&
        !this.#closing
      ) {
        this.#start(this.#connect(domain, lane));
      }
    }
  }

  async #connect(domain: string, lane: Batch[]): Promise<void> {
    this.#connections++;
    this.#throttle.begin(domain);
    this.#connecting.set(domain, (this.#connecting.get(domain) ?? 0) + 1);
    let connecting = true;
    const connected = (): void => {
      if (!connecting) return;
      connecting = false;
      const left = (this.#connecting.get(domain) ?? 1) - 1;
      if (left > 0) this.#connecting.set(domain, left);
      else this.#connecting.delete(domain);
    };
    const next = (): Batch | undefined => {
      connected();
      return lane.shift();
    };
    try {
      await deliverRemotely(this, this.#throttle, domain, next);
    } finally {
      connected();
      this.#connections--;
      this.#throttle.end(domain);
      this.#openConnections();
    }
  }

  #start(job: Promise<void>): void {
    const guarded = job
      .catch((error: unknown) => this.services.log.error({ err: error }, 'a delivery ended unexpectedly'))
      .finally(() => {
        this.#jobs.delete(guarded);
        if (this.#held.size >= mostHeld / 2) this.#ring();
      });
    this.#jobs.add(guarded);
  }

  async #renew(): Promise<void> {
    if (this.#held.size === 0) return;
    await renewLeases(this.services.database, this.worker, [...this.#held]).catch((error: unknown) =>
      this.services.log.warn({ err: error }, 'leases could not be renewed'),
    );
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

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Starts a worker of the outbound queue. */
export async function startQueue(services: Services): Promise<Running> {
  const worker = new QueueWorker(services);
  const ended = worker.run();
  return {
    async close(graceMs) {
      await worker.close(graceMs, ended);
      await traceOf(services.database).flush();
    },
  };
}
