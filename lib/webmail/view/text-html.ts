import { escapeHtml } from '../html/escape-html.ts';
import type { TextBlock } from './text-blocks.ts';

/** Plain text as HTML for the frame, where it stands between pictures or beside HTML. */
export function blocksToHtml(blocks: readonly TextBlock[]): string {
  return blocks
    .map(({ depth, mono, paragraphs }) => {
      const tag = mono ? 'pre' : 'p';
      const inner = paragraphs
        .map((pieces) => {
          const text = pieces
            .map(({ text, href }) =>
              href
                ? `<a href="${escapeHtml(href)}" target="_blank" rel="noopener noreferrer nofollow">${escapeHtml(text)}</a>`
                : escapeHtml(text),
            )
            .join('');
          return `<${tag} class="mail-text" dir="auto">${text}</${tag}>`;
        })
        .join('');
      return '<blockquote>'.repeat(depth) + inner + '</blockquote>'.repeat(depth);
    })
    .join('');
}
