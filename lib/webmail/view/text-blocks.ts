import { LinkifyIt } from 'linkify-it';
import { fewMarks } from '../../mime/few-marks.ts';
import { flowLines, quotedLines, type QuotedLine } from '../../mime/flowed-text.ts';
import { withoutTerminalCodes } from '../../mime/terminal-text.ts';
import { parseUrl } from '../../addresses/parse-url.ts';

/** Plain text for the eye. The page renders it as text nodes, never as HTML. Linear time. */

export interface TextPiece {
  text: string;
  /** http(s) or mailto address; empty for plain text */
  href: string;
}

export interface TextBlock {
  /** how many times quoted; 0 for what is new */
  depth: number;
  /** columns stand below each other: shown in a face of one width, lines not broken */
  mono: boolean;
  paragraphs: TextPiece[][];
  /** quoted at the end without a mark */
  tail?: true;
}

const longestBlanks = 200;
const mostLines = 50_000;

/** Blocks of one quote depth. With format=flowed (RFC 3676) soft line breaks are undone. */
export function textBlocks(source: string, format: { flowed: boolean; delSp: boolean } = { flowed: false, delSp: false }): TextBlock[] {
  const text = fewMarks(withoutTerminalCodes(oneLineEnd(source)));
  const lines = format.flowed ? flowLines(text, format.delSp, mostLines) : quotedLines(text, mostLines);
  const blocks: TextBlock[] = [];
  for (let at = 0; at < lines.length; ) {
    let end = at + 1;
    while (end < lines.length && lines[end]?.depth === lines[at]?.depth) end++;
    addBlocks(blocks, lines.slice(at, end));
    at = end;
  }
  return blocks;
}

/** Old Macs ended a line with CR alone; gateways wrote two before LF. */
const oneLineEnd = (text: string): string =>
  text.includes('\r') ? text.replace(/\r+\n?/g, (run) => (run.endsWith('\n') ? '\n' : '\n'.repeat(run.length))) : text;

/** The same as one text, with ">" before what is quoted: for answers and previews. A ">" that is text gets a blank in front, as its writer's program gave it. */
export const textOfBlocks = (blocks: readonly TextBlock[]): string =>
  blocks
    .map(({ depth, paragraphs }) => {
      const body = paragraphs.map((pieces) => pieces.map((piece) => piece.text).join('')).join('\n\n');
      const lines = body.replace(/^>/gm, () => ' >');
      return depth === 0
        ? lines
        : lines
            .split('\n')
            .map((line) => `${'>'.repeat(depth)} ${line}`.trimEnd())
            .join('\n');
    })
    .join('\n\n');

function addBlocks(blocks: TextBlock[], lines: readonly QuotedLine[]): void {
  const depth = lines[0]?.depth ?? 0;
  const paragraphs = paragraphsOf(lines.map((line) => shortenBlanks(line.text)));
  const columns = markColumns(paragraphs);
  for (const [at, paragraph] of paragraphs.entries()) {
    const mono = columns[at] ?? false;
    const last = blocks.at(-1);
    const pieces = linkPieces(paragraph.join('\n'));
    if (at > 0 && last?.mono === mono) last.paragraphs.push(pieces);
    else blocks.push({ depth, mono, paragraphs: [pieces] });
  }
}

function paragraphsOf(lines: readonly string[]): string[][] {
  const paragraphs: string[][] = [];
  let open: string[] | null = null;
  for (const line of lines) {
    if (line.trim() === '') open = null;
    else if (open) open.push(line);
    else {
      open = [line];
      paragraphs.push(open);
    }
  }
  return paragraphs;
}

function shortenBlanks(line: string): string {
  const text = line.trimEnd();
  return text.length > longestBlanks && text.includes(blanks) ? text.replace(/[ \t]{200,}/g, blanks) : text;
}
const blanks = ' '.repeat(longestBlanks);

/** Lines with gaps inside, at least two below each other, or drawn lines: a table. A single such line beside one belongs to it. */
function markColumns(paragraphs: readonly string[][]): boolean[] {
  const counts = paragraphs.map((lines) => lines.filter((line) => hasGap(line) || isDrawing(line)).length);
  const marked = paragraphs.map((lines, at) => (counts[at] ?? 0) >= 2 && (counts[at] ?? 0) * 2 >= lines.length);
  return marked.map(
    (mono, at) => mono || ((counts[at] ?? 0) > 0 && paragraphs[at]?.length === 1 && (marked[at - 1] === true || marked[at + 1] === true)),
  );
}

