import { describe, expect, test } from 'vitest';
import { sanitizeMailHtml } from '#lib/webmail/html/sanitize-mail-html.ts';
import type { SanitizeOptions } from '#lib/webmail/html/sanitized-html.ts';

/** Tags that are written alike are read once. The same tags with something of no meaning in each are not alike. */
const unlike = (html: string): string => {
  let at = 0;
  return html.replace(/<([a-z]\w*)(?=[\s/>])/gi, (start) => `${start} data-${at++}`);
};

const letters: Record<string, string> = {
  'cells of a newsletter': '<table class="w" width=600><tr><td style="padding:8px;color:#333" bgcolor=red>a</td></tr></table>'.repeat(3),
  'a style of other capitals': '<p style="color:red">a</p><P STYLE="color:red">b</P><p style="COLOR:RED">c</p>',
  'a background that is fetched each time': '<div style="background:url(https://a.at/b.png)">a</div>'.repeat(3),
  'a background in an attribute': '<table background="https://a.at/b.png"><tr><td>a</td></tr></table>'.repeat(3),
  'a background behind an escape': '<div style="background:\\75 rl(https://a.at/b.png)">a</div>'.repeat(3),
  'pictures that are counted': '<img src="https://a.at/b.png"><img src="https://a.at/c.gif" width=1 height=1>'.repeat(3),
  'a link before and behind a base': '<a href="b/c">a</a><base href="https://a.at/d/"><a href="b/c">a</a><a href="b/c">a</a>',
  'a custom property that changes':
    '<p style="color:var(--c)">a</p><p style="--c:red">b</p><p style="color:var(--c)">c</p><style>p{--c:blue}</style><p style="color:var(--c)">d</p>',
  'what is not displayed, and what is again': '<p style="display:none">a</p><p>b</p>'.repeat(3),
  'a quotation': '<p>a</p><div class="gmail_quote">b</div>',
  'a quotation with an answer behind it': '<p>a</p><div class="gmail_quote">b</div><p>c</p><div class="gmail_quote">d</div>',
  'fields of a form': '<button>a</button><span>b</span><input value=c><select><option>d</option></select>'.repeat(2),
  'a font of signs': '<font face=Wingdings>J</font><font face=Arial>J</font>'.repeat(2),
  'a bracket in a value': '<td title="a>b" align=left>c</td><td title="a>b" align=right>d</td>'.repeat(2),
  'references in values': '<a title="&lt;&amp;&notit;&#65" href="https://a.at/?b&amp;c">d</a>'.repeat(2),
  'tags that end themselves': '<br/><p/><br />a<p / class=b>c'.repeat(2),
  'the page again': '<body bgcolor=red><p>a</p><body bgcolor=blue><html lang=de><body bgcolor=red>',
};

const ways: Record<string, SanitizeOptions> = {
  'for the page': { inlineImage: () => null, remoteImage: null, dark: true },
  'with pictures': { inlineImage: () => null, remoteImage: (url) => `/picture?${url.length}`, dark: true },
  'for an answer': { inlineImage: () => null, remoteImage: null, ours: true },
};

describe('a tag says the same, however often it was written before', () => {
  for (const [what, html] of Object.entries(letters)) {
    for (const [way, options] of Object.entries(ways)) {
      test(`${what}, ${way}`, () => {
        expect(sanitizeMailHtml(html, options)).toEqual(sanitizeMailHtml(unlike(html), options));
      });
    }
  }

  test('what one letter said is unknown to the next', () => {
    const cell = '<td class="a" style="color:red">b</td>';
    const one = sanitizeMailHtml(cell, { inlineImage: () => null, remoteImage: null, scope: 'm1' }).html;
    const other = sanitizeMailHtml(cell, { inlineImage: () => null, remoteImage: null, scope: 'm2' }).html;
    expect(other).toBe(one.replaceAll('m1', 'm2'));
  });
});
