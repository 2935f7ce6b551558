import { Fragment, type ReactNode } from 'react';
import { brokenRuns } from '#lib/webmail/html/broken-runs.ts';
import type { TextBlock } from '#lib/webmail/view/text-blocks.ts';
import { classes } from '../../ui/classes.ts';

interface Props {
  blocks: readonly TextBlock[];
  /** the quotation at the end is folded */
  folded: boolean;
  /** a link to an address of mail */
  onWrite: (mailto: string) => void;
}

/** Plain text as paragraphs with links. Text nodes only: nothing that was sent is ever taken for HTML. */
export function PlainText({ blocks, folded, onWrite }: Props) {
  // a footer may stand below
  const shown = folded ? blocks.filter(({ depth, tail }) => depth === 0 && !tail) : blocks;
  return shown.map((block, at) => (
    <div
      // biome-ignore lint/suspicious/noArrayIndexKey: blocks of an immutable text
      key={at}
      ref={block.mono ? reachable : undefined}
      className={classes(block.depth > 0 && 'quoted', block.mono && 'columns')}
      style={{ marginLeft: indent(block.depth) }}
    >
      {block.paragraphs.map((pieces, position) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs of an immutable text
        <p key={position} dir="auto">
          {pieces.map((piece, place) =>
            piece.href ? (
              <a
                // biome-ignore lint/suspicious/noArrayIndexKey: pieces of an immutable text
                key={place}
                className="link"
                href={piece.href}
                target="_blank"
                rel="noopener noreferrer nofollow"
                onClick={(event) => {
                  if (!piece.href.startsWith('mailto:')) return;
                  event.preventDefault();
                  onWrite(piece.href);
                }}
              >
                {breakable(piece.text)}
              </a>
            ) : (
              <Fragment
                // biome-ignore lint/suspicious/noArrayIndexKey: pieces of an immutable text
                key={place}
              >
                {breakable(piece.text)}
              </Fragment>
            ),
          )}
        </p>
      ))}
    </div>
  ));
}

/** Words longer than any may be broken, so that the browser need not look at all of it at once. */
function breakable(text: string): ReactNode {
  const [first = '', ...others] = brokenRuns().pieces(text);
  if (others.length === 0) return first;
  return [first, ...others].map((piece, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of an immutable text
    <Fragment key={at}>
      {at > 0 ? <wbr /> : null}
      {piece}
    </Fragment>
  ));
}

/** Columns that are wider than the letter are moved by keys too. */
function reachable(columns: HTMLElement | null): void {
  if (columns && columns.scrollWidth > columns.clientWidth) columns.tabIndex = 0;
}

const deepestIndent = 8;
const indent = (depth: number): string | undefined => (depth > 1 ? `${(Math.min(depth, deepestIndent) - 1) * 16}px` : undefined);
