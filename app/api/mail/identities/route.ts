import { readIdentities, saveIdentity } from '#lib/webmail/writing/identities.ts';
import { identityRequest, parseBody } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';

/** The addresses this mailbox writes from. */
export const GET = mailRoute(async ({ mailbox }) => ({ identities: await readIdentities(mailbox) }));

export const PATCH = mailRoute(async ({ mailbox, request }) => {
  await saveIdentity(mailbox, await parseBody(identityRequest, request));
  return { identities: await readIdentities(mailbox) };
});
