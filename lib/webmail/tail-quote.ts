import type { Attributes } from './read-html.ts';

const quoteClass = /(^|\s)(gmail_quote(_container)?|yahoo_quoted|protonmail_quote|moz-cite-prefix|tutanota_quote|zmail_extra)(\s|$)/;
const quoteId = /^(divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|reply-intro|mail-editor-reference-message-container)$/i;

/** Whether an element begins what programs quote below an answer. */
export function isQuote(tag: string, attributes: Attributes): boolean {
  if (tag === 'blockquote') return /cite/i.test(attributes.get('type') ?? '') || quoteClass.test(attributes.get('class') ?? '');
  if (tag !== 'div') return false;
  // Outlook draws a line above the head of the letter that is answered
  const outlook = /^border:none;border-top:solid #(e1e1e1|b5c4df) 1\.0pt/i.test((attributes.get('style') ?? '').slice(0, 200).replace(/;\s+/g, ';'));
  return outlook || quoteClass.test(attributes.get('class') ?? '') || quoteId.test(attributes.get('id') ?? '');
}

/**
 * Watches for the quotation at the end of a letter: one element behind which nothing stands. Where text or another quotation follows, there
 * are answers between, and nothing may be folded.
 */
export class TailQuote {
  private candidate: { at: number; depth: number; pieces: string[]; open: boolean } | null = null;
  private broken = false;
  private before = false;

  begin(at: number, depth: number): void {
    if (this.candidate?.open) return;
    // a second one: answers stand between, unless nothing but the introduction was the first
    if (this.candidate && this.candidate.pieces.join('').trim().length > longestIntroduction) this.broken = true;
    else if (!this.candidate) this.candidate = { at, depth, pieces: [], open: true };
    else this.candidate.open = true;
  }

  closedTo(depth: number): void {
    if (this.candidate?.open && depth < this.candidate.depth) this.candidate.open = false;
  }

  text(text: string): void {
    if (this.candidate?.open) this.candidate.pieces.push(text);
    else if (text.trim() !== '') {
      if (this.candidate) this.broken = true;
      else this.before = true;
    }
  }

  picture(): void {
    if (this.candidate && !this.candidate.open) this.broken = true;
  }

  found(): { at: number; text: string } | null {
    if (!this.candidate || this.broken || !this.before) return null;
    return { at: this.candidate.at, text: this.candidate.pieces.join('\n') };
  }
}

const longestIntroduction = 0;
