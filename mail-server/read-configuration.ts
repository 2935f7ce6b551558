import { BlockList, isIP } from 'node:net';
import { isWorldly } from '../lib/addresses/foreign-domain.ts';
import { ConfigurationError, parseEnvironment, portsFor, type Environment } from '../lib/config/config.ts';
import type { MailServerSettings } from './settings.ts';
import type { CertificateFiles } from './tls/server-certificate.ts';

/** What main.ts needs beside the settings of the protocol servers. */
export interface MailServerConfiguration {
  environment: Environment;
  databaseUrl: string;
  secret: string;
  certificates: CertificateFiles[];
}

/** Parses the environment of a mail-server process. The launcher fills in what an operator may leave out. Throws ConfigurationError. */
export function readConfiguration(source: Readonly<Record<string, string | undefined>>): MailServerConfiguration {
  const environment = parseEnvironment(source);
  if (Object.keys(environment.POSTAMT_PROXY_PORTS).length > 0 && environment.POSTAMT_PROXY_FROM.length === 0) {
    throw new ConfigurationError('POSTAMT_PROXY_PORTS needs POSTAMT_PROXY_FROM, the addresses of the balancers.');
  }
  return {
    environment,
    databaseUrl: needed(environment, 'DATABASE_URL'),
    secret: needed(environment, 'POSTAMT_SECRET'),
    certificates: pairs(needed(environment, 'POSTAMT_TLS_CERT'), needed(environment, 'POSTAMT_TLS_KEY')),
  };
}

type Filled = 'DATABASE_URL' | 'POSTAMT_SECRET' | 'POSTAMT_TLS_CERT' | 'POSTAMT_TLS_KEY';

function needed<Name extends Filled>(environment: Environment, name: Name): NonNullable<Environment[Name]> {
  const value = environment[name];
  if (value === undefined) throw new ConfigurationError(`${name} is not set; \`npm start\` sets it for the mail server.`);
  return value;
}

function pairs(certificates: readonly string[], keys: readonly string[]): CertificateFiles[] {
  if (certificates.length !== keys.length)
    throw new ConfigurationError(
      `POSTAMT_TLS_CERT names ${certificates.length} files, POSTAMT_TLS_KEY ${keys.length}: each certificate needs its key, in the same order.`,
    );
  return certificates.map((cert, index) => ({ cert, key: keys[index] ?? '' }));
}

function trustOf(networks: Environment['POSTAMT_PROXY_FROM']): (remoteAddress: string) => boolean {
  const list = new BlockList();
  for (const { address, prefix, family } of networks) list.addSubnet(address, prefix, family);
  return (remoteAddress) => isIP(remoteAddress) !== 0 && list.check(remoteAddress, isIP(remoteAddress) === 4 ? 'ipv4' : 'ipv6');
}

/** The settings that protocol servers get; `tls` is the certificate as it is at each moment. */
export function settingsFrom(environment: Environment, tls: MailServerSettings['tls']): MailServerSettings {
  return {
    hostName: environment.POSTAMT_HOST,
    webUrl: (environment.POSTAMT_WEB_URL ?? `https://${environment.POSTAMT_HOST}`).replace(/\/+$/, ''),
    postmaster: environment.POSTAMT_POSTMASTER?.toLowerCase() ?? null,
    listenAddress: environment.POSTAMT_LISTEN ?? (environment.POSTAMT_ENV === 'production' ? undefined : '127.0.0.1'),
    ports: portsFor(environment.POSTAMT_PORT_OFFSET ?? 0),
    proxy: { ports: environment.POSTAMT_PROXY_PORTS, trusts: trustOf(environment.POSTAMT_PROXY_FROM) },
    reusePort: environment.POSTAMT_MAIL_PROCESSES > 1,
    tls,
    cleartextLoginOnLoopback: environment.POSTAMT_CLEARTEXT_LOGIN === 'loopback',
    messageBytes: environment.POSTAMT_MESSAGE_BYTES,
    lineBytes: environment.POSTAMT_LINE_BYTES,
    headerBytes: environment.POSTAMT_HEADER_BYTES,
    recipients: environment.POSTAMT_RECIPIENTS,
    connections: environment.POSTAMT_CONNECTIONS,
    connectionsPerAddress: environment.POSTAMT_CONNECTIONS_PER_ADDRESS,
    connectionsPerMailbox: environment.POSTAMT_CONNECTIONS_PER_MAILBOX,
    idleTimeoutMs: environment.POSTAMT_IDLE_TIMEOUT_S * 1000,
    pictureBytes: environment.POSTAMT_PICTURE_BYTES,
    sieve: {
      scripts: environment.POSTAMT_SIEVE_SCRIPTS,
      bytes: environment.POSTAMT_SIEVE_BYTES,
      redirects: environment.POSTAMT_SIEVE_REDIRECTS,
    },
    sendPerHour: environment.POSTAMT_SEND_PER_HOUR,
    customerMessagesPerHour: environment.POSTAMT_CUSTOMER_MESSAGES_PER_HOUR,
    queueDays: environment.POSTAMT_QUEUE_DAYS,
    longestHoldS: environment.POSTAMT_HOLD_DAYS * 86_400,
    dnsServers: environment.POSTAMT_DNS,
    dnsCacheMs: environment.POSTAMT_DNS_CACHE_S * 1000,
    smtpPortOut: environment.POSTAMT_SMTP_PORT_OUT,
    dane: environment.POSTAMT_DANE,
    stsPort: 443,
    authorities: null,
    sendsReports: environment.POSTAMT_REPORTS === 'on' || (environment.POSTAMT_REPORTS === 'auto' && isWorldly(environment.POSTAMT_HOST)),
    dkim: { zone: environment.POSTAMT_DKIM_ZONE ?? null, days: environment.POSTAMT_DKIM_DAYS },
    housekeeping: {
      sweepGraceMs: environment.POSTAMT_SWEEP_GRACE_S * 1000,
      unprovedDays: environment.POSTAMT_UNPROVED_DAYS,
      auditDays: environment.POSTAMT_AUDIT_DAYS,
    },
    spam: {
      rspamd: environment.POSTAMT_RSPAMD ?? null,
      clamav: environment.POSTAMT_CLAMAV ?? null,
      deadlineMs: environment.POSTAMT_CHECK_SECONDS * 1000,
      dnsLists: environment.POSTAMT_DNSBL,
      greylistS: environment.POSTAMT_GREYLIST_S,
      strangersPerHour: environment.POSTAMT_STRANGERS_PER_HOUR,
    },
    withheld: {
      bytes: environment.POSTAMT_QUARANTINE_BYTES,
      quarantineDays: environment.POSTAMT_QUARANTINE_DAYS,
      moderationDays: environment.POSTAMT_MODERATION_DAYS,
    },
  };
}
