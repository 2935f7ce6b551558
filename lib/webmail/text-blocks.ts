import { LinkifyIt } from 'linkify-it';
import { withoutTerminalCodes } from '../mime/terminal-text.ts';
import { flowLines, quotedLines, type QuotedLine } from './flowed-text.ts';

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
}

const longestBlanks = 200;
const mostLines = 50_000;

/** Blocks of one quote depth. With format=flowed (RFC 3676) soft line breaks are undone. */
export function textBlocks(source: string, format: { flowed: boolean; delSp: boolean } = { flowed: false, delSp: false }): TextBlock[] {
  const text = withoutTerminalCodes(source);
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

/** The same as one text, with ">" before what is quoted: for answers and previews. */
export const textOfBlocks = (blocks: readonly TextBlock[]): string =>
  blocks
    .map(({ depth, paragraphs }) => {
      const body = paragraphs.map((pieces) => pieces.map((piece) => piece.text).join('')).join('\n\n');
      return depth === 0
        ? body
        : body
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
    const pieces = mono ? [{ text: paragraph.join('\n'), href: '' }] : linkPieces(paragraph.join('\n'));
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
  const counts = paragraphs.map((lines) => lines.filter(hasGap).length);
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

const linkify = new LinkifyIt().set({ fuzzyIP: false, fuzzyEmail: true, fuzzyLink: true });
linkify.add('ftp:', null).add('//', null);
const longestLinked = 100_000;

/** A text cut into links and the rest. A closing bracket or full stop after an address is not part of it. */
export function linkPieces(text: string): TextPiece[] {
  if (text.length > longestLinked) return [{ text, href: '' }];
  const pieces: TextPiece[] = [];
  let at = 0;
  for (const { index, lastIndex, url, schema } of linkify.match(text) ?? []) {
    const found = text.slice(index, lastIndex);
    // without a scheme only what says itself that it is of the web: "Datei.de" may be a file or the end of a sentence
    if (schema === '' && !/^www\./i.test(found)) continue;
    const href = (schema === '' ? `https://${found}` : url).replace(/["<>\s]/g, encodeURIComponent);
    if (!/^(https?:|mailto:)/i.test(href) || !URL.canParse(href)) continue;
    if (index > at) pieces.push({ text: text.slice(at, index), href: '' });
    pieces.push({ text: found, href });
    at = lastIndex;
  }
  if (at < text.length || pieces.length === 0) pieces.push({ text: text.slice(at), href: '' });
  return pieces;
}
