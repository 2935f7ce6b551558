import { createTransport } from 'nodemailer';
import { buildLetter, envelopeRecipients, messageIdOf, type BuiltLetter } from './build-letter.ts';
import { mailboxToken } from './connect-imap.ts';
import { inFolder, withImap } from './imap-pool.ts';
import { specialFolder } from './list-folders.ts';
import { MailError } from './mail-error.ts';
import { mailHost } from './mail-host.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';
import { discardDraft } from './save-draft.ts';
import { setFlag } from './set-flags.ts';
import type { Letter, LetterSent } from './types.ts';
import { removeUploadsOf } from './upload-store.ts';

/**
 * Sends a letter by SMTP submission and keeps the same bytes in Sent; then takes the draft away and marks the message it answers.
 * Idempotent by the letter's id: a letter of this id that lies in Sent was sent, and is not sent again.
 * Throws MailError NoRecipient, InvalidRecipient, UploadGone, TooLarge, Refused, Unreachable; then nothing was sent.
 */
export async function sendLetter(mailbox: MailboxIdentity, letter: Letter): Promise<LetterSent> {
  const recipients = envelopeRecipients(letter);
  if (recipients.length > mailHost().recipients) throw new MailError('TooLarge', String(mailHost().recipients));
  if (await wasSent(mailbox, messageIdOf(letter))) return { refused: [], copyKept: true };
  const built = await buildLetter(mailbox, letter, 'send');
  const refused = await submit(mailbox, built, recipients);
  // From here on it is sent: what fails now is told, never thrown.
  const copyKept = await keepCopy(mailbox, built).catch(() => false);
  await Promise.all([
    discardDraft(mailbox, built.messageId, letter.draft).catch(() => undefined),
    markSource(mailbox, letter).catch(() => undefined),
    removeUploadsOf(mailbox, letter).catch(() => undefined),
  ]);
  return { refused, copyKept };
}

/** Whether a letter of this Message-ID lies in Sent. */
export function wasSent(mailbox: MailboxIdentity, messageId: string): Promise<boolean> {
  return withImap(
    mailbox,
    async (imap) => {
      const sent = await specialFolder(imap, 'sent');
      if (sent === null) return false;
      return inFolder(imap, sent, async () => {
        const found = await imap.client.search({ header: { 'message-id': messageId } }, { uid: true });
        return Array.isArray(found) && found.length > 0;
      });
    },
    { retry: true },
  );
}

interface SubmissionError extends Error {
  code?: string;
  responseCode?: number;
  response?: string;
}

async function submit(mailbox: MailboxIdentity, built: BuiltLetter, recipients: string[]): Promise<LetterSent['refused']> {
  const host = mailHost();
  const transport = createTransport({
    host: host.connectTo,
    port: host.submissionsPort,
    secure: true,
    name: host.name,
    tls: { ca: host.ca, servername: host.name },
    auth: { type: 'OAUTH2', user: mailbox.address, accessToken: await mailboxToken(mailbox) },
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 120_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const info = await transport.sendMail({ envelope: { from: mailbox.address, to: recipients }, raw: built.bytes });
    return (info.rejectedErrors ?? []).map((error: SubmissionError & { recipient?: string }) => ({
      address: error.recipient ?? '',
      reason: error.response ?? error.message,
    }));
  } catch (error) {
    throw asSubmissionError(error as SubmissionError);
  } finally {
    transport.close();
  }
}

function asSubmissionError(error: SubmissionError): MailError {
  if (error.code === 'EAUTH') return new MailError('SessionEnded', '', error);
  const words = error.response ?? error.message;
  if (error.responseCode === 552 && /5\.3\.4/.test(words)) return new MailError('TooLarge', '', error);
  if (error.responseCode !== undefined) return new MailError('Refused', words, error);
  return new MailError('Unreachable', '', error);
}

function keepCopy(mailbox: MailboxIdentity, built: BuiltLetter): Promise<boolean> {
  return withImap(
    mailbox,
    async (imap) => {
      const sent = await specialFolder(imap, 'sent');
      return sent !== null && (await imap.client.append(sent, built.bytes, ['\\Seen'])) !== false;
    },
    { retry: false },
  );
}

async function markSource(mailbox: MailboxIdentity, letter: Letter): Promise<void> {
  if (!letter.source) return;
  const flag = letter.kind === 'forward' ? 'forwarded' : 'answered';
  await setFlag(mailbox, { folder: letter.source.folder, uids: [letter.source.uid], flag, on: true });
}
