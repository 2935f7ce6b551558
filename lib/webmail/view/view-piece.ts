import { htmlToText } from '../../mime/html-to-text.ts';
import type { SanitizedHtml } from '../html/sanitized-html.ts';
import { drawnAbove } from '../html/tail-quote.ts';
import type { TextBlock } from './text-blocks.ts';
import { blocksToHtml } from './text-html.ts';

/** What one part of a letter becomes on the page. */
export interface Piece {
  html: string;
  blocks: TextBlock[];
  empty: boolean;
  /** only HTML can show it */
  rich: boolean;
  tailQuote: string;
  /** section of the picture that it is; what HTML shows itself need not stand beside it */
  picture?: string;
}

/**
 * What stands for HTML of which browsers show nothing, because something was never closed or all of it is hidden: it is still the letter. Null where
 * they show something. `empty`: it goes behind every other way to say the same.
 */
export function shownInstead(source: string, clean: Pick<SanitizedHtml, 'empty' | 'hidden'>): { text: string; empty: boolean } | null {
  if (!clean.empty) return null;
  const text = htmlToText(source).trim();
  return { text: text || textOfTitle(source) || textOfUnended(source), empty: clean.hidden || text === '' };
}

export const plainPiece = (blocks: TextBlock[]): Piece => ({
  html: blocksToHtml(blocks),
  blocks,
  empty: blocks.length === 0,
  rich: false,
  tailQuote: '',
});

/** Text of the quoted blocks at the end, if something new stands before and nothing but quotations behind, or a footer. */
export function tailOfBlocks(blocks: readonly TextBlock[]): string {
  const unmarked = blocks.findIndex((block) => block.tail);
  if (unmarked >= 0) return plainTextOf(blocks.slice(unmarked));
  const at = blocks.findIndex((block) => block.depth > 0);
  const behind = blocks.findIndex((block, position) => position > at && block.depth === 0);
  if (at <= 0 || (behind > 0 && !isFooter(blocks.slice(behind)))) return '';
  return plainTextOf(blocks.slice(at, behind < 0 ? undefined : behind));
}

const plainTextOf = (blocks: readonly TextBlock[]): string => blocks.map((block) => block.paragraphs.map(textOf).join('\n')).join('\n');

/** Outlook and GroupWise put a line above what they quote and no mark before it: all that stands from there on is set apart. */
export function withTail(blocks: TextBlock[]): TextBlock[] {
  for (const [at, block] of blocks.entries()) {
    if (block.depth > 0) return blocks;
    const from = block.paragraphs.findIndex((pieces) => [drawnAbove, introduction].some((line) => line.test(textOf(pieces))));
    if (from < 0) continue;
    if (at === 0 && from === 0) return blocks;
    const above = from === 0 ? [] : [{ ...block, paragraphs: block.paragraphs.slice(0, from) }];
    const tail = [{ ...block, paragraphs: block.paragraphs.slice(from) }, ...blocks.slice(at + 1)];
    return [...blocks.slice(0, at), ...above, ...tail.map((one) => ({ ...one, tail: true as const }))];
  }
  return blocks;
}

const introduction = /^(?:>>> [^\n]{1,290} >>>(?:\n|$)|_{20,}\n(?:Von|From|De|Da|Van): )/;

/** Of HTML that is the letter; a list puts its footer behind it as a part of its own. */
export function tailOfPieces([first, ...others]: readonly Piece[]): string {
  return first?.rich && others.every((piece) => !piece.rich && isFooter(piece.blocks)) ? first.tailQuote : '';
}

/** What a program or a list puts below everything: a signature behind its dashes (RFC 3676 section 4.3), or lines below a drawn one. Nobody answers there. */
const isFooter = (blocks: readonly TextBlock[]): boolean =>
  blocks.every((block) => block.depth === 0) && /^\s*(?:--|[_=*-]{10,})\s*(?:\n|$)/.test(textOf(blocks[0]?.paragraphs[0] ?? []));

const textOf = (pieces: readonly { text: string }[]): string => pieces.map((piece) => piece.text).join('');

/** The title of a page that shows nothing else; where it never ends, all of the page is one. */
function textOfTitle(source: string): string {
  const lower = source.toLowerCase();
  const title = lower.indexOf('<title');
  const begin = lower.indexOf('>', title);
  if (title < 0 || begin < 0) return '';
  const end = lower.indexOf('</title', begin);
  return htmlToText(source.slice(begin + 1, end < 0 ? undefined : end)).trim();
}

/** What stands behind a comment or a style sheet that never ends, of which browsers show nothing: from its first tag on. */
function textOfUnended(source: string): string {
  const lower = source.toLowerCase();
  for (const [begin, end] of hiding) {
    const from = lower.indexOf(begin, lower.lastIndexOf(end) + 1);
    const rest = from < 0 ? '' : source.slice(from + begin.length);
    const tag = rest.search(/<[a-z]/i);
    const text = tag < 0 ? '' : htmlToText(rest.slice(tag)).trim();
    if (text !== '') return text;
  }
  return '';
}
const hiding = [
  ['<!--', '-->'],
  ['<style', '</style'],
] as const;
