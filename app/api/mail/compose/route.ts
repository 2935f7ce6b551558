import { getFormatter, getTranslations } from 'next-intl/server';
import { parseQuery, prepareRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { prepareLetter } from '#lib/webmail/writing/prepare-letter.ts';

/** What the compose window begins with: an answer, a forwarded letter, a draft. */
export const GET = mailRoute(async ({ mailbox, query }) => {
  const { kind, zone: timeZone, ...reference } = parseQuery(prepareRequest, query);
  const [text, format] = await Promise.all([getTranslations('mail.quote'), getFormatter()]);
  return prepareLetter(mailbox, kind, reference, {
    attribution: (date, name) => text('attribution', { date, name }),
    forwarded: text('forwarded'),
    cut: text('cut'),
    from: text('from'),
    date: text('date'),
    subject: text('subject'),
    to: text('to'),
    cc: text('cc'),
    formatDate: (date) => format.dateTime(date, { dateStyle: 'long', timeStyle: 'short', ...(timeZone ? { timeZone } : {}) }),
  });
});
