import { describe, expect, it } from 'vitest';
import { carryHtml } from '#lib/webmail/html/carry-html.ts';
import { apartFromSheets, htmlDocument } from '#lib/webmail/writing/letter-html.ts';

const letters = {
  'a style sheet by class, id, element and attribute':
    '<style>.rot{color:#c00} #kopf td.x > b:not(.y){color:blue} body{margin:0} html.z body .a{color:red} [class~="rot"]{margin:0} @media (max-width:600px){.rot{color:green}}</style><body class="a" style="color:#333"><p class="rot MsoNormal" id="kopf">x</p><a href="#kopf">y</a></body>',
  'colours of old HTML':
    '<body bgcolor="#eee" text="#111"><table bgcolor="#ffc" background="https://a.example/b.png"><tr><td bgcolor=red>x</td></tr></table><font color=blue size=4>y</font><hr color=red></body>',
  disorder:
    '<b><p>eins<p>zwei</b><div class="m0 mail-page m0-x"><table><td>drei</div></table><style>.m0{color:red} .m0 .m0-x{color:blue} .mail-page{margin:0}</style>',
  'a map, a picture, an anchor':
    '<map name="k"><area href="https://a.example" shape="rect" coords="0,0,1,1"></map><img usemap="#k" src="https://a.example/c.png"><a name="oben">z</a>',
  'a quotation at its end':
    '<p>Ja.</p><div class="gmail_quote"><div>Am Montag schrieb A:<br></div><blockquote class="gmail_quote" type="cite">x</blockquote></div>',
  'addresses within styles': `<style>.k{background:url("https://a.example/e?f=1&g=2")}</style><p class="k" style="background-image:url('https://a.example/e?h=1&amp;i=2')">x</p><img src="https://a.example/j?k=1&amp;l=2">`,
  'variables and gradients':
    '<style>:root{--c:#123456} .k{color:var(--c);background:linear-gradient(#fff,var(--c)) , url(https://a.example/d.png)}</style><p class="k" style="font:12px/1.5 \'Segoe UI\',Arial;width:calc(100% - 2px)">x</p>',
};
const draftOf = (carried: string): string => htmlDocument(`<p>Text</p><blockquote type="cite">${carried}</blockquote>`, 'draft');
const blockIn = (opened: string): string => /<blockquote[^>]*type="cite"[^>]*>([\s\S]*)<\/blockquote>/.exec(opened)?.[1] ?? '';

describe('a quote in a draft that is opened again and again', () => {
  for (const [what, html] of Object.entries(letters))
    it(`stays the same to the byte: ${what}`, () => {
      const first = carryHtml(html, []);
      let block = first;
      for (let opened = 0; opened < 50; opened++) block = blockIn(carryHtml(draftOf(block), [], true));
      expect(block).toBe(first);
    });

  it('holds no address that ends the style it stands in', () => {
    const end = 'https://a.example/&quot;),none;position:fixed;inset:0;b:url(&quot;c';
    const inSheet = `<style>.k{background:url('https://a.example/\\22),none;position:fixed;b:url(\\22 c')} .l{background:url('https://a.example/\\3c /style>')}</style>`;
    const carried = carryHtml(
      `${inSheet}<p class="k" style="background-image:url('${end}')">x</p><table class="l" background="${end}"></table>`,
      [],
    );
    const [sheet = ''] = apartFromSheets(carried).sheets;
    expect(sheet).toBe(
      '.m0 .m0-k{background:url("https://a.example/%22),none;position:fixed;b:url(%22c")}.m0 .m0-l{background:url("https://a.example/%3c/style%3e")}',
    );
    const styles = [...carried.matchAll(/ style="([^"]*)"/g)].map(([, style = '']) => style.replaceAll('&#34;', '"'));
    expect(styles).toHaveLength(2);
    for (const style of styles) expect(style).toMatch(/^background-image:url\("[^"]*"\)$/);
  });

  it('has its style sheets where they were, and none that reaches beyond it', () => {
    const stranger =
      '<div class="m0"><style>.m0 p{color:red} p{margin:0} .x .m0 b,* .m0{padding:0} .m0{margin:0} html .m0-y{width:0}</style></div>';
    const { sheets } = apartFromSheets(carryHtml(stranger, [], true));
    expect(sheets).toEqual(['.m0 p{color:#ff0000}.m0 p{margin:0}.m0 .m0-x .m0 b,.m0 * .m0{padding:0}.m0{margin:0}.m0 .m0-y{width:0}']);
  });

  it('says nothing of what stands beside it: that is what the writer answers', () => {
    const beside = '<style>html ~ p,html.a + div b,:root~*{display:none} html > p{margin:0}</style>';
    expect(apartFromSheets(carryHtml(`${beside}<p>x</p>`, [])).sheets).toEqual(['.m0 > p{margin:0}']);
    expect(apartFromSheets(carryHtml('<style>.m0 ~ p{display:none}</style><p>x</p>', [], true)).sheets).toEqual([]);
  });
});
