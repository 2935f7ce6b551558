import { z } from 'zod';
import { basePorts, type MailPort } from './mail-ports.ts';
import { parseNetworks, parseProxyPorts, wordsOf } from './proxy.ts';

const whole = (minimum: number, maximum: number, fallback: number) => z.coerce.number().int().min(minimum).max(maximum).default(fallback);
/** With commas between them. */
const words = z.string().default('').transform(wordsOf);

const files = z
  .string()
  .transform((text) => text.split(',').map((file) => file.trim()))
  .optional();

function fault(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

/**
 * Every variable of the installation: name, unit, default, meaning. README.md and docs/operations.md print this table
 * (`node lib/config/print-table.ts`). Both programs read it once, at start; nothing else looks at the environment.
 */
export const variables = {
  POSTAMT_ENV: [z.enum(['development', 'production', 'test']).default('development'), 'production: no demo data, listens on all addresses'],
  POSTAMT_DATA: [z.string().default('.data'), 'data directory: database, certificates, secret, running.json'],
  DATABASE_URL: [z.url({ protocol: /^postgres(ql)?$/ }).optional(), 'a Postgres (18 or newer) of your own; empty: the embedded one'],
  POSTAMT_DATABASE_ADMIN_URL: [
    z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    'superuser of that Postgres, for --prepare alone: makes the role and the database of DATABASE_URL and gives it what is there',
  ],
  POSTAMT_SECRET: [z.string().min(32).optional(), 'signs sessions and tokens, encrypts DKIM keys; empty: made once in the data directory'],
  PORT: [whole(0, 65535, 3000), 'port of the web'],
  POSTAMT_PORT_OFFSET: [
    z.coerce.number().int().min(0).max(64000).optional(),
    'added to 24 25 110 143 465 587 993 995 4190; empty: 0 where these may be bound, else 10000',
  ],
  POSTAMT_LISTEN: [z.string().optional(), 'address to listen on; empty: 127.0.0.1, in production all'],
  POSTAMT_HOST: [z.string().default('localhost'), 'name of this mail host: greeting, certificates, client set-up, MX'],
  POSTAMT_WEB_URL: [z.url().optional(), 'address of the web as people type it; empty: http://localhost:PORT'],
  POSTAMT_POSTMASTER: [
    z.string().optional(),
    'mailbox that gets mail to the postmaster of this host; empty: that of the operator, else of the oldest owner',
  ],
  POSTAMT_MAIL_PROCESSES: [whole(1, 64, 1), 'mail-server processes on this machine; they share the ports'],
  POSTAMT_DEMO: [z.enum(['0', '1']).optional(), 'demo customer with letters; empty: 1 outside production'],
  POSTAMT_PROXY_PORTS: [
    z
      .string()
      .default('')
      .transform((text, context) => parseProxyPorts(text) ?? fault(context, 'write "imaps=10993,smtp=10025"')),
    'ports for a balancer that speaks the PROXY protocol 2, beside the usual ones: "imaps=10993,smtp=10025"',
  ],
  POSTAMT_PROXY_FROM: [
    z
      .string()
      .default('')
      .transform((text, context) => parseNetworks(text) ?? fault(context, 'write "10.0.0.5,2001:db8::/64"')),
    'addresses and networks of these balancers; what others say on their ports is not heard',
  ],
  POSTAMT_CLEARTEXT_LOGIN: [
    z.enum(['', 'loopback']).default(''),
    'loopback: passwords without TLS from 127.0.0.0/8 and ::1, for test programs that know no TLS; refused elsewhere',
  ],
  POSTAMT_TLS_CERT: [
    files,
    'PEM certificate chain; several with commas between them: for other names, or of another kind of key; empty: one of the local authority in the data directory',
  ],
  POSTAMT_TLS_KEY: [files, 'PEM key to it, or to each of them in the same order'],
  POSTAMT_TLS_CA: [z.string().optional(), 'PEM authority that the web trusts for the mail server; empty: the local one'],
  POSTAMT_LOG_LEVEL: [z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'), 'level of the structured logs (JSON lines)'],
  POSTAMT_METRICS_PORT: [
    whole(0, 65535, 0),
    '/healthz and /metrics of the first mail-server process on loopback (next ones +1); 0: any free one',
  ],
  POSTAMT_MIN_FREE_BYTES: [
    whole(0, 1_125_899_906_842_624, 134_217_728),
    'below that, bytes free on the disk of the embedded database, no letters are taken; 0: never looked at',
  ],
  POSTAMT_MESSAGE_BYTES: [whole(65_536, 268_435_456, 52_428_800), 'largest message, bytes'],
  POSTAMT_LINE_BYTES: [whole(1000, 16_777_216, 1_048_576), 'longest line of a message, bytes'],
  POSTAMT_HEADER_BYTES: [whole(16_384, 1_048_576, 262_144), 'longest header of a message that comes by SMTP or LMTP, bytes'],
  POSTAMT_RECIPIENTS: [whole(1, 10_000, 100), 'recipients of one message'],
  POSTAMT_CONNECTIONS: [whole(1, 1_000_000, 20_000), 'connections of one mail-server process'],
  POSTAMT_CONNECTIONS_PER_ADDRESS: [whole(1, 100_000, 1000), 'connections from one address to one process, in IPv6 from one network (/56)'],
  POSTAMT_CONNECTIONS_PER_MAILBOX: [whole(1, 10_000, 200), 'IMAP connections of one mailbox to one process'],
  POSTAMT_IDLE_TIMEOUT_S: [whole(60, 86_400, 1800), 'idle IMAP connection is closed after, seconds (RFC 9051: not below 1800)'],
  POSTAMT_LOGIN_FAILURES: [whole(1, 1000, 5), 'failed logins of one mailbox from one network before it must wait'],
  POSTAMT_LOGIN_WAIT_S: [whole(1, 86_400, 900), 'that wait, seconds'],
  POSTAMT_SESSION_DAYS: [whole(1, 365, 30), 'a sign-in to the web that is not used ends after, days'],
  POSTAMT_WEB_STREAMS: [
    whole(1, 1000, 20),
    'event streams (open windows) of one mailbox to one web process; further windows ask now and then',
  ],
  POSTAMT_WEB_WATCHES: [whole(1, 100, 6), 'folders of one mailbox that one web process listens to, an IMAP connection each'],
  POSTAMT_WEB_DOWNLOADS: [
    whole(1, 1000, 12),
    'attachments of one mailbox that one web process sends at the same time; as many that it takes',
  ],
  POSTAMT_WEB_WAITING: [whole(1, 10_000, 200), 'requests of one mailbox that wait for its IMAP connection in one web process'],
  POSTAMT_SIGN_UP: [z.enum(['open', 'closed']).default('open'), 'closed: only the operator opens accounts, on the page of customers'],
  POSTAMT_CUSTOMER_DOMAINS: [whole(1, 100_000, 50), 'domains of one customer; the operator can set another number for one, as below'],
  POSTAMT_CUSTOMER_UNPROVED_DOMAINS: [whole(1, 100_000, 5), 'domains of one customer that wait for their proof'],
  POSTAMT_CUSTOMER_MAILBOXES: [whole(1, 1_000_000, 200), 'mailboxes of one customer'],
  POSTAMT_CUSTOMER_STORAGE_BYTES: [
    whole(1_048_576, 2 ** 50, 500 * 2 ** 30),
    'sum of the storage limits of one customer’s mailboxes, bytes',
  ],
  POSTAMT_CUSTOMER_ALIASES: [whole(1, 1_000_000, 2000), 'aliases of one customer'],
  POSTAMT_CUSTOMER_APP_PASSWORDS: [whole(1, 1_000_000, 1000), 'app passwords of one customer'],
  POSTAMT_CUSTOMER_MESSAGES_PER_HOUR: [whole(1, 10_000_000, 2000), 'messages that the mailboxes of one customer may send in an hour'],
  POSTAMT_UNPROVED_DAYS: [whole(8, 365, 14), 'a domain that nobody proves is given up after, days; its owners are told a week before'],
  POSTAMT_AUDIT_DAYS: [whole(90, 36_500, 730), 'how long it is kept who changed what in the panel, days'],
  // what the panel takes (lib/provisioning/mailboxes/quota.ts)
  POSTAMT_QUOTA_BYTES: [whole(10 * 2 ** 20, 2 ** 40, 10 * 2 ** 30), 'storage limit of a new mailbox, bytes'],
  POSTAMT_PICTURE_BYTES: [
    whole(16_777_216, 68_719_476_736, 268_435_456),
    'memory of a mail process for pictures of folders (28 bytes a message), and as much again for those that only sessions hold',
  ],
  POSTAMT_FOLDERS: [whole(10, 100_000, 2000), 'folders of one mailbox; as many subscriptions'],
  POSTAMT_SIEVE_SCRIPTS: [whole(1, 1000, 32), 'Sieve scripts of one mailbox'],
  POSTAMT_SIEVE_BYTES: [whole(4096, 16_777_216, 1_048_576), 'size of all Sieve scripts of one mailbox together, bytes'],
  POSTAMT_SIEVE_REDIRECTS: [whole(0, 100, 4), 'addresses that the rules of a mailbox may send one letter on to'],
  POSTAMT_SEND_PER_HOUR: [whole(1, 1_000_000, 500), 'recipients that one mailbox may write to in an hour'],
  POSTAMT_STRANGERS_PER_HOUR: [
    whole(10, 1_000_000, 200),
    'addresses outside that a mailbox never wrote to before, in an hour; then it is slowed, at three times as many in a day held',
  ],
  POSTAMT_RSPAMD: [
    z.url({ protocol: /^https?$/ }).optional(),
    'rspamd, its controller: "http://:password@127.0.0.1:11334"; empty: not asked',
  ],
  POSTAMT_CLAMAV: [
    z
      .string()
      .regex(/^(?:\/.+|.+:\d{1,5})$/, 'write "127.0.0.1:3310" or the path of a socket')
      .optional(),
    'clamd: "127.0.0.1:3310" or the path of its socket; what it finds is refused; empty: not asked',
  ],
  POSTAMT_QUARANTINE_BYTES: [
    whole(1_048_576, 2 ** 40, 536_870_912),
    'what one customer’s letters that wait for a release (quarantine, moderated groups) may take, bytes; then more of them come later',
  ],
  POSTAMT_QUARANTINE_DAYS: [whole(1, 365, 30), 'a letter in quarantine is deleted after, days'],
  POSTAMT_MODERATION_DAYS: [
    whole(1, 365, 14),
    'a letter to a moderated group that nobody releases is deleted after, days; its moderators are told',
  ],
  POSTAMT_CHECK_SECONDS: [whole(1, 120, 15), 'how long rspamd and clamd may take; then letters are delivered without them, seconds'],
  POSTAMT_DNSBL: [words, 'DNS lists of hosts that speak against a letter: "zen.spamhaus.org,…"; empty: none is asked'],
  POSTAMT_GREYLIST_S: [whole(0, 3600, 0), 'hosts that never delivered before must come again after, seconds; 0: not at all'],
  POSTAMT_QUEUE_DAYS: [whole(1, 30, 5), 'how long an undeliverable message is tried, days'],
  POSTAMT_HOLD_DAYS: [
    whole(0, 3650, 366),
    'how far ahead a mail program may submit a letter for later (RFC 4865), days; 0: not at all; the webmail always may, for a year',
  ],
  POSTAMT_DNS: [words, 'resolvers "127.0.0.1:5353,…"; empty: those of the system'],
  POSTAMT_DNS_CACHE_S: [whole(0, 3600, 30), 'how long answers of the DNS are remembered, seconds'],
  POSTAMT_SCRAM: [
    z.enum(['on', 'off']).default('off'),
    'SCRAM for app passwords is taken in any case; on: it is also named to mail programs, once somebody has one (many then try nothing else)',
  ],
  POSTAMT_DANE: [
    z.enum(['auto', 'on', 'off']).default('auto'),
    'DANE for mail hosts of others, where the resolver validates DNSSEC; auto: if it is on this machine, on: the way to it is safe',
  ],
  POSTAMT_DKIM_ZONE: [
    z
      .string()
      .toLowerCase()
      .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/, 'write "dkim.postamt.example"')
      .optional(),
    'zone in which you publish the DKIM keys of the hosted domains (npm run dkim-zone), so that these set two CNAMEs and keys are renewed; empty: each domain sets TXT records',
  ],
  POSTAMT_DKIM_DAYS: [whole(0, 3650, 180), 'DKIM keys behind CNAMEs are renewed after, days; 0: only by the button'],
  POSTAMT_STS_MODE: [
    z.enum(['testing', 'enforce']).default('testing'),
    'MTA-STS policy of the hosted domains; enforce: once the certificate of POSTAMT_HOST is one that the world trusts',
  ],
  POSTAMT_REPORTS: [
    z.enum(['auto', 'on', 'off']).default('auto'),
    'tells other domains once a day, if they ask for it, what came in their name (DMARC) and how their TLS worked; auto: if POSTAMT_HOST is a name that others know',
  ],
  POSTAMT_SMTP_PORT_OUT: [whole(1, 65535, 25), 'port of other mail hosts (tests)'],
  POSTAMT_SWEEP_GRACE_S: [whole(0, 2_592_000, 3600), 'an expunged message stays readable for sessions that still show it, seconds'],
} as const satisfies Record<string, readonly [z.ZodType, string]>;

export type Environment = { [Name in keyof typeof variables]: z.output<(typeof variables)[Name][0]> };

export class ConfigurationError extends Error {}

/** Their values hold a password or are one: they stand in no sentence, and so in no log. */
const secrets = new Set(['POSTAMT_SECRET', 'DATABASE_URL', 'POSTAMT_DATABASE_ADMIN_URL', 'POSTAMT_RSPAMD']);

/** Parses the environment. Throws ConfigurationError with one sentence that names the variable, what was given and what is allowed. */
export function parseEnvironment(source: Readonly<Record<string, string | undefined>>): Environment {
  const parsed: Record<string, unknown> = {};
  for (const [name, [schema]] of Object.entries(variables)) {
    const given = source[name];
    const result = schema.safeParse(given === '' ? undefined : given);
    if (!result.success) {
      const named = secrets.has(name) ? name : `${name}=${given}`;
      throw new ConfigurationError(`${named}: ${result.error.issues.map((issue) => issue.message).join('; ')}.`);
    }
    parsed[name] = result.data;
  }
  return parsed as Environment;
}

/** Names that look like ours and are none: who wrote POSTAMT_SIGNUP=closed left signing up open. */
export const unknownNames = (source: Readonly<Record<string, string | undefined>>): string[] =>
  Object.keys(source).filter((name) => name.startsWith('POSTAMT_') && source[name] !== '' && !Object.hasOwn(variables, name));

export { basePorts, type MailPort };

export const portsFor = (offset: number): Record<MailPort, number> =>
  Object.fromEntries(Object.entries(basePorts).map(([name, port]) => [name, port + offset])) as Record<MailPort, number>;
