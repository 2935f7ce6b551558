import type { Attributes } from './read-html.ts';

/**
 * box: the element is the quotation. indent: it looks like one and may be anything that is set off. rest: it stands for what follows up to the
 * end, as Outlook's line above the old head does.
 * footer: what a program put below everything, which is nobody's answer.
 */
export type QuoteKind = 'box' | 'indent' | 'rest' | 'footer';

const boxClass =
  /(^|\s)(gmail_quote(_container)?|yahoo_quoted|protonmail_quote|tutanota_quote|zmail_extra|missive_quote|front-blockquote)(\s|$)/;
const restClass = /(^|\s)(moz-cite-prefix|OutlookMessageHeader)(\s|$)/;
const restId = /^(divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|reply-intro|mail-editor-reference-message-container)$/i;
const begins = new Set(['div', 'blockquote', 'pre', 'span']);
/** Avast and AVG, both by one number */
const footerId = /^DAB4FAD8-2DD7-40BB-A1B8-4E2AA1F9FDF2$/i;
/** Thunderbird, Gmail: a signature that stands below the quotation */
const footerClass = /(^|\s)(moz-signature|gmail_signature(_prefix)?)(\s|$)/;
/** GMX and web.de, Spark */
const boxName = /^(quote|messageReplySection)$/;
const outlookLine = /^(mso-element:para-border-div;)?border:none;border-top:solid #(e1e1e1|b5c4df) 1\.0pt/i;
const leftBorder = /border-left:[^;]{0,40}solid/i;

