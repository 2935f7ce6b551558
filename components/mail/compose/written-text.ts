import type { Letter } from '#lib/webmail/writing/letter.ts';

/** The last place where the old signature stands as lines of its own, or the end: the same words within a quote are somebody else's. */
export function withSignature(written: string, before: string, after: string): string {
  const at = before ? `\n${written}\n`.lastIndexOf(`\n${before}\n`) : -1;
  if (at >= 0) return written.slice(0, at) + after + written.slice(at + before.length);
  return after ? `${written}\n\n${after}` : written;
}

/** Somebody who writes of a file means to attach one. What is quoted is not theirs. */
export const namesFile = ({ html, text }: Letter): boolean =>
  /\b(anbei|beiliegend|beigefügt|angehängt|im anhang|als anhang|attached|attachment|enclosed)\b/i.test(
    (html === '' ? text.replace(/^>.*$/gm, '') : (html.split(/<blockquote|<div data-block|<div class="signature"/, 1)[0] ?? '')).slice(
      0,
      20_000,
    ),
  );
