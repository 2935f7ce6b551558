import { decodeHTML } from 'entities';

/**
 * Readable text of an HTML body, for searching and previews: no tags, comments, styles or scripts; blocks and <br> on lines of their
 * own, other white space collapsed, alternative texts of images in place. Inline tags join ("<b>Über</b>weisung" is one word) and soft
 * hyphens go. Not a sanitiser: the result is text, never HTML. Linear time on any input.
 */
export function htmlToText(html: string): string {
  return new HtmlText(html).run();
}

class HtmlText {
  private readonly html: string;
  private result = '';
  /** nothing (at the start), space or line end at the end of the result: white space that follows is dropped */
  private atGap = true;
  private pendingSpace = false;
  /** an unbalanced quote was seen: tags end at the next ">" from then on */
  private ignoreQuotes = false;
  private preformatted = 0;
  /** hidden elements that have no end tag any more */
  private readonly unclosed = new Set<string>();

  constructor(html: string) {
    this.html = html;
  }

  run(): string {
    const { html } = this;
    let at = 0;
    while (at < html.length) {
      const open = html.indexOf('<', at);
      if (open < 0) {
        this.text(html.slice(at));
        break;
      }
      if (open > at) this.text(html.slice(at, open));
      at = this.markup(open);
    }
    return this.result.trimEnd();
  }

  /** Handles what begins with "<"; returns the position behind it. */
  private markup(open: number): number {
    const { html } = this;
    if (html.startsWith('<!--', open)) {
      // <!--> and <!---> are complete comments
      const close = html.indexOf('-->', open + 2);
      return close < 0 ? html.length : close + 3;
    }
    TAG_NAME.lastIndex = open + 1;
    const name = TAG_NAME.exec(html);
    if (name === null) {
      const next = html[open + 1];
      if (next === '!' || next === '?' || next === '/') return this.tagEnd(open + 1);
      this.text('<');
      return open + 1;
    }
    const end = this.tagEnd(TAG_NAME.lastIndex);
    return this.tag((name[2] ?? '').toLowerCase(), name[1] === '/', TAG_NAME.lastIndex, end);
  }

  private tag(name: string, closing: boolean, attributes: number, end: number): number {
    if (HIDDEN.has(name)) return closing ? end : this.skipElement(name, end);
    if (BLOCKS.has(name)) this.lineBreak();
    else if (CELLS.has(name)) this.pendingSpace = !this.atGap;
    else if (name === 'img' && !closing) this.alternative(this.html.slice(attributes, end));
    if (name === 'pre') this.preformatted = Math.max(0, this.preformatted + (closing ? -1 : 1));
    return end;
  }

  private alternative(attributes: string): void {
    const alt = /\salt\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(attributes.slice(0, MAX_ATTRIBUTES));
    const text = alt?.[1] ?? alt?.[2] ?? alt?.[3];
    if (text) this.text(` ${text} `);
  }

  /** Behind the end tag of an element whose content is not text. */
  private skipElement(name: string, from: number): number {
    const close = END_TAGS.get(name);
    if (close === undefined || this.unclosed.has(name)) return from;
    close.lastIndex = from;
    if (close.test(this.html)) return this.tagEnd(close.lastIndex);
    if (name === 'style' || name === 'script') return this.html.length;
    // shown rather than lost with all that follows
    this.unclosed.add(name);
    return from;
  }

  private tagEnd(from: number): number {
    const { html } = this;
    const close = html.indexOf('>', from);
    if (close < 0) return html.length;
    if (this.ignoreQuotes) return close + 1;
    for (let at = from; at < html.length; at++) {
      const code = html.charCodeAt(at);
      if (code === 62) return at + 1;
      if (code !== 34 && code !== 39) continue;
      at = html.indexOf(code === 34 ? '"' : "'", at + 1);
      if (at < 0) break;
    }
    this.ignoreQuotes = true;
    return close + 1;
  }

  private text(source: string): void {
    let text = decodeHTML(source);
    if (text.includes('\u00ad')) text = text.replaceAll('\u00ad', '');
    if (this.preformatted > 0) {
      this.flushSpace();
      this.result += text;
      this.atGap = text.endsWith('\n');
      return;
    }
    if (UNEVEN_SPACE.test(text)) text = text.replace(SPACES, ' ');
    const leading = text.startsWith(' ');
    const trailing = text.endsWith(' ');
    const words = leading || trailing ? text.slice(leading ? 1 : 0, trailing && text.length > 1 ? -1 : undefined) : text;
    if (leading || text === '') this.pendingSpace ||= leading && !this.atGap;
    if (words === '') return;
    this.flushSpace();
    this.result += words;
    this.atGap = false;
    this.pendingSpace = trailing;
  }

  private flushSpace(): void {
    if (this.pendingSpace) this.result += ' ';
    this.pendingSpace = false;
  }

  private lineBreak(): void {
    this.pendingSpace = false;
    if (this.atGap) return;
    this.result += '\n';
    this.atGap = true;
  }
}

const TAG_NAME = /(\/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})/y;
const UNEVEN_SPACE = /[\t\r\n\f]| {2}/;
const SPACES = /[ \t\r\n\f]+/g;
const MAX_ATTRIBUTES = 5000;
const HIDDEN = new Set(['style', 'script', 'title', 'template', 'xml']);
const END_TAGS = new Map([...HIDDEN].map((name) => [name, new RegExp(`</${name}`, 'gi')]));
const CELLS = new Set(['td', 'th', 'option']);
const BLOCKS = new Set(
  (
    'address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head ' +
    'header hr html legend li main nav ol p pre section select table tbody tfoot thead tr ul'
  ).split(' '),
);