/** What Outlook, Samsung, AOL and eM Client draw above a head. */
export const drawnAbove =
  /^-{3,} ?(?:Original Message|Original-?Nachricht|Ursprüngliche Nachricht|Message d['’]origine|Messaggio originale|Mensaje original|Oorspronkelijk bericht) ?-{3,}(?:\n|$)/i;

/** How an element begins what programs quote below an answer; null for all others. */
export function quoteKind(tag: string, attributes: Attributes): QuoteKind | null {
  if (!begins.has(tag)) return null;
  const name = attributes.get('class') ?? '';
  if (footerClass.test(name) || footerId.test(attributes.get('id') ?? '')) return 'footer';
  if (tag === 'pre' || tag === 'span') return null;
  if (boxClass.test(name) || (tag === 'blockquote' && /cite/i.test(attributes.get('type') ?? ''))) return 'box';
  const style = (attributes.get('style') ?? '').slice(0, 200);
  if (tag === 'blockquote') return 'indent';
  if (boxName.test(attributes.get('name') ?? '')) return 'box';
  // Zimbra
  if (attributes.get('data-marker') === '__HEADERS__') return 'rest';
  const line = outlookLine.test(style.replace(/;\s+/g, ';'));
  if (line || restClass.test(name) || restId.test(attributes.get('id') ?? '')) return 'rest';
  // GroupWise, Notes
  return leftBorder.test(style) ? 'indent' : null;
}

export interface FoundQuote {
  /** indexes of written tags, and what to say at them */
  marks: [at: number, kind: 'box' | 'rest' | 'footer'][];
  text: string;
}

/** Stands for a picture in the text of a quotation: one that is not in the letter that is quoted is an answer. */
export const pictureSign = '\ufffc';

/**
 * Watches for the quotation at the end of a letter, behind which nothing stands. Where text or a picture follows, there are answers
 * between, and nothing may be folded.
 */
export class TailQuote {
  /** `ends`: with its element, which a box does. `weak`: only looks like a quotation. `floor`: how many elements around it are still open. */
  private candidate: {
    at: number;
    kind: 'box' | 'rest';
    depth: number;
    floor: number;
    pieces: string[];
    open: boolean;
    ends: boolean;
    weak: boolean;
  } | null = null;
  private broken = false;
  /** what stands before it: anything, anything but the last line, that line, and the one being read */
  private before = false;
  private above = false;
  private lastLine = '';
  private line = '';
  /** what the line being read begins, if it is the first in it */
  private block: { at: number; depth: number } | null = null;
  /** depth of the footer that is being read below a quotation; 0: none */
  private footer = 0;
  /** where such footers begin: nobody proves that they are in the letter that is quoted, so they are never folded */
  private readonly footers: number[] = [];

  begin(kind: QuoteKind, at: number, depth: number): void {
    if (kind === 'footer') {
      // above an answer it is as much part of the letter as any of its words, and within a quotation of what is quoted
      const { candidate } = this;
      if (!candidate || candidate.weak || this.footer > 0 || (candidate.open && (candidate.ends || depth !== candidate.floor + 1))) return;
      this.footer = depth;
      this.footers.push(at);
      return;
    }
    const weak = kind === 'indent';
    if (!weak) this.forgetWeak();
    const ends = kind !== 'rest';
    this.endLine();
    if (!this.candidate) {
      // what only looks like a quotation is none without the line that introduces it
      const pieces = weak ? [this.lastLine, '\n'] : [];
      this.candidate = { kind: ends ? 'box' : 'rest', at, depth, floor: depth - 1, pieces, open: true, ends, weak };
    }
    // iPhones put the line that introduces a quotation into one of its own: folded are both, and what stands behind them is an answer all the same
    else if (!this.candidate.open) Object.assign(this.candidate, { kind: 'rest', depth, open: true, ends });
  }

  /** Behind its line break: an element that begins a line. */
  beginBlock(at: number, depth: number): void {
    if (this.line.trim() === '') this.block = { at, depth };
  }

  closedTo(depth: number): void {
    if (depth < this.footer) this.footer = 0;
    if (this.candidate) this.candidate.floor = Math.min(this.candidate.floor, depth);
    if (this.candidate?.ends && this.candidate.open && depth < this.candidate.depth) this.candidate.open = false;
  }

  text(text: string): void {
    if (this.footer > 0) return;
    if (this.candidate?.open) this.candidate.pieces.push(text);
    else if (text === '\n') this.endLine();
    else if (text.trim() !== '') {
      this.outside();
      if (this.line.length < longestLine) this.line += text.slice(0, longestLine).replace(/\s+/g, ' ');
    }
  }

  picture(): void {
    if (this.footer > 0) return;
    this.block = null;
    if (this.candidate?.open) this.candidate.pieces.push(pictureSign);
    else {
      this.outside();
      this.above = true;
    }
  }

  found(): FoundQuote | null {
    if (!this.candidate || this.broken) return null;
    const { at, kind, pieces, weak } = this.candidate;
    const marks: FoundQuote['marks'] = [[at, kind], ...this.footers.map((place): [number, 'footer'] => [place, 'footer'])];
    // Mail.ru writes the line that introduces it within
    const within = weak ? pieces.slice(2).join('') : '';
    if (this.before && introducesItself(within)) return { marks, text: within };
    return (weak ? this.above : this.before) ? { marks, text: pieces.join('') } : null;
  }

  private outside(): void {
    this.forgetWeak();
    if (this.candidate) this.broken = true;
    else this.before = true;
  }

  private endLine(): void {
    const line = this.line.trim();
    if (line === '') return;
    this.above ||= this.lastLine !== '';
    if (this.block && !this.candidate && drawnAbove.test(line)) {
      this.before = this.above;
      const { at, depth } = this.block;
      this.candidate = { kind: 'rest', at, depth, floor: depth - 1, pieces: [line, '\n'], open: true, ends: false, weak: false };
    }
    this.block = null;
    this.lastLine = this.line;
    this.line = '';
  }

  /** Something stands behind it, or a quotation begins within. */
  private forgetWeak(): void {
    if (!this.candidate?.weak) return;
    const [, , ...within] = this.candidate.pieces;
    this.before ||= within.some((piece) => piece.trim() !== '');
    this.above = true;
    this.candidate = null;
  }
}

const longestLine = 1_000;

/** Its first line has a time in it and ends with a colon. */
function introducesItself(text: string): boolean {
  const [first = ''] = text
    .slice(0, 2 * longestLine)
    .trimStart()
    .split('\n', 1);
  return /\d[:.]\d\d/.test(first) && /[:：]$/.test(first.trimEnd());
}
