import { askedDomain } from '#lib/client-setup/asked-domain.ts';
import { autoconfigXml } from '#lib/client-setup/autoconfig.ts';
import { installationSettings } from '#lib/client-setup/installation-settings.ts';

export const dynamic = 'force-dynamic';

/** /mail/config-v1.1.xml and /.well-known/autoconfig/mail/config-v1.1.xml lead here (next.config.ts). */
export function GET(request: Request): Response {
  const settings = installationSettings();
  const domain = askedDomain(new URL(request.url), request.headers.get('host'), settings.host);
  return new Response(autoconfigXml(settings, domain), {
    headers: { 'content-type': 'text/xml; charset=utf-8', 'cache-control': 'public, max-age=3600' },
  });
}
