import type { Letter } from '#lib/webmail/writing/letter.ts';

/** Who wrote what is quoted and its first line, or the head of what is forwarded. */
const quoteBegins = /^(?:[^>\n].*:\n{1,2})?>|^-{10} /m;

/**
 * In the last place where the old signature stands as lines of its own: the same words within a quote are somebody else's. Where there was none,
 * above the quote, or at the end.
 */
export function withSignature(written: string, before: string, after: string): string {
  const at = before ? `\n${written}\n`.lastIndexOf(`\n${before}\n`) : -1;
  if (at >= 0) return written.slice(0, at) + after + written.slice(at + before.length);
  if (!after) return written;
  const quote = written.search(quoteBegins);
  return quote < 0 ? `${written}\n\n${after}` : `${written.slice(0, quote).trimEnd()}\n\n${after}\n\n${written.slice(quote)}`;
}

/** Somebody who writes of a file means to attach one. What is quoted is not theirs. */
export const namesFile = ({ html, text }: Pick<Letter, 'html' | 'text'>): boolean =>
  fileWords.test(
    (html === ''
      ? text
          .split(/^-{10} /m, 1)
          .join()
          .replace(/^>.*$/gm, '')
      : (html.split(/<blockquote|<div data-block|<div class="signature"|<p>-{10} /, 1)[0] ?? '')
    )
      .replaceAll('&nbsp;', ' ')
      .slice(0, 20_000),
  );

const fileWords =
  /\b(anbei|(beiliegend|beigefügt|beigelegt|angehängt|angefügt|anliegend)(e[mnrs]?)?|anhänge|(im|als) (anhang|attachment)|(in der|als) (anlage|beilage)|attach(ed|ing|ments?)|enclosed|enclosing|enclosures?)\b/i;

/** Whether nothing was attached yet: pictures of what is quoted came with it. */
export const hasNoFile = (
  uploads: readonly { stored: { contentId?: string | undefined } | null }[],
  { blocks }: Pick<Letter, 'blocks'>,
): boolean =>
  uploads.every(({ stored }) => {
    const contentId = stored?.contentId;
    return contentId !== undefined && blocks.some(({ html }) => html.includes(`cid:${contentId}`));
  });
