import { installation } from '#lib/config/installation.ts';
import { database } from '#lib/db/prisma.ts';
import { leaveGroup } from '#lib/provisioning/addresses/leave-group.ts';
import { readUnsubscribeToken } from '#lib/targets/unsubscribe-token.ts';

export const dynamic = 'force-dynamic';

type Given = { params: Promise<{ token: string }> };
const to = (path: string): Response => new Response(null, { status: 303, headers: { location: path } });

/** A person follows the link: asked first, since programs that look at letters follow links too. */
export async function GET(_: Request, { params }: Given): Promise<Response> {
  return to(`/unsubscribe?of=${encodeURIComponent((await params).token)}`);
}

/** One click of a mail program (RFC 8058), or the button of the page. No session is asked for: the link is what proves it. */
export async function POST(request: Request, { params }: Given): Promise<Response> {
  const leaving = readUnsubscribeToken(installation().secret, (await params).token);
  if (!leaving) return new Response('Unbekannter Link - unknown link\n', { status: 404 });
  await leaveGroup(database(), leaving);
  const wantsPage = request.headers.get('accept')?.includes('text/html') ?? false;
  return wantsPage ? to('/unsubscribe?done=1') : new Response('Abgemeldet - unsubscribed\n');
}
