import { htmlToText } from '../../mime/html-to-text.ts';
import { type TextBlock, textBlocks } from '../view/text-blocks.ts';

/**
 * Place and description of an invitation, with links: where one joins often stands nowhere else. RFC 5545 has plain text there; Google
 * and others write HTML into it.
 */
export function calendarText(value: string): TextBlock[] {
  const source = value.trim();
  if (source === '') return [];
  if (!markup.test(source)) return blocksOf(source);
  const lines = breaks.test(source) ? source : source.replaceAll('\n', '<br>');
  return blocksOf(htmlToText(lines.replace(anchor, withAddress).replace(bracketed, '&lt;$1&gt;')));
}

/** Without the lines that Google and Teams draw around their part, wider than any card. */
const blocksOf = (text: string): TextBlock[] => textBlocks(text.replace(drawn, '').trim());
const drawn = /^[-_=~:]{30,}[ \t]{0,9}$\n?/gm;

/** Not an address in angle brackets: behind a tag's name comes a blank, a stroke or the end. */
const markup = /<(?:a|b|br|div|em|html|i|li|ol|p|span|strong|u|ul)(?=[\s/>])[^<>]*>/i;
const breaks = /<(?:br|div|li|p)(?=[\s/>])/i;
/** an address as plain text has it, beside tags */
const bracketed = /<((?:https?:|[^\s<>@/]+@)[^\s<>]+)>/gi;
const anchor = /<a\s([^<>]*)>([^<]*)<\/a>/gi;

function withAddress(whole: string, attributes: string, words: string): string {
  const address = /\bhref\s*=\s*["']?(https?:[^"'\s]+)/i.exec(attributes)?.[1] ?? '';
  return address === '' || words.includes(address) ? whole : `${words} &lt;${address}&gt;`;
}
