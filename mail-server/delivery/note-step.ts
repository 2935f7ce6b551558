import type { Logger } from 'pino';
import type { Services } from '../services.ts';
import { traceOf, type TraceEvent } from '../store/trace-store.ts';

/** One line in the log for each step of each recipient; `session` is the id that stands in our Received field. */
export function logStep(log: Logger, event: TraceEvent, session?: string): void {
  const { step, queueId, sender, recipient, messageRef, status, detail, remote, tls } = event;
  log.info({ queueId, session, sender, recipient, messageId: messageRef, status, reply: detail, remote, tls }, step);
}

/** What happened to a message: in the log, and in the trace that the operator and the customer can ask. */
export function noteStep({ database, log }: Pick<Services, 'database' | 'log'>, event: TraceEvent, session?: string): void {
  logStep(log, event, session);
  traceOf(database).note(event);
}
