import SMTPConnection from 'nodemailer/lib/smtp-connection';
import XOAuth2 from 'nodemailer/lib/xoauth2';
import { mailboxToken } from '../connection/connect-imap.ts';
import { mailHost } from '../connection/mail-host.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import type { LetterSent } from '../writing/letter.ts';
import { submissionFailure, type SubmissionError } from './submission-failure.ts';

export interface Submission {
  from: string;
  to: string[];
  bytes: Buffer;
  /** until when the server holds it (RFC 4865); null: it goes at once */
  holdUntil: Date | null;
}

export interface Submitted {
  refused: LetterSent['refused'];
  /** id in the queue, to take it back; null if the server did not say it */
  queueMessage: bigint | null;
}

/** What nodemailer writes every command with; public, but not in its types. */
type CommandWriter = new (
  options: ConstructorParameters<typeof SMTPConnection>[0],
) => SMTPConnection & { _sendCommand(command: string, logged?: string): void };

/** nodemailer knows no FUTURERELEASE: MAIL gets its parameter on the way to the socket. */
class HoldingConnection extends (SMTPConnection as unknown as CommandWriter) {
  holdUntil: Date | null = null;

  override _sendCommand(command: string, logged?: string): void {
    const until = command.startsWith('MAIL FROM:') ? this.holdUntil : null;
    super._sendCommand(until === null ? command : `${command} HOLDUNTIL=${until.toISOString().replace(/\.\d+Z$/, 'Z')}`, logged);
  }
}

/** Gives a letter to the mail server by SMTP submission. Throws MailError SessionEnded, TooLarge, Refused, Unreachable; then it has nothing. */
export async function submitLetter(mailbox: MailboxIdentity, letter: Submission): Promise<Submitted> {
  const host = mailHost();
  const accessToken = await mailboxToken(mailbox);
  const connection = new HoldingConnection({
    host: host.connectTo,
    port: host.submissionsPort,
    secure: true,
    name: host.name,
    tls: { ca: host.ca, servername: host.name },
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 120_000,
  });
  connection.holdUntil = letter.holdUntil;
  try {
    return await new Promise<Submitted>((resolve, reject) => {
      connection.once('error', reject);
      connection.once('end', () => reject(new Error('closed')));
      connection.connect((failure) => {
        if (failure) return reject(failure);
        const oauth2 = new XOAuth2({ user: mailbox.address, accessToken });
        connection.login({ type: 'OAUTH2', user: mailbox.address, oauth2, method: 'XOAUTH2' }, (refusal) => {
          if (refusal) return reject(refusal);
          connection.send({ from: letter.from, to: letter.to }, letter.bytes, (error, info) => {
            if (error || !info) return reject(error ?? new Error('no answer'));
            resolve({ refused: refusedOf(info.rejectedErrors), queueMessage: queueMessageOf(info.response) });
          });
        });
      });
    });
  } catch (error) {
    throw submissionFailure(error as SubmissionError);
  } finally {
    connection.close();
  }
}

const refusedOf = (errors: readonly SubmissionError[] | undefined): LetterSent['refused'] =>
  (errors ?? []).map((error) => ({ address: error.recipient ?? '', reason: error.response ?? error.message }));

/** "250 2.0.0 Angenommen - queued as 4711" */
function queueMessageOf(response: string | undefined): bigint | null {
  const id = /\bqueued as (\d{1,18})\b/.exec(response ?? '')?.[1];
  return id === undefined ? null : BigInt(id);
}
