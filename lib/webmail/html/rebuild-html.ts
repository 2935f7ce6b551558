import { fewMarksInPieces } from '../../mime/few-marks.ts';
import { namedSigns } from '../../mime/repair-text.ts';
import { brokenRuns } from './broken-runs.ts';
import { escapeHtml } from './escape-html.ts';
import { Choice, fieldText, isFilledIn } from './form-text.ts';
import { parseDeclarations } from './css-syntax.ts';
import { DrawingCost } from './drawing-cost.ts';
import { CssVariables } from './css-variables.ts';
import { OpenElements } from './open-elements.ts';
import type { Attributes, HtmlSink } from './read-html.ts';
import { rebuildAttributes } from './rebuild-attributes.ts';
import { isUnseen, type RebuiltTag, rebuildTag } from './rebuild-tag.ts';
import { type CssOptions, safeStyleSheet } from './safe-css.ts';
import type { SanitizedHtml, SanitizeOptions } from './sanitized-html.ts';
import { endsForeign, hiddenTags, isAllowedTag, replacedTags, voidTags } from './html-tags.ts';
import { TailQuote } from './tail-quote.ts';
import { LetterPictures } from './letter-pictures.ts';
import { drawnAs, type SymbolFont, symbolFont } from './symbol-fonts.ts';
import { parseUrl } from '../../addresses/parse-url.ts';

/**
 * Takes the tokens of a letter's HTML and writes those that may stay. Tags are written where they came, not balanced anew: the browser that
 * reads them recovers from disorder as it does everywhere. Kept in mind is what is open, so that no end tag reaches what is around the letter.
 */
export class RebuiltHtml implements HtmlSink {
  private readonly source: string;
  private readonly css: CssOptions;
  private readonly pictures: LetterPictures;
  private readonly elements = new OpenElements();
  private readonly tail = new TailQuote();
  private readonly out: string[] = [];
  private readonly cost: DrawingCost;
  private readonly sheetsAt: number[] = [];
  private sheets = '';
  /** characters of all style sheets so far */
  private styled = 0;
  private readonly page = new Map<string, string>();
  private readonly root = new Map<string, string>();
  private hasContent = false;
  /** element whose content is left out, and how many of its name are open */
  private hidden: { tag: string; depth: number } | null = null;
  private ends: ReadonlyMap<string, number> | null = null;
  /** depth of an element that is not displayed, with all that is in it; 0: none */
  private unseenFrom = 0;
  private readonly fewMarks = fewMarksInPieces();
  private readonly runs = brokenRuns();
  private hasUnseen = false;
  /** the menu of a form that is being read */
  private choice: Choice | null = null;
  private hasForm = false;
  /** fonts asked for by what is open, null for one of letters; only where the letter names one of signs */
  private readonly fonts: { depth: number; font: SymbolFont | null }[] = [];
  private readonly hasSymbols: boolean;
  /** its private signs are numbers of icons, which would be other signs in Word's fonts */
  private readonly hasIcons: boolean;
  /** tags that are the same wherever they stand, by what was read of them once */
  private readonly rebuilt = new Map<Attributes, RebuiltTag>();

  constructor(source: string, options: SanitizeOptions) {
    this.source = source;
    this.hasIcons = /font[ -]?awesome/i.test(source) || (/icon|glyph/i.test(source) && !/mso/i.test(source));
    this.hasSymbols = /wingdings|webdings|symbol/i.test(source);
    this.pictures = new LetterPictures(options);
    this.cost = options.cost ?? new DrawingCost();
    this.css = {
      scope: options.scope ?? 'm0',
      ours: options.ours ?? false,
      dark: options.dark ?? false,
      picture: (url) => this.pictures.background(url),
      variables: new CssVariables(),
      onRule: (selectors, declarations, forms) => this.cost.rule(selectors, declarations, forms),
    };
  }

