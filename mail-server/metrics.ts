import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** What a mail-server process counts; served as Prometheus text by its /metrics. */
export interface Metrics {
  registry: Registry;
  /** open connections by protocol and service ("imap", "imaps", "smtp", …) */
  connections: Gauge<'service'>;
  /** logins by protocol and result ("ok" or an AuthenticationFailure) */
  logins: Counter<'protocol' | 'result'>;
  /** commands by protocol, name and result */
  commands: Counter<'protocol' | 'command' | 'result'>;
  /** seconds a command took */
  commandSeconds: Histogram<'protocol' | 'command'>;
  /** messages by way ("smtp", "lmtp", "submission", "append", "relayed", "bounced") */
  messages: Counter<'way'>;
  /** queue recipients by state of the last attempt */
  queueAttempts: Counter<'result'>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'postamt_' });
  const registers = [registry];
  return {
    registry,
    connections: new Gauge({ name: 'postamt_connections', help: 'Open connections', labelNames: ['service'], registers }),
    logins: new Counter({ name: 'postamt_logins_total', help: 'Logins', labelNames: ['protocol', 'result'], registers }),
    commands: new Counter({ name: 'postamt_commands_total', help: 'Commands', labelNames: ['protocol', 'command', 'result'], registers }),
    commandSeconds: new Histogram({
      name: 'postamt_command_seconds',
      help: 'Duration of commands',
      labelNames: ['protocol', 'command'],
      buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
      registers,
    }),
    messages: new Counter({ name: 'postamt_messages_total', help: 'Messages', labelNames: ['way'], registers }),
    queueAttempts: new Counter({ name: 'postamt_queue_attempts_total', help: 'Delivery attempts', labelNames: ['result'], registers }),
  };
}
