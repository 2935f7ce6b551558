import type { TextBlock, TextPiece } from './text-blocks.ts';

/** So many characters of a text as are shown at once: it is laid out all at once, while HTML is poured into its frame. The same array where all of it is. */
export function firstBlocks(blocks: TextBlock[], most: number): TextBlock[] {
  let left = most;
  const first = (pieces: readonly TextPiece[]): TextPiece[] => {
    const found: TextPiece[] = [];
    for (const piece of pieces) {
      if (left > 0) found.push(piece.text.length > left ? { ...piece, text: piece.text.slice(0, left) } : piece);
      left -= piece.text.length;
    }
    return found;
  };
  const found = blocks.map((block) => ({ ...block, paragraphs: block.paragraphs.map(first).filter((pieces) => pieces.length > 0) }));
  return left < 0 ? found.filter(({ paragraphs }) => paragraphs.length > 0) : blocks;
}
