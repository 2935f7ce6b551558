import { letterDoctype } from '../html/letter-doctype.ts';
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

/** HTML as the sanitiser writes it, and its style sheets. */
export function apartFromSheets(html: string): { body: string; sheets: string[] } {
  const sheets: string[] = [];
  if (!html.includes('<style>')) return { body: html, sheets };
  const body = html.replace(sheetOrTag, (whole, rules?: string) => {
    if (rules === undefined) return whole;
    sheets.push(rules);
    return '';
  });
  return { body, sheets };
}
/**
 * Other tags are read whole: browsers write the text of a picture with "<", and what a stranger wrote there is no style sheet. What was begun is
 * always taken, so that nothing is read twice.
 */
const sheetOrTag = /<style>([^<]*)<\/style>|<[a-z](?:[^"'>]+|"[^"]*(?:"|$)|'[^']*(?:'|$))*>?/g;

/** What is sent has the style sheets of what it quotes in its head: Gmail reads them nowhere else. */
export function htmlDocument(html: string, use: 'send' | 'draft'): string {
  const { body, sheets } = use === 'send' ? apartFromSheets(html) : { body: html, sheets: [] };
  const head = `<meta charset="utf-8">${[...new Set(sheets)].map((rules) => `<style>${rules}</style>`).join('')}`;
  return `${letterDoctype}<html><head>${head}</head><body>${body}</body></html>`;
}
