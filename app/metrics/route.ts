import { isPrivateAddress } from '#lib/addresses/private-address.ts';
import { webMetrics } from '#lib/metrics/web-metrics.ts';

export const dynamic = 'force-dynamic';

/** Prometheus metrics of this web process, for loopback and private networks only; a request that came through a proxy is neither. */
export async function GET(request: Request): Promise<Response> {
  const forwarded = (request.headers.get('x-forwarded-for') ?? '').split(',').map((part) => part.trim());
  if (!forwarded.every(isPrivateAddress)) return new Response(null, { status: 404 });
  const { contentType, text } = await webMetrics();
  return new Response(text, { headers: { 'content-type': contentType } });
}