/** Two blanks after a full stop are an old habit of typists, not a column. */
const hasGap = (line: string): boolean =>
  line.length < 2000 &&
  (/[^\s.!?:;,]( {2,}|\t+)\S/.test(line) ||
    /\S {3,}\S/.test(line) ||
    /^\s*[+|┌├└│].{3,}[+|┐┤┘│]\s*$/.test(line) ||
    /^\s*[-=_─━+|]{8,}\s*$/.test(line));

/** More signs than letters, three at least: a line of a picture made of characters. */
function isDrawing(line: string): boolean {
  if (line.length > 200) return false;
  const signs = line.replace(/\s+/g, '');
  const letters = signs.match(/[\p{L}\p{N}\p{M}]/gu)?.length ?? 0;
  return signs.length >= 3 && letters * 5 < signs.length * 2 && !/\p{Extended_Pictographic}/u.test(signs);
}

const linkify = new LinkifyIt().set({ fuzzyIP: false, fuzzyEmail: true, fuzzyLink: true });
linkify.add('ftp:', null).add('//', null);
const longestLinked = 100_000;

/** A text cut into links and the rest. A closing bracket or full stop after an address is not part of it. */
export function linkPieces(text: string): TextPiece[] {
  if (text.length > longestLinked) return [{ text, href: '' }];
  const pieces: TextPiece[] = [];
  let at = 0;
  // what stands in angle brackets may go on in the next line (RFC 3986 appendix C)
  for (const found of text.matchAll(bracketed)) {
    const [, address = ''] = found;
    addLinks(pieces, text.slice(at, found.index + 1));
    addLink(pieces, address, address.replace(/\s+/g, ''));
    at = found.index + 1 + address.length;
  }
  addLinks(pieces, text.slice(at));
  return pieces.length === 0 ? [{ text, href: '' }] : joined(pieces);
}

const bracketed = /<(https?:\/\/[^\s<>]{1,2000}(?:[ \t]{0,20}\n[ \t]{0,20}[^\s<>]{1,200}){1,5})>/gi;

/** Chinese and Japanese leave no blank before an address. */
function addLinks(pieces: TextPiece[], text: string): void {
  for (const piece of text.split(/(?<=[^\0-\x7f])(?=https?:\/\/)/i)) addFound(pieces, piece);
}

function addFound(pieces: TextPiece[], text: string): void {
  let at = 0;
  for (const { index, lastIndex, url, schema } of linkify.match(text) ?? []) {
    // within what a link to write says besides
    if (index < at) continue;
    const begun = text.slice(index, lastIndex);
    const whole = begun + (/^mailto:/i.test(begun) ? besides(text, lastIndex) : '');
    // without a scheme only what says itself that it is of the web: "Datei.de" may be a file or the end of a sentence
    if (schema === '' && !/^www\./i.test(whole)) continue;
    const extra = strayEnd(whole, text[index - 1] ?? '');
    const found = extra === 0 ? whole : whole.slice(0, -extra);
    if (index > at) pieces.push({ text: text.slice(at, index), href: '' });
    const address = whole.length > begun.length ? whole : url;
    addLink(pieces, found, schema === '' ? `https://${found}` : extra === 0 ? address : address.slice(0, -extra));
    at = index + found.length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), href: '' });
}

/** Subject and text that a link to write begins a letter with (RFC 6068): mailing lists are left by the right one. */
function besides(text: string, from: number): string {
  said.lastIndex = from;
  return said.exec(text)?.[0] ?? '';
}
const said = /\?[\w-]{1,40}=[^\s<>"]{0,2000}(?<![.,;:!?)\]}'”“»])/y;

/** A colon, what is drawn as nothing, or the star or stroke that marks what stands between two of them, belongs to the sentence. */
function strayEnd(address: string, before: string): number {
  const marked = before === '*' || before === '_' || before === '/';
  let kept = address.length;
  while (
    kept > address.length - 3 &&
    (/[:\u200b-\u200f\u2060\ufeff]/.test(address[kept - 1] ?? '') || (marked && address[kept - 1] === before))
  )
    kept--;
  return address.length - kept;
}

function addLink(pieces: TextPiece[], text: string, address: string): void {
  const href = address.replace(/["<>\s]/g, encodeURIComponent);
  pieces.push({ text, href: /^(https?:|mailto:)/i.test(href) && parseUrl(href) ? href : '' });
}

/** Neighbours without a link are one piece. */
function joined(pieces: readonly TextPiece[]): TextPiece[] {
  const found: TextPiece[] = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    if (last && last.href === '' && piece.href === '') last.text += piece.text;
    else if (piece.text !== '') found.push({ ...piece });
  }
  return found.length === 0 ? [{ text: '', href: '' }] : found;
}
