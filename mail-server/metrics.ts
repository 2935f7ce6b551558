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
  /** recipients in the outgoing queue of the installation, and since when the oldest message of it waits; null: the database is away */
  measureQueue(state: { recipients: number; oldestSeconds: number } | null): void;
  /** letters that others were asked about ("rspamd", "clamav") and how that went: answered, away, skipped (did not answer a moment ago) */
  checks: Counter<'checker' | 'result'>;
  /** submissions that were refused for now, because the mailbox is slowed or its sending held */
  outgoing: Counter<'verdict'>;
  /** queue recipients by state of the last attempt */
  queueAttempts: Counter<'result'>;
  /** `readEnd` answers when the certificate in use ends, seconds since 1970; asked at each look */
  watchCertificate(readEnd: () => number): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'postamt_' });
  const registers = [registry];
  const queueRecipients = new Gauge({ name: 'postamt_queue_recipients', help: 'Recipients that wait in the queue', registers });
  const queueOldest = new Gauge({ name: 'postamt_queue_oldest_seconds', help: 'Age of the oldest message that waits', registers });
  return {
    registry,
    measureQueue(state) {
      queueRecipients.set(state?.recipients ?? Number.NaN);
      queueOldest.set(state?.oldestSeconds ?? Number.NaN);
    },
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
    checks: new Counter({
      name: 'postamt_checks_total',
      help: 'Letters that a checker was asked about',
      labelNames: ['checker', 'result'],
      registers,
    }),
    outgoing: new Counter({
      name: 'postamt_outgoing_refused_total',
      help: 'Submissions refused for now',
      labelNames: ['verdict'],
      registers,
    }),
    watchCertificate(readEnd) {
      new Gauge({
        name: 'postamt_certificate_expires_seconds',
        help: 'When the certificate of the mail server ends, in seconds since 1970',
        registers,
        collect() {
          this.set(readEnd());
        },
      });
    },
    queueAttempts: new Counter({ name: 'postamt_queue_attempts_total', help: 'Delivery attempts', labelNames: ['result'], registers }),
  };
}
