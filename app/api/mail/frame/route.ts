/**
 * The empty document that the HTML of a mail is put into. Its policy is stricter than any page's and does not depend on it: no script,
 * no form, no frame, no font or picture from elsewhere (docs/decisions/005-html-mail.md). The same for everybody, so it is cached.
 */
const policy = [
  "default-src 'none'",
  "img-src 'self' data:",
  "style-src 'unsafe-inline'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox',
].join('; ');

const page = `<!doctype html><html><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>E-Mail</title><style>
html{overflow:hidden;color-scheme:light}body{margin:0;overflow-x:auto;overflow-y:hidden;background:transparent;color:#1c2334;font:400 15px/1.62 "Hanken Grotesk Variable",system-ui,sans-serif;overflow-wrap:break-word}
img{max-width:100%;height:auto}table{max-width:100%}pre{white-space:pre-wrap;font-family:inherit;margin:0}a{color:#1f4b8f}
blockquote{margin:0 0 0 2px;padding-left:14px;border-left:2px solid #ddd8cc;color:#4b5468}body>:first-child{margin-top:0}body>:last-child{margin-bottom:0}[hidden]{display:none!important}
</style></head><body></body></html>`;

export const dynamic = 'force-static';

export const GET = (): Response =>
  new Response(page, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'public, max-age=86400',
    },
  });
