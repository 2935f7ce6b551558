import { heldLetter, parseBody, parseQuery, rescheduleRequest, sentRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { heldAt, readLeaving, type OutgoingLetter } from '#lib/webmail/sending/outgoing-letters.ts';
import { rescheduleLetter } from '#lib/webmail/sending/reschedule-letter.ts';
import { withdrawLetter } from '#lib/webmail/sending/withdraw-letter.ts';

/** The letter that waits at a place of its folder; without a place, what was sent a moment ago and can still be taken back. */
export const GET = mailRoute(async ({ mailbox, query }) => {
  if (!query.has('uid')) return { leaving: await readLeaving(mailbox) };
  const found = await heldAt(mailbox, parseQuery(heldLetter, query));
  return { held: found ? [describe(found.letterId, found.outgoing)] : [] };
});

/** Takes one back: it is a draft again. `letter` is null when it has left already. */
export const DELETE = mailRoute(async ({ mailbox, request }) => {
  const { id, press } = await parseBody(sentRequest, request);
  return { letter: await withdrawLetter(mailbox, id, press) };
});

/** Another time to leave. */
export const PATCH = mailRoute(async ({ mailbox, request }) => {
  const { id, at } = await parseBody(rescheduleRequest, request);
  const leavesAt = await rescheduleLetter(mailbox, id, at === null ? null : new Date(at));
  return { leavesAt: leavesAt?.toISOString() ?? null };
});

const describe = (id: string, { letter, releaseAt }: OutgoingLetter) => ({
  id,
  subject: letter?.subject ?? '',
  to: letter?.to ?? [],
  leavesAt: releaseAt.toISOString(),
});
