import { randomUUID } from 'node:crypto';
import { requireMailbox } from '#lib/auth/session.ts';
import { installationSettings } from '#lib/client-setup/installation-settings.ts';
import { mobileconfig } from '#lib/client-setup/mobileconfig.ts';

/** Apple profile of the mailbox that is signed in. */
export async function GET(): Promise<Response> {
  const mailbox = await requireMailbox();
  const ids = { profile: randomUUID().toUpperCase(), payload: randomUUID().toUpperCase() };
  return new Response(mobileconfig(installationSettings(), mailbox, ids), {
    headers: {
      'content-type': 'application/x-apple-aspen-config; charset=utf-8',
      'content-disposition': 'attachment; filename="postamt.mobileconfig"',
      'cache-control': 'no-store',
    },
  });
}
