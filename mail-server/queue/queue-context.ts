import type { Services } from '../services.ts';
import type { QueuedRecipient } from '../store/queue-store.ts';
import type { Outcome } from './outcome.ts';

/** What the parts of one worker share. */
export interface QueueContext {
  services: Services;
  /** name of the worker in its leases */
  worker: string;
  /** Writes down what came of an attempt; afterwards the recipients are no longer held. `done` runs if that was committed. */
  conclude(recipients: readonly QueuedRecipient[], outcomes: readonly Outcome[], content: Buffer | null, done?: () => void): Promise<void>;
}
