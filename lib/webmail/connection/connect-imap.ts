import { ImapFlow } from 'imapflow';
import { installation } from '../../config/installation.ts';
import { signMailboxToken } from '../../auth/mailbox-token.ts';
import { mailHost } from './mail-host.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';
import { MailError } from './mail-error.ts';
import { tellRefusals } from './tell-refusals.ts';

const tokenLifetimeS = 120;

/** A token that signs this mailbox in to its mail server during the next two minutes. */
export const mailboxToken = (mailbox: MailboxIdentity): Promise<string> =>
  signMailboxToken(
    {
      address: mailbox.address,
      accountId: mailbox.mailboxId,
      credentialVersion: mailbox.credentialVersion,
      ...(mailbox.sessionId === null ? {} : { sessionId: mailbox.sessionId }),
    },
    installation().secret,
    tokenLifetimeS,
  );

/**
 * Opens an IMAP connection of this mailbox over implicit TLS, signed in by OAUTHBEARER (RFC 7628).
 * Throws MailError Unreachable or SessionEnded. The caller closes it.
 */
export async function connectImap(mailbox: MailboxIdentity, purpose: 'commands' | 'watch' | 'download'): Promise<ImapFlow> {
  const host = mailHost();
  const client = new ImapFlow({
    host: host.connectTo,
    port: host.imapsPort,
    secure: true,
    servername: host.name,
    tls: { ca: host.ca, servername: host.name },
    auth: { user: mailbox.address, accessToken: await mailboxToken(mailbox) },
    clientInfo: { name: 'Postamt webmail', purpose },
    logger: false,
    disableCompression: true,
    disableAutoIdle: true,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: purpose === 'watch' ? 35 * 60_000 : 5 * 60_000,
    maxLiteralSize: host.messageBytes + 1_048_576,
    maxResponseSize: 2 * host.messageBytes + 2_097_152,
  });
  // Without a listener a broken connection would end the process; every command reports the failure itself.
  client.on('error', () => client.close());
  tellRefusals(client);
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.close();
    throw asMailError(error);
  }
}

interface ImapFailure {
  code?: string;
  authenticationFailed?: boolean;
  responseStatus?: string;
  responseText?: string;
  serverResponseCode?: string;
}

/** Maps what imapflow throws to a MailError. Errors that are none of IMAP's pass through unchanged. */
export function asMailError(error: unknown): unknown {
  if (error instanceof MailError || !(error instanceof Error)) return error;
  const failure = error as Error & ImapFailure;
  const code = failure.serverResponseCode ?? '';
  // A server that is asked by too many says nothing of who asks.
  if (failure.authenticationFailed) return new MailError(/^(UNAVAILABLE|LIMIT)$/.test(code) ? 'Unreachable' : 'SessionEnded', '', error);
  if (code === 'OVERQUOTA') return new MailError('QuotaExceeded', '', error);
  if (code === 'NONEXISTENT' || code === 'TRYCREATE' || failure.code === 'NotFound') return new MailError('NotFound', '', error);
  if (code === 'ALREADYEXISTS') return new MailError('FolderExists', '', error);
  if (failure.responseStatus === 'NO' || failure.responseStatus === 'BAD') {
    return new MailError(code === 'UNAVAILABLE' || code === 'INUSE' ? 'Unreachable' : 'Refused', failure.responseText ?? '', error);
  }
  if (failure.code?.startsWith('Invalid') && failure.code !== 'InvalidResponse')
    return new MailError('InvalidRequest', failure.code, error);
  return failure.code === undefined ? error : new MailError('Unreachable', '', error);
}
