import type { CarriedBlock, Letter } from './letter.ts';

/** The place of a carried block in a letter's HTML; the editor writes it exactly so (components/mail/compose/carried-node.ts). */
export const placeOf = (id: string): string => `<div data-block="${id}"></div>`;
const places = /<div data-block="([A-Za-z0-9-]{1,64})"><\/div>/g;

/** A letter's HTML with every carried block in its place. */
export function wholeHtml({ html, blocks }: Pick<Letter, 'html' | 'blocks'>): string {
  const known = new Map(blocks.map((block: CarriedBlock) => [block.id, block.html]));
  // A function: what people write may hold "$&".
  return html.replace(places, (_, id: string) => known.get(id) ?? '');
}

/** Ids of the blocks that an editor's HTML has places for. */
export const placesIn = (html: string): string[] => [...html.matchAll(places)].map(([, id = '']) => id);

/** What is sent has the style sheets of what it quotes in its head: Gmail reads them nowhere else. */
export function htmlDocument(html: string, use: 'send' | 'draft'): string {
  const sheets = use === 'send' ? (html.match(sheet) ?? []) : [];
  const body = sheets.length > 0 ? html.replace(sheet, '') : html;
  return `<!doctype html><html><head><meta charset="utf-8">${sheets.join('')}</head><body>${body}</body></html>`;
}
/** as the sanitiser writes them; what people type has no such sign */
const sheet = /<style>[^<]*<\/style>/g;
