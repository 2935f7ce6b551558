import { discardRequest, letterRequest, parseBody } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { discardDraft, saveDraft } from '#lib/webmail/writing/save-draft.ts';
import { removeUploadsOf } from '#lib/webmail/files/upload-store.ts';

export const POST = mailRoute(async ({ mailbox, request }) => saveDraft(mailbox, await parseBody(letterRequest, request)));

export const DELETE = mailRoute(async ({ mailbox, request }) => {
  const { id, draft } = await parseBody(discardRequest, request);
  await discardDraft(mailbox, { id }, draft);
  await removeUploadsOf(mailbox, { id });
});
