import { describe, expect, it } from 'vitest';
import { misleadingHost } from '#lib/webmail/misleading-link.ts';
import { safeStyleAttribute, safeStyleSheet } from '#lib/webmail/safe-css.ts';
import { sanitizeMailHtml } from '#lib/webmail/sanitize-mail-html.ts';

const blocked = { inlineImage: () => null, remoteImage: null };
const clean = (html: string): string => sanitizeMailHtml(html, blocked).html;

/** Whatever a mail holds, none of this may come out. */
const forbidden =
  /<\/?(script|iframe|object|embed|form|input|button|textarea|select|base|meta|link|svg|math|video|audio|source|template|noscript|frame|frameset|applet|portal)\b|\son[a-z]+\s*=|javascript:|vbscript:|url\(|expression\(|@import|srcset|srcdoc|formaction|xlink|position\s*:|<!--/i;

const attacks: Record<string, string> = {
  'a script': '<p>a</p><script>alert(1)</script><p>b</p>',
  'a script split by tags': '<scr<script>ipt>alert(1)</scr</script>ipt>',
  'an event handler': '<img src=x onerror=alert(1)><body onload=alert(1)><p onclick="alert(1)">x</p>',
  'an event handler without spaces': '<img/src="x"/onerror=alert(1)>',
  'SVG animate that sets an address': '<svg><a><animate attributeName="href" values="javascript:alert(1)"/><text>x</text></a></svg>',
  'SVG set that makes an image load': '<svg><image><set attributeName="href" to="https://track.example/a.png"/></image></svg>',
  'SVG with a foreign object': '<svg><foreignObject><iframe srcdoc="<script>alert(1)</script>"></iframe></foreignObject></svg>',
  'FuncIRI in a presentation attribute': '<svg><rect fill="url(https://track.example/x)" filter="url(https://track.example/y#f)"/></svg>',
  'FuncIRI on HTML': '<p style="filter:url(https://track.example/y#f);mask:url(https://t.example/m)">x</p>',
  'MathML that changes how the rest is parsed':
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  'mutation through noscript': '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  'mutation through a title': '<title><img src="</title><img src=x onerror=alert(1)>">',
  'mutation through a comment': '<!--><img src=x onerror=alert(1)>-->',
  'mutation through a style element': '<style><img src="</style><img src=x onerror=alert(1)//">',
  'mutation through a template': '<template><img src=x onerror=alert(1)></template>',
  'mutation through XMP': '<xmp><p title="</xmp><img src=x onerror=alert(1)>">',
  'a conditional comment': '<!--[if gte IE 4]><script>alert(1)</script><![endif]-->',
  CDATA: '<![CDATA[<img src=x onerror=alert(1)>]]>',
  'a javascript link':
    '<a href="javascript:alert(1)">x</a><a href="JaVaScRiPt&#58;alert(1)">y</a><a href=" \u0001javascript:alert(1)">z</a>',
  'a javascript link with line breaks': '<a href="java\nscript:alert(1)">x</a><a href="java&Tab;script:alert(1)">y</a>',
  'a data link': '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  'another base': '<base href="https://evil.example/"><a href="x">y</a>',
  'meta refresh': '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  'a meta policy': '<meta http-equiv="Content-Security-Policy" content="script-src *">',
  srcset:
    '<img srcset="https://track.example/1.png 1x, https://track.example/2.png 2x"><picture><source srcset="https://t.example/a"></picture>',
  'a background attribute':
    '<table background="https://track.example/bg.png"><tr><td background="https://track.example/b.png">x</td></tr></table>',
  'a form': '<form action="https://evil.example"><input name=password><button formaction="https://evil.example">x</button></form>',
  'an overlay': '<div style="position:fixed;top:0;left:0;width:100%;height:100%;z-index:99999">x</div>',
  'a style import': '<style>@import "https://track.example/a.css"; @import url(https://track.example/b.css);</style>',
  'a font from elsewhere': '<style>@font-face{font-family:x;src:url(https://track.example/f.woff)}</style>',
  'an attribute selector that leaks': '<style>input[value^="a"]{background:url(https://track.example/a)}</style>',
  'an unclosed url()': '<p style="background:url(https://track.example/a">x</p><style>p{background:url("https://track.example/b}</style>',
  'CSS variables':
    '<style>p{--x:url(https://track.example/a);background:var(--x)}</style><p style="--y:url(//t.example/b);background:var(--y)">x</p>',
  'escaped CSS': '<p style="background:u\\72l(https://track.example/a)">x</p><style>p{background:\\75rl(https://track.example/b)}</style>',
  'image-set': '<p style="background:image-set(&quot;https://track.example/a.png&quot; 1x)">x</p>',
  'an expression': '<p style="width:expression(alert(1))">x</p>',
  'a binding': '<p style="-moz-binding:url(https://evil.example/x.xml#a);behavior:url(#default)">x</p>',
  'a frame': '<iframe src="https://evil.example"></iframe><frameset><frame src="https://evil.example"></frameset>',
  'an object': '<object data="https://evil.example/x.swf"></object><embed src="https://evil.example/x">',
  media: '<video src="https://track.example/v" poster="https://track.example/p" autoplay></video><audio src="https://track.example/a">',
  'a link element': '<link rel="stylesheet" href="https://track.example/a.css"><link rel="dns-prefetch" href="//track.example">',
  ping: '<a href="https://ok.example" ping="https://track.example">x</a>',
  'an SVG picture as data': '<img src="data:image/svg+xml,<svg onload=alert(1)>"><img src="data:text/html;base64,PHNjcmlwdD4=">',
  'our own routes': '<img src="/api/mail/part?folder=INBOX&uid=1&part=1"><a href="/api/mail/delete">x</a><a href="//evil.example">y</a>',
};

describe('HTML of mails', () => {
  it.each(Object.entries(attacks))('lets nothing through of %s', (_, html) => {
    const result = clean(html);
    expect(result).not.toMatch(forbidden);
    expect(result).not.toMatch(/track\.example|evil\.example|t\.example|\/api\/mail/);
    expect(clean(result)).toBe(result);
  });

  it('keeps what letters are made of', () => {
    const html =
      '<table width="600" bgcolor="#ffffff"><tbody><tr><td align="center" style="padding:12px;color:#333"><b>Angebot</b><br />Größe</td></tr></tbody></table>';
    expect(clean(html)).toContain('style="padding:12px;color:#333"');
    expect(clean(html)).toContain('<b>Angebot</b>');
    expect(clean(html)).toContain('Größe');
  });

  it('keeps plain rules and media queries of a style element, rebuilt', () => {
    const css = '.a{color:red;position:fixed}@media (max-width:600px){.b{width:100% !important}}@import "x";.c{background:url(x)}';
    expect(safeStyleSheet(css)).toBe('.a{color:red}@media (max-width:600px){.b{width:100% !important}}');
    expect(safeStyleSheet('a{color:red}</style><script>')).not.toContain('<');
    expect(safeStyleAttribute('color:red;background:url(x);font-family:"Hanken Grotesk",serif')).toBe(
      'color:red;font-family:"Hanken Grotesk",serif',
    );
  });

  it('blocks remote pictures, counts them, and takes out tracking pixels for good', () => {
    const html =
      '<img src="https://a.example/1.png" alt="Plan"><img src="https://a.example/p.gif" width="1" height="1"><img src="http://a.example/2.png" style="display:none">';
    const result = sanitizeMailHtml(html, blocked);
    expect(result).toMatchObject({ blockedImages: 1, removedTrackers: 2 });
    expect(result.html).toBe('<img alt="Plan" />');
    const shown = sanitizeMailHtml(html, {
      inlineImage: () => null,
      remoteImage: (url) => `/api/mail/image?url=${encodeURIComponent(url)}`,
    });
    expect(shown).toMatchObject({ blockedImages: 0, removedTrackers: 2 });
    expect(shown.html).toContain('/api/mail/image?url=https%3A%2F%2Fa.example%2F1.png');
  });

  it('shows inline pictures by their Content-ID and only those', () => {
    const options = { inlineImage: (id: string) => (id === 'logo@x' ? '/api/mail/part?part=2' : null), remoteImage: null };
    expect(sanitizeMailHtml('<img src="cid:logo@x"><img src="cid:other">', options).html).toBe(
      '<img src="/api/mail/part?part=2" /><img />',
    );
  });

  it('opens links apart from us and tells the other side nothing', () => {
    expect(clean('<a href="https://muster.at/?a=1&amp;b=2">x</a>')).toBe(
      '<a href="https://muster.at/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow">x</a>',
    );
  });

  it('ends for deeply nested and very long input', () => {
    expect(clean('<div>'.repeat(50_000))).not.toMatch(forbidden);
    expect(clean(`<p style="${'color:red;'.repeat(20_000)}">x</p>`)).toBe('<p>x</p>');
    expect(clean('<a href="'.repeat(10_000))).not.toMatch(forbidden);
  });
});

describe('a link whose text names another host', () => {
  it.each([
    ['https://www.sparkasse.at/login', 'https://evil.example/login', 'evil.example'],
    ['Ihre Bank www.raiffeisen.at', 'https://evil.example', 'evil.example'],
    ['paypal.com', 'https://paypal.com.evil.example/', 'paypal.com.evil.example'],
    ['paypal.com', 'https://paypa1.com/', 'paypa1.com'],
    ['https://paypal.com@evil.example/', 'https://paypal.com/', 'paypal.com'],
    ['www.muster.at', 'https://muster.at/angebot', null],
    ['muster.at', 'https://shop.muster.at/', null],
    ['Zum Angebot', 'https://click.versand.example/1', null],
    ['https://müller.at', 'https://xn--mller-kva.at/', null],
    ['office@muster.at', 'mailto:office@muster.at', null],
  ])('%s to %s: %s', (text, href, expected) => {
    expect(misleadingHost(text, href)).toBe(expected);
  });
});
