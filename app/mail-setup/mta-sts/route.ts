import { parseDomainName } from '#lib/addresses/domain-name.ts';
import { database } from '#lib/db/prisma.ts';
import { installationHost } from '#lib/dns/installation-host.ts';
import { stsPolicyText } from '#lib/dns/sts-policy.ts';

export const dynamic = 'force-dynamic';

/** https://mta-sts.DOMAIN/.well-known/mta-sts.txt leads here (next.config.ts): the policy of a domain that is hosted and confirmed, else 404. */
export async function GET(request: Request): Promise<Response> {
  const host = (request.headers.get('host') ?? '').toLowerCase().replace(/:\d+$/, '');
  const name = host.startsWith('mta-sts.') ? parseDomainName(host.slice('mta-sts.'.length)) : null;
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  const known = name !== null && (await database().domain.findFirst({ where: { name, verifiedAt: { not: null } }, select: { id: true } }));
  return known ? new Response(stsPolicyText(installationHost()), { headers }) : new Response('Not found\r\n', { status: 404, headers });
}
