import type { Services } from '../services.ts';
import { releaseLeases, sealLeases } from '../store/queue/queue-claims.ts';
import { leaseSeconds, renewLeases, type AttemptResult, type QueuedRecipient } from '../store/queue/queue-store.ts';
import type { Batch } from './queue-context.ts';

/** Leases something for a task of the worker; `held` is what the worker is at already. */
export type Claim = (take: (held: number[]) => Promise<QueuedRecipient[]>) => Promise<QueuedRecipient[]>;

/** A small part of what a lease lasts. */
const newMs = (leaseSeconds * 1000) / 10;

/** Long enough for a busy database; what is sealed is nobody else's for some minutes longer than the other host may take to answer (answerWithin). */
const sealedForMs = 120_000;

/** What one worker has leased, as far as it knows. */
export class WorkerLeases {
  readonly #services: Pick<Services, 'database' | 'log'>;
  readonly #worker: string;
  /** by id; a recipient that was forsaken and claimed anew is another one */
  #held = new Map<number, QueuedRecipient>();
  /** when each was asked for */
  #claimedAt = new WeakMap<QueuedRecipient, number>();
  #sealed = new Set<number>();

  constructor(services: Pick<Services, 'database' | 'log'>, worker: string) {
    this.#services = services;
    this.#worker = worker;
  }

  /** Another host has a message to the last dot and did not answer yet. */
  get isAnswerDue(): boolean {
    return this.#sealed.size > 0;
  }

  /** A task is answerable for what it claims to its end. `end` is true if it claimed anything. */
  forTask(): { claim: Claim; end: () => boolean } {
    let claimed: Batch = [];
    return {
      claim: async (take) => {
        const askedAt = performance.now();
        const answered = await take([...this.#held.keys()]);
        // two tasks that ask at once may both be given a recipient whose lease runs out between: it is the first one's
        const taken = answered.filter(({ id }) => !this.#held.has(id));
        for (const each of taken) {
          this.#held.set(each.id, each);
          this.#claimedAt.set(each, askedAt);
        }
        claimed = [...claimed.filter((each) => this.#held.get(each.id) === each), ...taken];
        return taken;
      },
      end: () => {
        this.forsake(claimed);
        return claimed.length > 0;
      },
    };
  }

  /** What was claimed a moment ago is not renewed: whether it is still ours is asked before the last dot. */
  async hold(recipients: Batch): Promise<boolean> {
    if (recipients.every((each) => this.#isNew(each))) return true;
    const held = await renewLeases(this.#services.database, this.#worker, idsOf(recipients)).catch(() => new Set<number>());
    if (held.size === recipients.length) return true;
    await this.release(recipients, null);
    return false;
  }

  #isNew(recipient: QueuedRecipient): boolean {
    const claimedAt = this.#claimedAt.get(recipient);
    return this.#held.get(recipient.id) === recipient && claimedAt !== undefined && performance.now() - claimedAt < newMs;
  }

  /** An answer that this process hears late, because it was stopped meanwhile, is no leave to send: somebody else may have begun since. */
  async seal(recipients: Batch): Promise<boolean> {
    const askedAt = performance.now();
    const isSealed = await sealLeases(this.#services.database, this.#worker, idsOf(recipients)).catch(() => false);
    const isOurs = isSealed && performance.now() - askedAt < sealedForMs;
    if (isOurs) for (const { id } of recipients) this.#sealed.add(id);
    return isOurs;
  }

  /** Those that another worker has by now stay its own. */
  async release(recipients: Batch, heard: AttemptResult | null): Promise<void> {
    const held = recipients.filter((each) => this.#held.get(each.id) === each);
    try {
      if (held.length > 0) await releaseLeases(this.#services.database, this.#worker, idsOf(held), heard);
    } catch (error) {
      this.#services.log.warn({ err: error }, 'leases could not be given back, they will run out');
    } finally {
      this.forsake(held);
    }
  }

  /** They are no longer held, whatever the queue says of them. */
  forsake(recipients: Batch): void {
    for (const each of recipients) {
      if (this.#held.get(each.id) !== each) continue;
      this.#held.delete(each.id);
      this.#sealed.delete(each.id);
    }
  }

  async renew(): Promise<void> {
    if (this.#held.size === 0) return;
    await renewLeases(this.#services.database, this.#worker, [...this.#held.keys()]).catch((error: unknown) =>
      this.#services.log.warn({ err: error }, 'leases could not be renewed'),
    );
  }
}

const idsOf = (recipients: Batch): number[] => recipients.map(({ id }) => id);
