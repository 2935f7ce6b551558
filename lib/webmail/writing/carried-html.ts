import { decodeLoosely } from '../../addresses/parse-url.ts';
import { htmlToText } from '../../mime/html-to-text.ts';
import type { CarriedPicture } from '../html/carry-html.ts';
import { escapeHtml } from '../html/escape-html.ts';
import { runView } from '../view/view-pool.ts';

export type { CarriedPicture };

const longest = 2_000_000;
const bareCharacters = 200_000;

/** HTML as a letter that is written here carries it (carry-html.ts), made in a worker; its bare text where that takes too long. `cut`: not all of it. */
export async function carriedHtml(
  mailboxId: number,
  source: string,
  pictures: readonly CarriedPicture[],
  ours = false,
): Promise<{ html: string; cut: boolean }> {
  const done = await runView({ kind: 'carry', source: source.slice(0, longest), pictures: [...pictures], ours }, mailboxId);
  if (done?.result && 'carried' in done.result) return { html: done.result.carried, cut: source.length > longest };
  return { html: `<pre>${escapeHtml(htmlToText(source.slice(0, bareCharacters)))}</pre>`, cut: source.length > bareCharacters };
}

/** Content-IDs that HTML refers to. */
export function contentIdsIn(html: string): Set<string> {
  return new Set(
    [...html.matchAll(/\bcid:([^"'\s<>)]+)/gi)].map((match) =>
      decodeLoosely((match[1] ?? '').replaceAll('&amp;', '&').replaceAll('&#38;', '&')),
    ),
  );
}
