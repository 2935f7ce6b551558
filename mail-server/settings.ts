import type { MailPort } from '../lib/config/config.ts';
import type { ServerCertificate } from './tls/server-certificate.ts';

/** What the protocol servers need to know of the installation; made from lib/config in main.ts, passed on, never read from the environment. */
export interface MailServerSettings {
  /** our name in greetings, Received and Message-ID */
  hostName: string;
  /** of the web, without a trailing slash: links in letters lead there */
  webUrl: string;
  /** mailbox for mail to the postmaster of this host; null: the operator's or the oldest owner's */
  postmaster: string | null;
  listenAddress: string | undefined;
  ports: Record<MailPort, number>;
  /** listeners for balancers that speak the PROXY protocol, and whose word is taken there */
  proxy: { ports: Partial<Record<MailPort, number>>; trusts(remoteAddress: string): boolean };
  /** several processes share the ports */
  reusePort: boolean;
  tls: Pick<ServerCertificate, 'context' | 'hostContext' | 'named'>;
  /** passwords without TLS are allowed for loopback clients */
  cleartextLoginOnLoopback: boolean;
  messageBytes: number;
  lineBytes: number;
  headerBytes: number;
  recipients: number;
  connections: number;
  connectionsPerAddress: number;
  connectionsPerMailbox: number;
  idleTimeoutMs: number;
  /** memory for pictures of folders that only IMAP sessions hold */
  pictureBytes: number;
  /** Sieve scripts of one mailbox: how many, how many bytes together, redirects of one run */
  sieve: { scripts: number; bytes: number; redirects: number };
  sendPerHour: number;
  /** where the operator set none for the customer */
  customerMessagesPerHour: number;
  queueDays: number;
  /** how far ahead a submitted message may be held, seconds; 0: not offered */
  longestHoldS: number;
  dnsServers: string[];
  dnsCacheMs: number;
  smtpPortOut: number;
  /** where policy hosts of other domains listen (MTA-STS); another than 443 in tests */
  stsPort: number;
  /** whose word about DNSSEC is taken: auto: of a resolver on this machine */
  dane: 'auto' | 'on' | 'off';
  /** PEM; authorities that mail hosts and policy hosts of others are to be vouched for by, null: those that Node knows */
  authorities: readonly string[] | null;
  /** other domains are told once a day what came in their name, and how their TLS worked */
  sendsReports: boolean;
  /** where the keys of hosted domains are published by the installation (null: by the domains), and after how many days they are renewed */
  dkim: { zone: string | null; days: number };
  /** how long expunged letters are shown to sessions that know them, domains wait for their proof, and changes in the panel are told */
  housekeeping: { sweepGraceMs: number; unprovedDays: number; auditDays: number };
  spam: SpamSettings;
  withheld: WithheldSettings;
}

/** Letters that wait for a release: in quarantine, or for a moderator. */
export interface WithheldSettings {
  /** of one customer */
  bytes: number;
  quarantineDays: number;
  moderationDays: number;
}

/** Who else is asked about letters, and how strangers are met. */
export interface SpamSettings {
  /** http address of rspamd's controller, null: none */
  rspamd: string | null;
  /** "host:port" or the path of clamd's socket, null: none */
  clamav: string | null;
  /** how long either may take */
  deadlineMs: number;
  /** zones of DNS lists of hosts */
  dnsLists: readonly string[];
  /** how long a stranger must wait before he comes again, 0: not at all */
  greylistS: number;
  /** addresses outside that a mailbox never wrote to before: so many in an hour, then it is slowed; three times as many in a day, then held */
  strangersPerHour: number;
}
