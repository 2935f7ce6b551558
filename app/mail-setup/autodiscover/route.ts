import { randomInt } from 'node:crypto';
import { autodiscoverError, autodiscoverXml, readAutodiscoverRequest, type AutodiscoverErrorCode } from '#lib/client-setup/autodiscover.ts';
import { installationSettings } from '#lib/client-setup/installation-settings.ts';

export const dynamic = 'force-dynamic';

const longestBytes = 16_384;
const xml = (body: string): Response =>
  new Response(body, { headers: { 'content-type': 'text/xml; charset=utf-8', 'cache-control': 'no-store' } });
const refusal = (code: AutodiscoverErrorCode): Response => xml(autodiscoverError(code, new Date(), randomInt(2 ** 31)));

/** /autodiscover/autodiscover.xml in any case leads here (next.config.ts). Outlook expects 200 with an error document, not 4xx. */
export async function POST(request: Request): Promise<Response> {
  if (Number(request.headers.get('content-length') ?? 0) > longestBytes) return refusal(600);
  const address = readAutodiscoverRequest(await readAtMost(request, longestBytes));
  return typeof address === 'number' ? refusal(address) : xml(autodiscoverXml(installationSettings(), address));
}

export const GET = (): Response => refusal(600);

/** The body as text, cut off at `bytes`; what is cut is no request of Outlook's. */
async function readAtMost(request: Request, bytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > bytes) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
