import { requireMailboxScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { switchAbsence } from '#lib/provisioning/rules/switch-absence.ts';
import { MailError } from '#lib/webmail/connection/mail-error.ts';
import { absenceSwitch, parseBody } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';

export const PATCH = mailRoute(async ({ mailbox, request }) => {
  const { enabled } = await parseBody(absenceSwitch, request);
  const { scope } = await requireMailboxScope();
  const result = await switchAbsence(database(), scope, mailbox.mailboxId, enabled);
  if (!result.ok) throw new MailError('InvalidRequest', result.code);
});
