import { decodeHTML, decodeHTMLAttribute } from 'entities';

export interface Link {
  href: string;
  /** what stands in the link, without tags, cut */
  text: string;
}

/** What the filter asks of an HTML body. */
export interface ScannedHtml {
  links: Link[];
  /** what a person sees and does not see */
  visible: string;
  hiddenCharacters: number;
  pictures: number;
  /** fields to type into */
  inputs: number;
}

const mostLinks = 200;
const mostText = 200_000;
const longestTag = 4_000;
const tagName = /(\/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})/y;
const unseen = new Set(['style', 'script', 'title', 'template', 'xml', 'head']);
/** elements without an end tag */
const alone = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));
const blocks = new Set(
  'address article blockquote body br center div dl dt dd fieldset form h1 h2 h3 h4 h5 h6 hr li ol p pre section table tbody td th tr ul'.split(
    ' ',
  ),
);
/** zero size, no display, or as good as transparent; mail programs' own preheaders do the same in a line or two */
const hiding =
  /display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}hidden|font-size\s{0,5}:\s{0,5}[01](?:\.\d{1,3})?(?:px|pt|em)?\s{0,5}(?:[;"'!]|$)|opacity\s{0,5}:\s{0,5}0(?:\.0\d{0,3})?\s{0,5}(?:[;"'!]|$)|max-height\s{0,5}:\s{0,5}0/i;

/** Reads HTML once, from left to right. Linear time; never fails. */
export function scanHtml(html: string): ScannedHtml {
  return new Scan(html).run();
}

class Scan {
  readonly #html: string;
  readonly #result: ScannedHtml = { links: [], visible: '', hiddenCharacters: 0, pictures: 0, inputs: 0 };
  #pieces: string[] = [];
  #room = mostText;
  /** open elements since the one that hides; empty: shown */
  #hidden: string[] = [];
  #link: { href: string; text: string } | null = null;

  constructor(html: string) {
    this.#html = html;
  }

  run(): ScannedHtml {
    const html = this.#html;
    let at = 0;
    while (at < html.length) {
      const open = html.indexOf('<', at);
      const end = open < 0 ? html.length : open;
      if (end > at) this.#text(html.slice(at, Math.min(end, at + mostText)));
      if (open < 0) break;
      at = this.#markup(open);
    }
    this.#endLink();
    this.#result.visible = this.#pieces.join('');
    return this.#result;
  }

  #markup(open: number): number {
    const html = this.#html;
    if (html.startsWith('<!--', open)) {
      const close = html.indexOf('-->', open + 2);
      return close < 0 ? html.length : close + 3;
    }
    if (html[open + 1] === '!' || html[open + 1] === '?') {
      const close = html.indexOf('>', open + 2);
      return close < 0 ? html.length : close + 1;
    }
    tagName.lastIndex = open + 1;
    const name = tagName.exec(html);
    if (!name) return open + 1;
    const close = html.indexOf('>', tagName.lastIndex);
    const end = close < 0 ? html.length : close + 1;
    const tag = (name[2] ?? '').toLowerCase();
    const attributes = html.slice(tagName.lastIndex, Math.min(end, tagName.lastIndex + longestTag));
    if (name[1] === '/') this.#closed(tag);
    else this.#opened(tag, attributes);
    return end;
  }

  #opened(tag: string, attributes: string): void {
    if (this.#hidden.length > 0) {
      if (!alone.has(tag) && this.#hidden.length < 200) this.#hidden.push(tag);
    } else if (unseen.has(tag) || (!alone.has(tag) && hiding.test(attributes))) this.#hidden.push(tag);
    if (blocks.has(tag)) this.#space();
    if (tag === 'img') this.#result.pictures++;
    else if (tag === 'input' || tag === 'textarea') {
      if (!/\btype\s{0,5}=\s{0,5}["']?(?:hidden|submit|button)/i.test(attributes)) this.#result.inputs++;
    } else if (tag === 'a' || tag === 'area') {
      this.#endLink();
      const found = /\bhref\s{0,5}=\s{0,5}(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(attributes);
      const href = found?.[1] ?? found?.[2] ?? found?.[3];
      if (href) this.#link = { href: decodeHTMLAttribute(href).trim().slice(0, 2000), text: '' };
    }
  }

  #closed(tag: string): void {
    const last = this.#hidden.lastIndexOf(tag);
    if (last >= 0) this.#hidden.length = last;
    if (blocks.has(tag)) this.#space();
    if (tag === 'a') this.#endLink();
  }

  #text(source: string): void {
    const text = decodeHTML(source);
    if (this.#hidden.length > 0) {
      // a style sheet is no text, and what a browser has in its head is shown by none
      if (!this.#hidden.some((tag) => unseen.has(tag)))
        this.#result.hiddenCharacters += text.replace(/\u034f|[\s\u00a0\u200b-\u200f\u2007\ufeff]+/g, '').length;
      return;
    }
    if (this.#link && this.#link.text.length < 300) this.#link.text += text.slice(0, 300);
    const taken = text.slice(0, this.#room);
    this.#room -= taken.length;
    if (taken !== '') this.#pieces.push(taken);
  }

  #space(): void {
    if (this.#pieces.length > 0) this.#pieces.push('\n');
  }

  #endLink(): void {
    if (this.#link && this.#result.links.length < mostLinks) {
      this.#result.links.push({ href: this.#link.href, text: this.#link.text.replace(/\s+/g, ' ').trim() });
    }
    this.#link = null;
  }
}
