import type { Services } from '../services.ts';
import type { AttemptResult, NewQueueMessage, QueuedRecipient } from '../store/queue/queue-store.ts';
import type { OnceMessage } from '../delivery/groups/hold-for-moderators.ts';
import type { NewWithheld } from '../store/withheld-letters.ts';
import type { DomainRests } from './domain-rests.ts';
import type { DomainThrottle } from './domain-throttle.ts';
import type { Owner } from './fair-share.ts';
import type { HeldMailboxes } from './held-mailboxes.ts';
import type { HostMemory } from './host-memory.ts';
import type { Outcome } from './outcome.ts';

/** Recipients of one message that go in one transaction: of one domain, with the same wishes for reports. */
export type Batch = readonly QueuedRecipient[];

export interface ConcludeOptions {
  done?: () => void;
  becomes?: readonly NewQueueMessage[];
  withheld?: readonly NewWithheld[];
  once?: readonly OnceMessage[];
}

/** What the parts of one worker share. */
export interface QueueContext {
  services: Services;
  /** name of the worker in its leases */
  worker: string;
  hosts: HostMemory;
  rests: DomainRests;
  heldMailboxes: HeldMailboxes;
  /**
   * Writes down what came of an attempt; afterwards the recipients are no longer held. `done` runs if that left nothing of the message.
   * `becomes`: messages that take its place, queued in the same transaction; `withheld`: what waits for moderators; `once`: what is sent only if
   * such a one was not lately.
   */
  conclude(recipients: Batch, outcomes: readonly Outcome[], content: Buffer | null, more?: ConcludeOptions): Promise<void>;
  /** Renews the leases before something is begun. False: another worker has one of them by now, and they are no longer held. */
  hold(recipients: Batch): Promise<boolean>;
  /** The last moment before a message is another host's: false if it must not be sent, since another worker has it or this one ends. */
  mayEnd(recipients: Batch): Promise<boolean>;
  /** Puts back, due at once, what was not sent and nobody is to blame for. `heard`: what is shown of it meanwhile. */
  release(recipients: Batch, heard?: AttemptResult | null): Promise<void>;
  /** Runs work on a message when there is room for it in memory; each customer has his share of that. */
  withRoom<Result>(owner: Owner, bytes: number, work: () => Promise<Result>): Promise<Result>;
}

/** What is delivered to one domain by one task of the worker. */
export interface Lane {
  context: QueueContext;
  throttle: DomainThrottle;
  domain: string;
  /** claims what comes next for the domain, if anything does */
  next: () => Promise<Batch | null>;
}
