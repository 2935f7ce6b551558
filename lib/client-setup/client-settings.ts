/** What a mail program needs to know of this installation; the same for every mailbox, whether it exists or not. */
export interface ClientSettings {
  /** provider's name as programs show it */
  displayName: string;
  host: string;
  imaps: number;
  imap: number;
  pop3s: number;
  pop3: number;
  submissions: number;
  submission: number;
  /** ManageSieve, STARTTLS */
  sieve: number;
  /** address of the web, without a trailing slash */
  webUrl: string;
}

export interface ServerEntry {
  protocol: 'imap' | 'pop3' | 'smtp';
  host: string;
  port: number;
  security: 'tls' | 'starttls';
}

/** Best first: TLS from the first byte, then STARTTLS; IMAP before POP3 (RFC 8314, section 3). */
export const serversOf = (settings: ClientSettings): ServerEntry[] => [
  { protocol: 'imap', host: settings.host, port: settings.imaps, security: 'tls' },
  { protocol: 'imap', host: settings.host, port: settings.imap, security: 'starttls' },
  { protocol: 'pop3', host: settings.host, port: settings.pop3s, security: 'tls' },
  { protocol: 'pop3', host: settings.host, port: settings.pop3, security: 'starttls' },
  { protocol: 'smtp', host: settings.host, port: settings.submissions, security: 'tls' },
  { protocol: 'smtp', host: settings.host, port: settings.submission, security: 'starttls' },
];
