import { readFileSync } from 'node:fs';
import { parseEnvironment } from '../../config/config.ts';
import { databaseFiles } from '../../config/free-space.ts';
import { installation } from '../../config/installation.ts';

/** How the web reaches its own mail server, and the limits both share. Read once, from the environment that the launcher set. */
export interface MailHost {
  connectTo: string;
  /** name in the certificate and in Message-IDs */
  name: string;
  imapsPort: number;
  submissionsPort: number;
  sievePort: number;
  ca: string | undefined;
  messageBytes: number;
  recipients: number;
  /** no files for letters are taken where less than `floor` bytes are free in this folder (POSTAMT_MIN_FREE_BYTES) */
  disk: { directory: string; floor: number };
  /** what one mailbox may hold of this web process */
  perMailbox: { streams: number; watches: number; downloads: number; waiting: number };
}

let known: MailHost | undefined;

/** Throws ConfigurationError if the environment is not valid, and the file system's error if the authority cannot be read. */
export function mailHost(): MailHost {
  if (known) return known;
  const environment = parseEnvironment(process.env);
  const { host, ports } = installation();
  const wildcard = environment.POSTAMT_LISTEN === undefined || ['0.0.0.0', '::', '*'].includes(environment.POSTAMT_LISTEN);
  known = {
    connectTo: wildcard ? '127.0.0.1' : (environment.POSTAMT_LISTEN ?? '127.0.0.1'),
    name: host,
    imapsPort: ports.imaps,
    submissionsPort: ports.submissions,
    sievePort: ports.sieve,
    ca: environment.POSTAMT_TLS_CA ? readFileSync(environment.POSTAMT_TLS_CA, 'utf8') : undefined,
    messageBytes: environment.POSTAMT_MESSAGE_BYTES,
    recipients: environment.POSTAMT_RECIPIENTS,
    disk: { directory: databaseFiles(environment.POSTAMT_DATA), floor: environment.POSTAMT_MIN_FREE_BYTES },
    perMailbox: {
      streams: environment.POSTAMT_WEB_STREAMS,
      watches: environment.POSTAMT_WEB_WATCHES,
      downloads: environment.POSTAMT_WEB_DOWNLOADS,
      waiting: environment.POSTAMT_WEB_WAITING,
    },
  };
  return known;
}

/** Bytes of attachments that fit into one letter: base64 makes 78 of 57 (with line ends), and text and headers need room. */
export const attachmentBytesThatFit = (messageBytes: number): number => Math.floor((messageBytes - 262_144) * (57 / 78));
