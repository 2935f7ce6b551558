import { decodeHTML } from 'entities';
import { isTrackingPicture } from '../../lib/mime/tracking-picture.ts';
import { type Tag, tagReader } from './html-tags.ts';
import { SeenElements } from './seen-elements.ts';
import { SeenSheet } from './seen-sheet.ts';

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
  /** it shows text or a picture; of what only counts who opens the letter, and of an address that another tag completes, nothing is known to be seen */
  says: boolean;
  /** fields to type into */
  inputs: number;
}

const mostLinks = 200;
const mostText = 200_000;
const tagName = /(\/?)([a-zA-Z][^\t\n\f\r />]*)/y;
/** their content is no markup */
const raw = new Set(['style', 'script', 'title', 'iframe', 'noembed', 'noframes', 'textarea', 'xmp']);
const shownRaw = new Set(['textarea', 'xmp']);
/** not shown, where they are closed again; in a picture HTML ends it */
const unseen = new Set(['template', 'xml', 'svg']);
/** what is in them follows other rules: a style sheet is markup there */
const foreign = new Set(['svg', 'math']);
const blocks = new Set(
  'address article blockquote body br center div dl dt fieldset form h1 h2 h3 h4 h5 h6 hr li ol p pre section table tbody td tfoot th thead tr ul'.split(
    ' ',
  ),
);
const cells = new Set(['td', 'th']);

/** Reads HTML from left to right, its style sheets first: a later one changes what is seen before it. Linear time; never fails. */
export function scanHtml(html: string): ScannedHtml {
  const sheet = new SeenSheet();
  const tag = tagReader(html);
  if (/<style/i.test(html)) new Scan(html, tag, sheet, true).run();
  return new Scan(html, tag, sheet, false).run();
}

class Scan {
  readonly #html: string;
  readonly #result: ScannedHtml = { links: [], visible: '', hiddenCharacters: 0, pictures: 0, says: false, inputs: 0 };
  readonly #pieces: string[] = [];
  readonly #elements: SeenElements;
  readonly #tag: (from: number) => Tag;
  readonly #lastEnds = new Map<string, number>();
  #room = mostText;
  #link: { href: string; text: string } | null = null;
  /** a cell was begun behind one that holds a single letter: a word may be set so */
  #cell: 'none' | 'begun' | 'behind a letter' = 'none';
  #isForeign = false;

  readonly #sheet: SeenSheet;
  readonly #onlySheets: boolean;

  constructor(html: string, tag: (from: number) => Tag, sheet: SeenSheet, onlySheets: boolean) {
    this.#html = html;
    this.#tag = tag;
    this.#sheet = sheet;
    this.#onlySheets = onlySheets;
    this.#elements = new SeenElements(sheet);
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
    this.#result.says ||= saysSomething(this.#result.visible);
    return this.#result;
  }

  #markup(open: number): number {
    const html = this.#html;
    if (html.startsWith('<!--', open)) {
      commentEnd.lastIndex = html[open + 4] === '!' ? open + 4 : open + 2;
      return commentEnd.test(html) ? commentEnd.lastIndex : html.length;
    }
    tagName.lastIndex = open + 1;
    const name = tagName.exec(html);
    if (!name) {
      // a comment of a broken form; "<" before a space or a number is text
      if (!/[!?/]/.test(html[open + 1] ?? '')) return this.#asText(open);
      const close = html.indexOf('>', open + 2);
      return close < 0 ? html.length : close + 1;
    }
    const { attributes, isEmpty, end } = this.#tag(tagName.lastIndex);
    const tag = (name[2] ?? '').slice(0, 30).toLowerCase();
    if (foreign.has(tag)) this.#isForeign = name[1] !== '/' && !isEmpty;
    else if (this.#isForeign) this.#isForeign = !endsForeign.test(html.slice(open, open + 15));
    if (name[1] === '/') {
      this.#closed(tag);
      return end;
    }
    if (raw.has(tag) && !this.#isForeign) return this.#raw(tag, attributes, end);
    if (tag === 'style' && this.#isForeign) this.#sheet.doubtAll();
    if (unseen.has(tag) && !(isEmpty && foreign.has(tag))) return this.#unseen(tag, end);
    this.#opened(tag, attributes);
    return end;
  }

  #asText(open: number): number {
    this.#text('<');
    return open + 1;
  }

  #raw(tag: string, attributes: Tag['attributes'], from: number): number {
    const close = this.#endOf(tag, from);
    const end = close < 0 ? this.#html.length : close;
    if (tag === 'style' && this.#onlySheets) this.#addSheet(this.#html.slice(from, end), attributes);
    if (tag === 'textarea') this.#result.inputs++;
    if (shownRaw.has(tag) || (tag !== 'iframe' && /display/i.test(attributes.get('style') ?? '')))
      this.#text(this.#html.slice(from, Math.min(end, from + mostText)));
    return end;
  }

  #addSheet(css: string, attributes: Tag['attributes']): void {
    const type = attributes.get('type') ?? '';
    if (type !== '' && type.toLowerCase() !== 'text/css') return;
    const onAllScreens = ['', 'all', 'screen'].includes((attributes.get('media') ?? '').trim().toLowerCase());
    this.#sheet.add(css, !onAllScreens || Boolean(attributes.get('title')));
  }

