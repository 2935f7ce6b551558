import { NextResponse, type NextRequest } from 'next/server';

const development = process.env['NODE_ENV'] === 'development';

/**
 * Content security policy of every page: scripts and style elements only with this request's nonce. Style attributes stay allowed
 * (React renders `style={{…}}` as such, and they cannot run code). Frames: only our own mail viewer.
 */
const policy = (nonce: string): string =>
  [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    development ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self' blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

export function proxy(request: NextRequest): NextResponse {
  // Next itself answers 500 to a broken escape in a dynamic segment
  if (!isDecodable(request.nextUrl.pathname)) return new NextResponse(null, { status: 400 });
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  // for the way back after signing in (lib/auth/session.ts)
  headers.set('x-asked', request.nextUrl.pathname + request.nextUrl.search);
  headers.set('content-security-policy', policy(nonce));
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy(nonce));
  return response;
}

// Route handlers under /api/mail/ set a policy of their own: the mail viewer is framed, sandboxed and stricter than a page. What only begins as one
// of these is a page, that says there is none.
export const config = { matcher: ['/((?!_next/static/|api/mail/|healthz$|metrics$).*)'] };
