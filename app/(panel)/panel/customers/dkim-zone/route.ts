import { requireOperatorScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { dkimZoneText, listZoneKeys } from '#lib/dns/dkim-zone.ts';
import { installationHost } from '#lib/dns/installation-host.ts';

/** What the operator publishes for the domains whose DKIM records lead here. */
export async function GET(): Promise<Response> {
  await requireOperatorScope();
  const { dkimZone } = installationHost();
  if (dkimZone === null) return new Response(null, { status: 404 });
  return new Response(dkimZoneText(await listZoneKeys(database()), dkimZone), {
    headers: {
      'content-type': 'text/dns; charset=us-ascii',
      'content-disposition': 'attachment; filename="dkim.zone"',
      'cache-control': 'no-store',
    },
  });
}
