import { installationSettings } from '#lib/client-setup/installation-settings.ts';

export const dynamic = 'force-dynamic';

/** Autodiscover V2: tells newer Outlooks where the XML answer is; for other protocols that there are none. */
export function GET(request: Request): Response {
  const { searchParams } = new URL(request.url);
  const protocol = searchParams.get('Protocol') ?? searchParams.get('protocol') ?? '';
  if (protocol.toLowerCase() === 'autodiscoverv1') {
    return Response.json({ Protocol: 'AutodiscoverV1', Url: `${installationSettings().webUrl}/autodiscover/autodiscover.xml` });
  }
  return Response.json({ ErrorCode: 'InvalidProtocol', ErrorMessage: 'Only AutodiscoverV1 is served.' }, { status: 400 });
}
