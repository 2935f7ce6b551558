import type { Attributes } from './read-html.ts';

/** box: the element is the quotation. rest: it stands for what follows up to the end, as Outlook's line above the old head does. */
export type QuoteKind = 'box' | 'rest';

const boxClass =
  /(^|\s)(gmail_quote(_container)?|yahoo_quoted|protonmail_quote|tutanota_quote|zmail_extra|missive_quote|front-blockquote)(\s|$)/;
const restClass = /(^|\s)(moz-cite-prefix|OutlookMessageHeader)(\s|$)/;
const restId = /^(divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|reply-intro|mail-editor-reference-message-container)$/i;
/** GMX and web.de, Spark */
const boxName = /^(quote|messageReplySection)$/;
const outlookLine = /^border:none;border-top:solid #(e1e1e1|b5c4df) 1\.0pt/i;

/** How an element begins what programs quote below an answer; null for all others. */
export function quoteKind(tag: string, attributes: Attributes): QuoteKind | null {
  if (tag !== 'div' && tag !== 'blockquote') return null;
  const name = attributes.get('class') ?? '';
  if (boxClass.test(name) || (tag === 'blockquote' && /cite/i.test(attributes.get('type') ?? ''))) return 'box';
  if (tag === 'blockquote') return null;
  if (boxName.test(attributes.get('name') ?? '')) return 'box';
  // Zimbra
  if (attributes.get('data-marker') === '__HEADERS__') return 'rest';
  const line = outlookLine.test((attributes.get('style') ?? '').slice(0, 200).replace(/;\s+/g, ';'));
  return line || restClass.test(name) || restId.test(attributes.get('id') ?? '') ? 'rest' : null;
}

export interface FoundQuote {
  /** index of the written tag */
  at: number;
  kind: QuoteKind;
  text: string;
}

/** Stands for a picture in the text of a quotation: one that is not in the letter that is quoted is an answer. */
export const pictureSign = '\ufffc';

/**
 * Watches for the quotation at the end of a letter, behind which nothing stands. Where text or a picture follows, there are answers
 * between, and nothing may be folded.
 */
export class TailQuote {
  /** `ends`: with its element, which a box does */
  private candidate: (FoundQuote & { depth: number; pieces: string[]; open: boolean; ends: boolean }) | null = null;
  private broken = false;
  private before = false;

  begin(kind: QuoteKind, at: number, depth: number): void {
    const ends = kind === 'box';
    if (!this.candidate) this.candidate = { kind, at, depth, text: '', pieces: [], open: true, ends };
    // iPhones put the line that introduces a quotation into one of its own: folded are both, and what stands behind them is an answer all the same
    else if (!this.candidate.open) Object.assign(this.candidate, { kind: 'rest', depth, open: true, ends });
  }

  closedTo(depth: number): void {
    if (this.candidate?.ends && this.candidate.open && depth < this.candidate.depth) this.candidate.open = false;
  }

  text(text: string): void {
    if (this.candidate?.open) this.candidate.pieces.push(text);
    else if (text.trim() !== '') {
      if (this.candidate) this.broken = true;
      else this.before = true;
    }
  }

  picture(): void {
    if (!this.candidate) this.before = true;
    else if (this.candidate.open) this.candidate.pieces.push(pictureSign);
    else this.broken = true;
  }

  found(): FoundQuote | null {
    if (!this.candidate || this.broken || !this.before) return null;
    const { at, kind, pieces } = this.candidate;
    return { at, kind, text: pieces.join('') };
  }
}
