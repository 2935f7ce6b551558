/** Plain text for the eye: quotes apart from what is new, addresses of the web as links. The page renders it as text nodes, never as HTML. */

export interface TextBlock {
  quoted: boolean;
  text: string;
}

export interface TextPiece {
  text: string;
  /** http(s) or mailto address; empty for plain text */
  href: string;
}

/** Runs of quoted lines (">") with the line that introduces them, and what stands between. Blank lines at the edges are dropped. */
export function textBlocks(text: string): TextBlock[] {
  const blocks: TextBlock[] = [];
  for (const line of text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').split('\n')) {
    const quoted = /^\s?>/.test(line);
    const last = blocks.at(-1);
    if (last && (last.quoted === quoted || (last.quoted && line.trim() === ''))) last.text += `\n${line}`;
    else blocks.push({ quoted, text: line });
  }
  for (let at = 1; at < blocks.length; at++) moveIntroduction(blocks[at - 1] as TextBlock, blocks[at] as TextBlock);
  return blocks
    .map(({ quoted, text: block }) => ({ quoted, text: block.replace(/^(\s*\n)+|\s+$/g, '') }))
    .filter((block) => block.text !== '');
}

/** "Am … schrieb …:" belongs to the quote below it. */
function moveIntroduction(before: TextBlock, quote: TextBlock): void {
  if (!quote.quoted || before.quoted) return;
  const match = /(?:^|\n)([^\n]{1,200}(?:\n[^\n]{1,100})?:)\s*$/.exec(before.text);
  if (!match?.[1] || !/\b(schrieb|wrote|écrit|scrisse|ha scritto|escribió)\b/i.test(match[1])) return;
  before.text = before.text.slice(0, match.index);
  quote.text = `${match[1]}\n${quote.text}`;
}

const link = /\b(?:https?:\/\/|www\.)[^\s<>"'„“”]{2,2000}|\b[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}\b/gi;
const trailing = /[.,;:!?)\]}*_]+$/;

/** A text cut into links and the rest. A closing bracket or full stop after an address is not part of it. */
export function linkPieces(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let at = 0;
  for (const match of text.matchAll(link)) {
    let found = match[0];
    const tail = trailing.exec(found)?.[0] ?? '';
    // "(see https://a.example/x_(y))": keep a bracket that was opened inside.
    if (tail && !(tail.startsWith(')') && found.includes('('))) found = found.slice(0, -tail.length);
    const isMail = !/^(https?:|www\.)/i.test(found);
    const href = isMail ? `mailto:${found}` : found.toLowerCase().startsWith('www.') ? `https://${found}` : found;
    if (!URL.canParse(href)) continue;
    if (match.index > at) pieces.push({ text: text.slice(at, match.index), href: '' });
    pieces.push({ text: found, href });
    at = match.index + found.length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), href: '' });
  return pieces;
}
