import { buffer } from 'node:stream/consumers';
import MailComposer from 'nodemailer/lib/mail-composer';
import { envelopeRecipients } from '../writing/build-letter.ts';
import { identityFor, readIdentities } from '../writing/identities.ts';
import type { LetterRedirected } from '../writing/letter.ts';
import { inFolder, withImap } from '../connection/imap-pool.ts';
import { MailError } from '../connection/mail-error.ts';
import { mailHost } from '../connection/mail-host.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { downloadPart } from '../files/download-part.ts';
import { readSettings } from '../mailbox-settings.ts';
import { fetchLetter } from '../reading/fetch-letter.ts';
import type { MessageReference, Person } from '../reading/mail-message.ts';
import { setFlag } from '../reading/set-flags.ts';
import { rescheduleHeld } from './outgoing-letters.ts';
import { databaseTime } from './release-clock.ts';
import { submitLetter } from './submit-letter.ts';

interface Wish {
  /** of the press: asked for twice, it is one */
  id: string;
  at: Date;
  to: Person[];
}

/**
 * Passes a letter on as it came, to the byte, under a block that says who did (RFC 5322 section 3.6.6): its author stays its author, and what he
 * signed holds. The envelope is the reader's own, so what cannot be delivered comes back here. No copy is kept: the letter is there. Throws
 * MailError NotFound, NoRecipient, InvalidRecipient, TooManyRecipients, TooLarge, OfThisHouse, Refused, Unreachable.
 */
export async function redirectLetter(mailbox: MailboxIdentity, reference: MessageReference, wish: Wish): Promise<LetterRedirected> {
  const to = envelopeRecipients({ to: wish.to, cc: [], bcc: [] });
  if (to.length > mailHost().recipients) throw new MailError('TooManyRecipients', String(mailHost().recipients));
  const [identities, { undoSeconds }, { envelope, row }] = await Promise.all([
    readIdentities(mailbox),
    readSettings(mailbox),
    readLetter(mailbox, reference),
  ]);
  const from = identityFor(identities, [...envelope.from, ...envelope.to, ...envelope.cc]);
  if (!from) throw new MailError('InvalidRequest', 'from');
  const letter = await buffer((await downloadPart(mailbox, reference, '')).read());
  const holdUntil = undoSeconds > 0 ? new Date(Math.ceil((await databaseTime()).getTime() / 1000 + undoSeconds) * 1000) : null;
  const bytes = Buffer.concat([Buffer.from(resentBlock(from, wish)), letter]);
  const { refused, queueMessage } = await submitLetter(mailbox, { from: from.address, to, bytes, holdUntil }).catch((error: unknown) => {
    throw error instanceof MailError && error.detail.startsWith('553 5.7.1') ? new MailError('OfThisHouse', '', error) : error;
  });
  const marked = row.flags?.has('$Forwarded') !== true;
  await setFlag(mailbox, { folder: reference.folder, uids: [reference.uid], flag: 'forwarded', on: true }).catch(() => undefined);
  // pressed again, it was given to the queue by the press before, which another end of undo belonged to
  const held = holdUntil !== null && queueMessage !== null && (await rescheduleHeld(mailbox, queueMessage, holdUntil).catch(() => true));
  return { refused, leavesAt: held ? holdUntil.toISOString() : '', held: held ? String(queueMessage) : '', marked };
}

const readLetter = (mailbox: MailboxIdentity, { folder, uid }: MessageReference) =>
  withImap(mailbox, (imap) => inFolder(imap, folder, () => fetchLetter(imap.client, uid)), { retry: true });

/** The fields of a letter by the same names, each as one of passing on. */
function resentBlock(from: Person, { id, at, to }: Wish): string {
  const { name, address } = from;
  const composer = new MailComposer({ from: { name, address }, to, date: at, messageId: `<${id}@${mailHost().name}>` });
  const fields =
    composer
      .compile()
      .buildHeaders()
      .match(/^(?:From|To|Date|Message-ID):.*(?:\r\n[ \t].*)*/gm) ?? [];
  return fields.map((field) => `Resent-${field}\r\n`).join('');
}