  open(given: string, attributes: Attributes, at: number): void {
    if (this.hidden && !this.stillHidden(given)) return;
    if (this.field(given, attributes, at)) return;
    const tag = replacedTags.get(given) ?? given;
    if (tag === 'body' || tag === 'html') {
      this.mergePage(tag === 'body' ? this.page : this.root, attributes);
      return;
    }
    if (hiddenTags.has(tag)) {
      if (this.hasEnd(tag, at)) this.hidden = { tag, depth: 1 };
      return;
    }
    if (tag === 'base') this.pictures.base ??= baseOf(attributes);
    if (tag === 'link' || !isAllowedTag(tag) || !this.elements.open(tag)) return;
    if (tag === 'img') {
      this.image(attributes);
      return;
    }
    const { written, unseen, quote } = this.rebuild(given, tag, attributes);
    if (tag === 'hr') this.hasContent = true;
    if (this.unseenFrom === 0 && unseen) this.unseenFrom = this.elements.depth;
    if (this.hasSymbols && !voidTags.has(tag)) {
      const font = symbolFont(attributes.get('style'), attributes.get('face'));
      if (font !== undefined) this.fonts.push({ depth: this.elements.depth, font });
    }
    if (quote) this.tail.begin(quote, this.out.length, this.elements.depth);
    this.out.push(this.cost.open(tag, written, this.elements.depth, !voidTags.has(tag)));
    if (breaks.has(tag)) this.tail.text('\n');
    if (breaks.has(tag) && !voidTags.has(tag)) this.tail.beginBlock(this.out.length - 1, this.elements.depth);
    if (tag === 'wbr' || tag === 'td' || breaks.has(tag)) this.runs.restart();
  }

  /** A newsletter's tags are alike by the hundred. */
  private rebuild(given: string, tag: string, attributes: Attributes): RebuiltTag {
    const known = this.rebuilt.get(attributes);
    if (known) return known;
    const rebuilt = rebuildTag(tag, attributes, this.css, this.pictures.base, given === 'button' ? this.boxed : '');
    if (rebuilt.everywhere && this.rebuilt.size < mostRebuilt) this.rebuilt.set(attributes, rebuilt);
    return rebuilt;
  }

  close(given: string): void {
    if (this.hidden) {
      if (given === this.hidden.tag && --this.hidden.depth === 0) this.hidden = null;
      return;
    }
    if (given === 'select') this.endChoice();
    // what was not begun in a menu is not ended there
    else if (this.choice) return;
    else if (otherMedia.has(given)) this.text(' ');
    const tag = replacedTags.get(given) ?? given;
    if (tag === 'br') {
      this.out.push('<br>');
      return;
    }
    if (!isAllowedTag(tag) || voidTags.has(tag) || !this.elements.close(tag)) return;
    if (this.elements.depth < this.unseenFrom) this.unseenFrom = 0;
    while ((this.fonts.at(-1)?.depth ?? 0) > this.elements.depth) this.fonts.pop();
    this.out.push(`</${tag}>`);
    this.tail.closedTo(this.elements.depth);
    this.cost.closedTo(this.elements.depth);
  }

  text(text: string): void {
    if (this.hidden) return;
    if (this.choice) {
      this.choice.text(text);
      return;
    }
    const safe = this.fewMarks(text.includes('\0') ? text.replaceAll('\0', '') : text);
    if (visible.test(safe)) {
      if (this.unseenFrom === 0) this.hasContent = true;
      else this.hasUnseen = true;
    }
    this.tail.text(safe);
    const font = this.fonts.at(-1)?.font;
    const drawn = font ? drawnAs(safe, font) : this.hasIcons ? safe : namedSigns(safe);
    this.out.push(this.runs.pieces(drawn).map(escapeHtml).join('<wbr>'));
  }

  raw(tag: string, text: string): void {
    if (this.hidden) return;
    if (tag === 'style') this.sheet(text);
    if (tag === 'textarea') this.hasForm = true;
    // what old programs show as typed, and what is written in a form
    if (tag === 'xmp' || tag === 'textarea') {
      this.out.push('<pre>');
      this.text(text);
      this.out.push('</pre>');
    }
  }

  private sheet(css: string): void {
    if (this.styled >= mostStyle) return;
    const safe = safeStyleSheet(css, this.css);
    this.styled += safe.length;
    if (!this.css.ours) this.sheets += safe;
    else if (safe) this.sheetsAt.push(this.out.push(`<style>${safe}</style>`) - 1);
  }

  finish(): SanitizedHtml {
    this.endChoice();
    this.out.push(...this.elements.closings());
    this.cost.closedTo(0);
    const quote = this.tail.found();
    for (const [at, kind] of quote?.marks ?? [])
      this.out[at] = (this.out[at] ?? '').replace(/^<\w+/, (start) => `${start} data-quote="${kind}"`);
    this.bound();
    const page = rebuildAttributes('body', this.page, this.css);
    const root = rebuildAttributes('html', this.root, this.css);
    const sheet = this.sheets ? `<style>${this.sheets}</style>` : '';
    const html = `<div${withClass(root, this.css.scope)}>${sheet}<div${withClass(page, 'mail-page')}>${this.out.join('')}</div></div>`;
    return {
      html,
      blockedImages: this.pictures.blocked,
      removedTrackers: this.pictures.trackers,
      empty: !this.hasContent && !this.pictures.any,
      hidden: this.hasUnseen,
      form: this.hasForm,
      tailQuote: quote?.text ?? '',
    };
  }

