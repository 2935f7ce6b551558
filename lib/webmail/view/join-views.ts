import { betweenParts } from '../html/carry-html.ts';
import { escapeHtml } from '../html/escape-html.ts';
import type { LetterSource, LetterView } from './letter-view.ts';
import { blocksToHtml } from './text-html.ts';

/** What was signed and what somebody put beside it, as one letter, in their order. */
export function joinViews([first, second]: readonly [LetterView, LetterView]): LetterView {
  if (saysNothing(first) || saysNothing(second)) return withBoth(saysNothing(first) ? second : first, first, second);
  const rich = first.html !== '' || second.html !== '';
  const html = [first, second].map((view) => view.html || blocksToHtml(view.blocks)).join('');
  return {
    ...withBoth(first, first, second),
    html: rich ? html : '',
    blocks: rich ? [] : [...first.blocks, ...second.blocks],
    text: `${first.text}\n\n${second.text}`.trim(),
    // behind what is quoted in the first stands the second
    tailQuote: '',
  };
}

const saysNothing = ({ html, blocks }: LetterView): boolean => html === '' && blocks.length === 0;

const withBoth = (shown: LetterView, first: LetterView, second: LetterView): LetterView => ({
  ...shown,
  blockedImages: first.blockedImages + second.blockedImages,
  removedTrackers: first.removedTrackers + second.removedTrackers,
  cut: first.cut || second.cut,
  notes: [...new Set([...first.notes, ...second.notes])],
  calendar: first.calendar ?? second.calendar,
  outcomes: [...first.outcomes, ...second.outcomes],
  attachments: [...first.attachments, ...second.attachments],
});

/** The same for who answers or forwards it. */
export function joinSources([first, second]: readonly [LetterSource, LetterSource]): LetterSource {
  const hasHtml = first.html !== '' || second.html !== '';
  const asHtml = ({ html, source }: LetterSource): string => html || (source.trim() === '' ? '' : `<pre>${escapeHtml(source)}</pre>`);
  const joined = (texts: string[], between: string): string => texts.filter((text) => text.trim() !== '').join(between);
  return {
    html: hasHtml ? joined([first, second].map(asHtml), betweenParts) : '',
    source: hasHtml ? '' : joined([first.source, second.source], '\n\n'),
    cut: first.cut || second.cut,
    files: [...first.files, ...second.files],
    pictures: [...first.pictures, ...second.pictures],
    opened: [...first.opened, ...second.opened],
  };
}
