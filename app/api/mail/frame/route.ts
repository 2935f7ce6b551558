import { letterDoctype } from '#lib/webmail/html/letter-doctype.ts';
import { letterStyle, wideGivesWay } from '#components/mail/frame/letter-style.ts';

/**
 * The empty document that the HTML of a mail is put into. Its policy is stricter than any page's and does not depend on it: no script,
 * no form, no frame, no font or picture from elsewhere (docs/decisions/005-html-mail.md). The same for everybody, so it is cached; whoever
 * changes it gives it another address (components/mail/frame/open-frame.ts).
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

// The page sets color-scheme: letters know each of their colours in the light and in the dark.
const page = `${letterDoctype}<html><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>E-Mail</title><style>
html{overflow:hidden;color-scheme:light;background:light-dark(#fefdfb,#1c202a)}
body{margin:0;overflow-x:auto;overflow-y:hidden;color:light-dark(#1c2334,#eceae4);font:400 15px/1.62 "Hanken Grotesk Variable",system-ui,sans-serif;overflow-wrap:break-word}
img{max-width:100%}table{max-width:100%;font-size:inherit}pre{margin:0;overflow-x:auto}tt,code,kbd,samp,pre{font-family:"Atkinson Hyperlegible Mono Variable",ui-monospace,Menlo,monospace;font-size:.93em}pre.wraps{white-space:pre-wrap}
@media(max-width:600px){img[data-wide=very]{max-width:100%!important}}
@media(max-width:700px){${wideGivesWay}}
@media(max-width:480px){td img[style*="--own:"],th img[style*="--own:"]{min-width:min(var(--own),12vw)}img[data-wide]{max-width:100%!important}td[data-wide],th[data-wide]{min-width:0!important}td[data-wide]:not(:only-child),th[data-wide]:not(:only-child){width:auto!important}}
a:where([href]){color:light-dark(#1f4b8f,#9dbdf0)}
blockquote{margin:0 0 0 2px;padding-left:14px;border-left:2px solid light-dark(#ddd8cc,#454b5a);color:light-dark(#4b5468,#b9bdc9)}
pre.mail-text{white-space:pre;margin:0 0 .85em}
${letterStyle}
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
