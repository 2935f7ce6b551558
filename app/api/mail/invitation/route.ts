import { getTranslations } from 'next-intl/server';
import { answerInvitation } from '#lib/webmail/calendar/answer-invitation.ts';
import { invitationRequest, parseBody } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';

export const POST = mailRoute(async ({ mailbox, request }) => {
  const { id, answer, ...reference } = await parseBody(invitationRequest, request);
  const text = await getTranslations('mail.read.calendar.letter');
  // the event's title is put in later: it is no part of the sentence that a translation is made of
  const title = { title: '{title}' };
  return answerInvitation(mailbox, reference, {
    id,
    answer,
    subject: text(`subject.${answer}`, title),
    text: text(`text.${answer}`, { ...title, name: mailbox.name || mailbox.address }),
  });
});