  /** No letter may hold its reader's tab (docs/decisions/127). */
  private bound(): void {
    if (!this.cost.isBearable) {
      this.sheets = '';
      for (const at of this.sheetsAt) this.out[at] = '';
    }
    if (!this.cost.isDeep) return;
    this.sheets = this.cost.levelled(this.sheets);
    for (const [at, piece] of this.out.entries()) if (piece.startsWith('<')) this.out[at] = this.cost.levelled(piece);
  }

  /** True for what belongs to a form, which shows what stands in it and does nothing. */
  private field(tag: string, attributes: Attributes, at: number): boolean {
    if (this.choice) {
      if (tag === 'option') this.choice.begin(attributes);
      return true;
    }
    if (tag === 'select') {
      this.hasForm = true;
      if (this.hasEnd(tag, at)) this.choice = new Choice();
      return true;
    }
    if (tag !== 'input') return false;
    this.hasForm ||= isFilledIn(attributes);
    const type = (attributes.get('type') ?? '').toLowerCase();
    if (type === 'image') this.image(attributes);
    else if (type === 'checkbox' || type === 'radio') this.text(fieldText(attributes));
    else this.box(fieldText(attributes));
    return true;
  }

  private box(text: string): void {
    if (text === '') return;
    this.out.push(`<span${this.boxed}>`);
    this.text(text);
    this.out.push('</span> ');
  }

  /** for showing, not for sending */
  private get boxed(): string {
    return this.css.dark ? ' data-field=""' : '';
  }

  private endChoice(): void {
    const shown = this.choice?.shown ?? '';
    this.choice = null;
    this.box(shown);
  }

  private image(attributes: Attributes): void {
    const source = this.pictures.source(attributes, this.unseenFrom > 0 || isUnseen(attributes));
    if (source === undefined) return;
    const written = rebuildAttributes('img', attributes, this.css);
    this.cost.open('img', `<img${written}>`, this.elements.depth, false);
    this.out.push(`<img${written}${source === null ? '' : ` src="${escapeHtml(source)}"`}>`);
    this.tail.picture();
  }

  /** The first that says something about the page says it (WHATWG HTML section 13.2.6.4.7). */
  private mergePage(into: Map<string, string>, attributes: Attributes): void {
    for (const [name, value] of attributes) if (!into.has(name)) into.set(name, value);
    const style = attributes.get('style') ?? '';
    if (style.includes('--')) this.css.variables?.inherit(parseDeclarations(style));
  }

  /** False while the element stays hidden; SVG ends at an element of HTML. */
  private stillHidden(tag: string): boolean {
    if (!this.hidden) return true;
    if (tag === this.hidden.tag) this.hidden.depth++;
    else if (this.hidden.tag === 'svg' && endsForeign.has(tag)) {
      this.hidden = null;
      return true;
    }
    return false;
  }

  /** What is never closed would hide the rest of the letter. */
  private hasEnd(tag: string, at: number): boolean {
    this.ends ??= lastEnds(this.source);
    return (this.ends.get(tag) ?? -1) >= at;
  }
}

/** One by one: a letter may be a million of them. */
function lastEnds(source: string): ReadonlyMap<string, number> {
  const ends = new Map<string, number>();
  for (const { 1: tag = '', index } of source.matchAll(endOfHidden)) ends.set(tag.toLowerCase(), index);
  return ends;
}
const endOfHidden = new RegExp(`</(${[...hiddenTags, 'select'].join('|')})(?![\\w-])`, 'gi');

const baseOf = (attributes: Attributes): string | null => {
  const href = (attributes.get('href') ?? '').trim().slice(0, 2000);
  return /^https?:\/\//i.test(href) && parseUrl(href) ? href : null;
};

/** neither white space nor what is drawn as nothing */
const visible = /(?!\u034f)[^\s\u00a0\u200b-\u200f\u00ad\ufeff]/;
const mostRebuilt = 2000;
const mostStyle = 500_000;
/** what stands behind them is no part of their last word */
const otherMedia = new Set(['video', 'audio', 'object', 'canvas']);
const breaks = new Set(['br', 'p', 'div', 'tr', 'li', 'blockquote']);

const withClass = (attributes: string, name: string): string =>
  attributes.includes(' class="') ? attributes.replace(' class="', () => ` class="${name} `) : ` class="${name}"${attributes}`;
