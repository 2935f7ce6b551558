import { decodeContent } from '../../mime/decode-content.ts';
import { decodeText, isMarkup } from '../../mime/decode-text.ts';
import { htmlToText } from '../../mime/html-to-text.ts';
import type { LetterPart } from '../../mime/letter-part.ts';
import { type LetterPlan, planLetter, type Shown } from '../../mime/plan-letter.ts';
import { enrichedToHtml } from '../../mime/text-enriched.ts';
import { readRtf } from '../../mime/read-rtf.ts';
import { textFormat } from '../../mime/text-format.ts';
import { splitUuencoded } from '../../mime/uuencode.ts';
import { withoutArmour } from '../../mime/clear-signed.ts';
import { isTnef, passedOn, tnefAttachment, toAttachment, uuAttachment } from '../files/attachments.ts';
import { betweenParts } from '../html/carry-html.ts';
import { escapeHtml } from '../html/escape-html.ts';
import { sanitizeMailHtml } from '../html/sanitize-mail-html.ts';
import { pictureNames } from '../html/find-picture.ts';
import type { LetterPicture, LetterSource, PartBytes } from './letter-view.ts';
import type { Attachment } from '../reading/mail-message.ts';
import { messagePartText } from './message-part-text.ts';
import { readTnef, textOfTnef } from './read-tnef.ts';
import { shownInstead } from './view-piece.ts';
import { textBlocks, textOfBlocks } from './text-blocks.ts';

/**
 * The text of a letter as its sender wrote it, for who answers it, forwards it or takes up a draft: the same parts that reading shows, not
 * yet made safe. Runs in a worker.
 */
export function letterSource(root: LetterPart, parts: readonly PartBytes[], characters: number): LetterSource {
  const bytes = new Map(parts.map((part) => [part.section, part]));
  let cut = false;
  let room = characters;
  const files: Attachment[] = [];
  const opened: string[] = [];
  /** text of winmail.dat, for letters that have no other */
  const wrapped: Words[] = [];

  const read = (shown: Shown): Words[] => {
    if (shown.kind === 'picture') return [];
    if (shown.kind === 'choice') {
      let richest: Words[] = [];
      for (const choice of shown.choices) {
        const before = [room, files.length] as const;
        const found = choice.flatMap(read);
        if (found.some(({ empty }) => !empty)) return found;
        [room, files.length] = before;
        if (richest.length === 0) richest = found;
      }
      return richest;
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
    if (enriched || isMarkup(part)) return [wordsOf(enriched ? enrichedToHtml(source) : source)];
    if (part.subtype === 'rtf') {
      const { html, text } = readRtf(source);
      return [html ? wordsOf(html) : plainWords(text)];
    }
    const { text, files: inText } = splitUuencoded(source);
    files.push(...inText.map((file, at) => uuAttachment(part, '', at, file)));
    const plain = withoutArmour(text) ?? text;
    const format = textFormat(part);
    return [plainWords(format.flowed ? textOfBlocks(textBlocks(plain, format)) : plain)];
  };

  const unpack = (part: LetterPart): void => {
    const found = bytes.get(part.section);
    const content = found && !found.cut ? readTnef(decodeContent(Buffer.from(found.bytes), part.encoding)) : null;
    if (!content) return;
    opened.push(part.section);
    files.push(...content.files.map((file, at) => tnefAttachment(part, '', at, file)));
    const { html, text } = textOfTnef(content);
    wrapped.push(html ? wordsOf(html) : plainWords(text));
  };

  const plan = planLetter(root);
  const shown = plan.shown.flatMap(read);
  plan.files.filter(isTnef).forEach(unpack);
  const pieces = shown.some(({ empty }) => !empty) ? shown : [...shown, ...wrapped];
  const hasHtml = pieces.some(({ html }) => html !== '');
  return {
    html: hasHtml ? pieces.map(asHtml).join(betweenParts) : '',
    source: hasHtml ? '' : pieces.map(({ text }) => text).join('\n\n'),
    cut,
    files,
    pictures: picturesOf(plan),
    opened,
  };
}

/** Its files, but for those that stand in the text, or were opened for it. */
export const filesBeside = (plan: LetterPlan, { opened, pictures }: Pick<LetterSource, 'opened' | 'pictures'>): Attachment[] =>
  passedOn(plan, opened).filter(({ part }) => !pictures.some((picture) => picture.part === part));

export const picturesOf = ({ related }: LetterPlan): LetterPicture[] =>
  related.map((part) => ({ ...toAttachment(part, ''), ...pictureNames(part) }));

/** What one part says, and whether it says nothing. */
interface Words {
  html: string;
  text: string;
  empty: boolean;
}

/** A sender who wrote what stands between parts would bring to light what he wrote in a comment: nobody saw that he answers it. */
const asHtml = ({ html, text }: Words): string => html.replaceAll(betweenParts, '<hr>') || `<pre>${escapeHtml(text)}</pre>`;

const mostLookedAt = 500_000;
const plainWords = (text: string): Words => ({ html: '', text, empty: text.trim() === '' });

/** HTML that shows nothing is no text here either: who answers it quotes what stood in its place. */
function wordsOf(html: string): Words {
  const text = htmlToText(html);
  // to look takes as long as to show it; so much text is not all hidden
  if (html.length > mostLookedAt && text.length > 2000) return { html, text, empty: false };
  const clean = sanitizeMailHtml(html, { inlineImage: () => null, remoteImage: null });
  const instead = shownInstead(html, clean);
  // a draft that nobody wrote in yet stays HTML
  return instead?.text ? { html: '', ...instead } : { html, text, empty: instead !== null };
}