  #unseen(tag: string, from: number): number {
    const close = this.#endOf(tag, from);
    if (close < 0) return from;
    if (tag !== 'svg') return close;
    this.#isForeign = false;
    const picture = this.#html.slice(from, close);
    const end = picture.search(endsPicture);
    if (this.#onlySheets && /<style/i.test(picture)) this.#sheet.doubtAll();
    return end < 0 ? close : from + end;
  }

  /** Where the next end tag of its name stands; -1: nowhere. */
  #endOf(tag: string, from: number): number {
    const known = this.#lastEnds.get(tag);
    if (known !== undefined && (known < 0 || known >= from)) return known;
    const end = endTag(tag);
    end.lastIndex = from;
    const at = end.exec(this.#html)?.index ?? -1;
    this.#lastEnds.set(tag, at);
    return at;
  }

  #opened(tag: string, attributes: Tag['attributes']): void {
    if (this.#onlySheets) return;
    if (cells.has(tag)) this.#cell = this.#cell === 'none' && loneLetter.test(this.#pieces.at(-1) ?? '') ? 'behind a letter' : 'begun';
    else if (blocks.has(tag)) this.#space();
    this.#elements.open(tag, attributes);
    if (tag === 'img') {
      this.#result.pictures++;
      const address = (attributes.get('src') ?? '').trim();
      this.#result.says ||= this.#elements.isDrawn && whole.test(address) && !isTrackingPicture(address, attributes);
    } else if (tag === 'input') {
      if (!/^\s{0,5}(?:hidden|submit|button)/i.test(attributes.get('type') ?? '')) this.#result.inputs++;
    } else if ((tag === 'a' || tag === 'area') && this.#elements.isDrawn) {
      this.#endLink();
      const href = attributes.get('href');
      if (href) this.#link = { href: href.trim().slice(0, 2000), text: '' };
    }
  }

  #closed(tag: string): void {
    if (this.#onlySheets) return;
    this.#elements.close(tag);
    if (blocks.has(tag) && !cells.has(tag)) this.#space();
    if (tag === 'a') this.#endLink();
  }

  #text(source: string): void {
    if (this.#onlySheets) return;
    const text = source.includes('&') ? decodeHTML(source) : source;
    if (!this.#elements.isSeen) {
      this.#result.hiddenCharacters += text.replace(/\u034f|[\s\u00a0\u200b-\u200f\u2007\ufeff]+/g, '').length;
      return;
    }
    if (this.#link && this.#link.text.length < 300) this.#link.text += text.slice(0, 300);
    const taken = this.#cell === 'none' ? text.slice(0, this.#room) : this.#ofCell(text.slice(0, this.#room));
    this.#room -= taken.length;
    if (taken !== '') this.#pieces.push(taken);
  }

  /** The first text of a cell stands apart from the cell before it, unless both are one letter. */
  #ofCell(text: string): string {
    const letter = text.trim();
    if (letter === '') return '';
    if (!(this.#cell === 'behind a letter' && loneLetter.test(letter))) this.#space();
    this.#cell = 'none';
    return loneLetter.test(letter) ? letter : text;
  }

  #space(): void {
    this.#cell = 'none';
    if (this.#pieces.length > 0) this.#pieces.push('\n');
  }

  #endLink(): void {
    if (this.#link && this.#result.links.length < mostLinks) {
      this.#result.links.push({ href: this.#link.href, text: this.#link.text.replace(/\s+/g, ' ').trim() });
    }
    this.#link = null;
  }
}

/** Signs that nobody sees are none. */
export const saysSomething = (text: string): boolean => /[^\s\p{C}\p{Default_Ignorable_Code_Point}]/u.test(text);

const whole = /^(?:(?:https?:)?\/\/|cid:|data:image\/)/i;
const commentEnd = /--!?>/g;
const loneLetter = /^\p{L}$/u;
/** HTML elements within a picture end it (WHATWG HTML section 13.2.6.5) */
const endsPicture =
  /<(?:\/(?:br|p)|b|big|blockquote|body|br|center|code|dd|div|dl|dt|em|embed|font|h[1-6]|head|hr|i|img|li|menu|meta|nobr|ol|p|pre|ruby|s|small|span|strong|strike|sub|sup|table|tt|u|ul|var)[\s/>]/i;
const endsForeign = new RegExp(`^${endsPicture.source}`, 'i');
const endTags = new Map([...raw, ...unseen].map((tag) => [tag, new RegExp(`</${tag}(?=[\\t\\n\\f\\r />])`, 'gi')]));
const endTag = (tag: string): RegExp => endTags.get(tag) ?? /$^/g;
