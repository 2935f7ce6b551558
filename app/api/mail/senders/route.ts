import { requireMailboxScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { setSenderRule } from '#lib/provisioning/rules/set-sender-rule.ts';
import { MailError } from '#lib/webmail/connection/mail-error.ts';
import { parseBody, senderRuleRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';

/** Blocks the sender of a letter, allows them, or takes that back (null). */
export const POST = mailRoute(async ({ mailbox, request }) => {
  const { sender, verdict } = await parseBody(senderRuleRequest, request);
  const { scope } = await requireMailboxScope();
  const result = await setSenderRule(database(), scope, mailbox.mailboxId, sender, verdict);
  if (!result.ok) throw new MailError('InvalidRequest', result.code);
  return { sender: result.value };
});
