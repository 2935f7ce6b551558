import { decodeText, isMarkup } from '../mime/decode-text.ts';
import { htmlToText } from '../mime/html-to-text.ts';
import type { LetterPart } from '../mime/letter-part.ts';
import { planLetter, type Shown } from '../mime/plan-letter.ts';
import { enrichedToHtml } from '../mime/text-enriched.ts';
import { readRtf } from '../mime/read-rtf.ts';
import { textFormat } from '../mime/text-format.ts';
import { splitUuencoded } from '../mime/uuencode.ts';
import { withoutArmour } from '../mime/clear-signed.ts';
import { escapeHtml } from './escape-html.ts';
import type { LetterSource, PartBytes } from './letter-view.ts';
import { messagePartText } from './message-part-text.ts';
import { textBlocks, textOfBlocks } from './text-blocks.ts';

/**
 * The text of a letter as its sender wrote it, for who answers it, forwards it or takes up a draft: the same parts that reading shows, not
 * yet made safe. Runs in a worker.
 */
export function letterSource(root: LetterPart, parts: readonly PartBytes[], characters: number): LetterSource {
  const bytes = new Map(parts.map((part) => [part.section, part]));
  let cut = false;
  let room = characters;

  const read = (shown: Shown): { html: string; text: string }[] => {
    if (shown.kind === 'picture') return [];
    if (shown.kind === 'choice') {
      for (const choice of shown.choices) {
        const before = room;
        const found = choice.flatMap(read);
        if (found.some(({ html, text }) => text.trim() !== '' || /<img\b/i.test(html))) return found;
        room = before;
      }
      return [];
    }
    const { part } = shown;
    const brought = bytes.get(part.section);
    if (!brought) {
      cut = true;
      return [];
    }
    const whole = Buffer.from(brought.bytes);
    const decoded = messagePartText(part, whole) ?? decodeText(whole, part);
    const source = decoded.slice(0, room);
    cut ||= brought.cut || source.length < decoded.length;
    room -= source.length;
    const enriched = part.subtype === 'enriched' || part.subtype === 'richtext';
    if (enriched || isMarkup(part)) {
      const html = enriched ? enrichedToHtml(source) : source;
      return [{ html, text: htmlToText(html) }];
    }
    if (part.subtype === 'rtf') {
      const { html, text } = readRtf(source);
      return [{ html, text: html ? htmlToText(html) : text }];
    }
    const { text } = splitUuencoded(source);
    const plain = withoutArmour(text) ?? text;
    const format = textFormat(part);
    return [{ html: '', text: format.flowed ? textOfBlocks(textBlocks(plain, format)) : plain }];
  };

  const pieces = planLetter(root).shown.flatMap(read);
  const hasHtml = pieces.some(({ html }) => html !== '');
  return {
    html: hasHtml ? pieces.map(({ html, text }) => html || `<pre>${escapeHtml(text)}</pre>`).join('<hr>') : '',
    source: hasHtml ? '' : pieces.map(({ text }) => text).join('\n\n'),
    cut,
  };
}
