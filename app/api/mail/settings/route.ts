import { parseBody, settingsRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { readSettings, saveSettings } from '#lib/webmail/mailbox-settings.ts';

export const GET = mailRoute(({ mailbox }) => readSettings(mailbox));

export const PATCH = mailRoute(async ({ mailbox, request }) => {
  const given = await parseBody(settingsRequest, request);
  return saveSettings(mailbox, Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
});
