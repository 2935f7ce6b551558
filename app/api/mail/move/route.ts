import { requireMailboxScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { allowAuthors } from '#lib/webmail/trust/allow-authors.ts';
import { moveRequest, parseBody } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { moveMessages } from '#lib/webmail/reading/move-messages.ts';

export const POST = mailRoute(async ({ mailbox, request }) => {
  const asked = await parseBody(moveRequest, request);
  const { scope } = await requireMailboxScope();
  // before the move: afterwards they have other numbers; a failure of it must not keep the letters in Junk
  await allowAuthors(database(), scope, mailbox, asked).catch(() => undefined);
  return moveMessages(mailbox, asked);
});
