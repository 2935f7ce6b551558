import { parseEmailAddress } from '../../addresses/email-address.ts';
import { findField } from '../../mime/parse-header.ts';
import { byButton } from '../../targets/by-button.ts';
import { planLetter } from '../../mime/plan-letter.ts';
import { calendarBytes } from '../view/needed-parts.ts';
import type { InvitationAnswer } from './reply.ts';
import { fetchLetter, fetchParts } from '../reading/fetch-letter.ts';
import { addressesOf, identityFor, readIdentities } from '../writing/identities.ts';
import { inFolder, withImap } from '../connection/imap-pool.ts';
import { noteAnswer } from './invitation-state.ts';
import { invitedAs } from './invited-as.ts';
import { MailError } from '../connection/mail-error.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { emptyLetter } from '../writing/empty-letter.ts';
import { threadOf } from '../writing/message-ids.ts';
import { sendLetter } from '../sending/send-letter.ts';
import type { LetterSent } from '../writing/letter.ts';
import type { MessageReference } from '../reading/mail-message.ts';
import { runView } from '../view/view-pool.ts';

export interface AnswerWish {
  /** made by the page once per click: the same click given twice is answered once */
  id: string;
  answer: InvitationAnswer;
  /** subject and text, in the reader's language; "{title}" is the event's */
  subject: string;
  text: string;
}

/**
 * Answers an invitation by mail (iMIP, RFC 6047): a letter from the address that was invited to the organizer, by submission like any
 * other. Throws MailError NotFound, InvalidRequest where there is nothing to answer, and what sendLetter throws.
 */
export async function answerInvitation(mailbox: MailboxIdentity, reference: MessageReference, wish: AnswerWish): Promise<LetterSent> {
  const identities = await readIdentities(mailbox);
  const { letter, parts } = await withImap(
    mailbox,
    (imap) =>
      inFolder(imap, reference.folder, async () => {
        const found = await fetchLetter(imap.client, reference.uid);
        return { letter: found, parts: await fetchParts(imap.client, reference.uid, calendarBytes(planLetter(found.root))) };
      }),
    { retry: true },
  );
  const { to, cc } = letter.envelope;
  const own = addressesOf(identities);
  const fallback = identityFor(identities, [...to, ...cc]) ?? { address: mailbox.address as string, name: mailbox.name };
  const done = await runView(
    {
      kind: 'answer-invitation',
      root: letter.root,
      parts,
      own: [...own],
      fallback: { name: fallback.name, address: fallback.address },
      answer: wish.answer,
      at: new Date().toISOString(),
    },
    mailbox.mailboxId,
  );
  // not ended in time: the machine is busy
  if (done === null) throw new MailError('Unreachable');
  if (!done.result || !('reply' in done.result)) throw new MailError('InvalidRequest', 'calendar');
  const { reply, invitation } = done.result;
  const organizer = parseEmailAddress(invitation.organizer?.address ?? '');
  if (organizer === null || invitation.organizer === null) throw new MailError('InvalidRequest', 'organizer');
  const attendee = invitedAs(invitation, own) ?? fallback;
  const from = { name: identities.find((one) => one.address === attendee.address)?.name ?? fallback.name, address: attendee.address };
  const title = invitation.title.replace(/\s+/g, ' ').slice(0, 300);
  const sent = await sendLetter(
    mailbox,
    {
      ...emptyLetter(),
      id: wish.id,
      kind: 'reply',
      from,
      to: [{ name: invitation.organizer.name, address: organizer }],
      subject: wish.subject.replace('{title}', () => title),
      html: '',
      text: wish.text.replace('{title}', () => title),
      ...threadOf({ ...letter.envelope, references: findField(letter.fields, 'references') ?? '' }),
      source: reference,
      calendar: reply,
      ...(wish.answer === 'DECLINED' ? { fields: [byButton] } : {}),
    },
    { at: new Date() },
  );
  if (sent.refused.length > 0) throw new MailError('Refused', sent.refused[0]?.reason ?? '');
  await noteAnswer(mailbox, invitation, wish.answer);
  return sent;
}
