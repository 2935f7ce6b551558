import { linkPieces, textBlocks } from '#lib/webmail/text-blocks.ts';

/** Plain text as paragraphs with links. Text nodes only: nothing that was sent is ever taken for HTML. */
export function PlainText({ text, showQuote }: { text: string; showQuote: boolean }) {
  const blocks = textBlocks(text);
  return (
    <>
      {blocks.map((block, at) =>
        block.quoted && !showQuote && blocks.length > 1 ? null : (
          // biome-ignore lint/suspicious/noArrayIndexKey: blocks of an immutable text
          <div key={at} className={block.quoted ? 'quoted' : undefined}>
            {block.text.split(/\n{2,}/).map((paragraph, position) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs of an immutable text
              <p key={position}>
                <Linked text={paragraph} />
              </p>
            ))}
          </div>
        ),
      )}
    </>
  );
}

function Linked({ text }: { text: string }) {
  return linkPieces(text).map((piece, at) =>
    piece.href ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of an immutable text
      <a key={at} className="link" href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
        {piece.text}
      </a>
    ) : (
      piece.text
    ),
  );
}
