import { requireOperatorScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { hostZoneText } from '#lib/dns/host-zone.ts';
import { installationHost } from '#lib/dns/installation-host.ts';

/** What the operator publishes for this host itself. */
export async function GET(): Promise<Response> {
  await requireOperatorScope();
  return new Response(await hostZoneText(database(), installationHost().host), {
    headers: {
      'content-type': 'text/dns; charset=us-ascii',
      'content-disposition': 'attachment; filename="host.zone"',
      'cache-control': 'no-store',
    },
  });
}
