import { requireCustomerScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { expectedRecords } from '#lib/dns/expected-records.ts';
import { installationHost } from '#lib/dns/installation-host.ts';
import { zoneFile } from '#lib/dns/zone-file.ts';
import { readDomain } from '#lib/provisioning/domains/list-domains.ts';
import { domainFromPath } from '../domain-from-path.ts';

export async function GET(_: Request, { params }: { params: Promise<{ name: string }> }): Promise<Response> {
  const { scope } = await requireCustomerScope();
  const name = await domainFromPath(params);
  const domain = name && (await readDomain(database(), scope, name));
  if (!domain) return new Response(null, { status: 404 });
  return new Response(zoneFile(expectedRecords(domain, installationHost())), {
    headers: {
      'content-type': 'text/dns; charset=us-ascii',
      'content-disposition': `attachment; filename="${domain.name}.zone"`,
      'cache-control': 'no-store',
    },
  });
}
