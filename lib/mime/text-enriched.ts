import { wordTable } from './word-table.ts';

/** text/enriched (RFC 1896): paragraphs and a few commands. Brought to HTML, which the rest of the house can show, search and answer. */

const COMMANDS = wordTable<[string, string]>({
  bold: ['<b>', '</b>'],
  italic: ['<i>', '</i>'],
  underline: ['<u>', '</u>'],
  fixed: ['<tt>', '</tt>'],
  smaller: ['<small>', '</small>'],
  bigger: ['<big>', '</big>'],
  center: ['<div style="text-align:center">', '</div>'],
  flushleft: ['<div style="text-align:left">', '</div>'],
  flushright: ['<div style="text-align:right">', '</div>'],
  flushboth: ['<div style="text-align:justify">', '</div>'],
  excerpt: ['<blockquote>', '</blockquote>'],
  paraindent: ['<div>', '</div>'],
  indent: ['<div style="margin-left:2em">', '</div>'],
  nofill: ['<pre>', '</pre>'],
  // text/richtext, as it was before (RFC 1341 section 7.1.3)
  nl: ['<br>', ''],
  lt: ['&lt;', ''],
  paragraph: ['<p>', '</p>'],
});

const TOKEN = /<<|<(\/?)([A-Za-z0-9-]{1,60})>|(\r?\n)+|[&>]|\r/g;

/** HTML of a text/enriched body. Unknown commands go, their text stays; what <param> holds is never text, but may be a colour. Linear time. */
export function enrichedToHtml(text: string): string {
  let html = '';
  let from = 0;
  let inParameter = 0;
  let nofill = 0;
  /** what comes next says which colour */
  let coloured = false;
  for (const token of text.matchAll(TOKEN)) {
    const before = text.slice(from, token.index);
    if (inParameter === 0) html += before;
    from = token.index + token[0].length;
    const name = (token[2] ?? '').toLowerCase();
    const closing = token[1] === '/';
    if (name === 'param') {
      if (closing && inParameter === 1 && coloured) html += `<font color="${colourOf(before)}">`;
      if (closing) coloured = false;
      inParameter = Math.max(0, inParameter + (closing ? -1 : 1));
    } else if (inParameter > 0) continue;
    else if (name === 'color') {
      coloured = !closing;
      if (closing) html += '</font>';
    } else if (token[0] === '<<') html += '&lt;';
    else if (token[0] === '&') html += '&amp;';
    else if (token[0] === '>') html += '&gt;';
    else if (name !== '') {
      if (name === 'nofill') nofill = Math.max(0, nofill + (closing ? -1 : 1));
      html += COMMANDS.get(name)?.[closing ? 1 : 0] ?? '';
    } else if (token[0] !== '\r') html += lineBreaks(token[0].replaceAll('\r', '').length, nofill > 0);
  }
  return inParameter > 0 ? html : html + text.slice(from);
}

/** A name, "#rrggbb", or three times four hexadecimal digits (RFC 1896). */
function colourOf(parameter: string): string {
  const value = parameter.trim();
  const [, red = '', green = '', blue = ''] =
    /^([0-9a-f]{2})[0-9a-f]{2},([0-9a-f]{2})[0-9a-f]{2},([0-9a-f]{2})[0-9a-f]{2}$/i.exec(value) ?? [];
  if (red !== '') return `#${red}${green}${blue}`;
  return /^(#[0-9a-f]{6}|[a-z]{3,20})$/i.test(value) ? value : '';
}

/** One line end is a blank, n are n - 1 line breaks; inside nofill all of them stand. */
const lineBreaks = (count: number, kept: boolean): string => (kept ? '\n'.repeat(count) : count === 1 ? ' ' : '<br>'.repeat(count - 1));
