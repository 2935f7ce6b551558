export interface QuotedLine {
  depth: number;
  text: string;
}

const deepest = 40;

function* linesOf(text: string, most: number): Generator<string> {
  let from = 0;
  for (let count = 0; count < most && from <= text.length; count++) {
    let end = text.indexOf('\n', from);
    if (end < 0) end = text.length;
    yield text.slice(from, text[end - 1] === '\r' && end > from ? end - 1 : end);
    from = end + 1;
  }
}

/** ">>> Max Muster <max@muster.at> 30.11.2026 08:00 >>>": GroupWise's line above what it quotes, which it does not mark. */
const introduces = (line: string): boolean => line.startsWith('>>> ') && line.endsWith(' >>>') && line.length < 300;

/** Lines as programs without format=flowed quote: ">" once for each time, blanks between allowed. */
export function quotedLines(text: string, most: number): QuotedLine[] {
  const lines: QuotedLine[] = [];
  for (const line of linesOf(text, most)) {
    let depth = 0;
    let at = line.startsWith(' >') ? 1 : 0;
    if (introduces(line)) {
      lines.push({ depth, text: line });
      continue;
    }
    while (line[at] === '>' && depth < deepest) {
      depth++;
      at++;
      if (line[at] === ' ' && line[at + 1] === '>') at++;
    }
    lines.push({ depth, text: depth === 0 ? line : line.slice(line[at] === ' ' ? at + 1 : at) });
  }
  return lines;
}

/**
 * format=flowed (RFC 3676 section 4): a line that ends with a blank goes on in the next of the same quote depth; a blank in front is
 * stuffing; "-- " stands alone; with DelSp the blank at the end goes.
 */
export function flowLines(text: string, delSp: boolean, most: number): QuotedLine[] {
  const lines: QuotedLine[] = [];
  let open: { depth: number; pieces: string[] } | null = null;
  const end = (): void => {
    if (open) lines.push({ depth: open.depth, text: open.pieces.join('') });
    open = null;
  };
  for (const line of linesOf(text, most)) {
    let depth = 0;
    while (line[depth] === '>') depth++;
    const content = line.slice(line[depth] === ' ' ? depth + 1 : depth);
    const level = Math.min(depth, deepest);
    if (open && open.depth !== level) end();
    if (content === '-- ') {
      end();
      lines.push({ depth: level, text: content });
      continue;
    }
    const flows = content.endsWith(' ');
    const piece = flows && delSp ? content.slice(0, -1) : content;
    if (open) open.pieces.push(piece);
    else open = { depth: level, pieces: [piece] };
    if (!flows) end();
  }
  end();
  return lines;
}

const pieceChars = 65_536;
/** Nobody writes so much by hand, and a line costs a hundred times what its bytes do. */
const mostFlowed = 4 * 1024 * 1024;
const mayFlow = / \r?\n|\n /;

/** The same as one text, for what searches and judges. Piece by piece: all lines at once would take a hundred times the memory of the text. */
export function flowedText(text: string, delSp: boolean): string {
  const pieces: string[] = [];
  let start = 0;
  while (start < text.length && start < mostFlowed) {
    const lineFeed = text.indexOf('\n', start + pieceChars);
    const end = lineFeed < 0 ? text.length : lineFeed + 1;
    const piece = text.slice(start, end);
    pieces.push(mayFlow.test(piece) ? flowedPiece(piece, delSp) : piece);
    start = end;
  }
  return pieces.join('') + text.slice(start);
}

const flowedPiece = (text: string, delSp: boolean): string =>
  flowLines(text, delSp, Number.POSITIVE_INFINITY)
    .map((line) => (line.depth === 0 ? line.text : `${'>'.repeat(line.depth)} ${line.text}`))
    .join('\n');
