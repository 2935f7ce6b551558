import { viewLimits } from '../../config/view-limits.ts';
import { findLetterPart } from '../../mime/letter-part.ts';
import { fetchLetter, fetchParts } from '../reading/fetch-letter.ts';
import { inFolder, withImap } from '../connection/imap-pool.ts';
import { MailError } from '../connection/mail-error.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import type { InnerLetter, MessageReference } from '../reading/mail-message.ts';
import { bodyOf, viewOptions, type Wish } from './view-letter.ts';
import { runView } from './view-pool.ts';

/**
 * A letter inside a letter, by its part ("2", or "2/3" for the letter at 3 inside it). It is looked into in a worker as if it had come by
 * itself, also where its bytes are encoded, which the standard forbids and programs do. Throws MailError NotFound, TooLarge.
 */
export function readInnerLetter(mailbox: MailboxIdentity, reference: MessageReference, part: string, wish: Wish): Promise<InnerLetter> {
  const [section = '', ...path] = part.split('/');
  return withImap(
    mailbox,
    (imap) =>
      inFolder(imap, reference.folder, async () => {
        const letter = await fetchLetter(imap.client, reference.uid);
        const container = findLetterPart(letter.root, section);
        if (!container) throw new MailError('NotFound', part);
        if (container.sizeBytes > viewLimits.containerBytes) throw new MailError('TooLarge');
        const [brought] = await fetchParts(imap.client, reference.uid, [{ section, most: container.sizeBytes + 1 }]);
        const options = viewOptions(reference, wish, `${part}/`);
        const task = { kind: 'inner' as const, container: brought?.bytes ?? new Uint8Array(), encoding: container.encoding, path, options };
        const view = (await runView(task, mailbox.mailboxId))?.result;
        // not built in time: the letter can still be downloaded as it is
        if (!view || !('from' in view)) throw new MailError('TooLarge');
        const { from, to, cc, subject, date, attachments } = view;
        return { from, to, cc, subject, date, body: bodyOf(view), attachments };
      }),
    { retry: true },
  );
}
