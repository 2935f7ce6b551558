'use client';

import { type Editor, Extension } from '@tiptap/core';

const address = /(?:^|[\s\ufffc("„«])((?:https?:\/\/|www\.)[^\s\ufffc]*[^\s\ufffc.,;:!?)"“»])[.,;:!?)"“»]+$/i;
const longest = 2000;

/** An address becomes a link behind a blank; what ends a sentence behind it is no part of it, and does not keep it from being one. */
export const LinkAtSentenceEnd = Extension.create({
  name: 'linkAtSentenceEnd',
  priority: 1000,
  addKeyboardShortcuts() {
    const link = (): boolean => {
      linkLastWord(this.editor);
      return false;
    };
    return { Space: link, Enter: link };
  },
});

function linkLastWord({ state, view, schema }: Editor): void {
  const { $from, empty } = state.selection;
  const { link, code } = schema.marks;
  if (!empty || !link || !$from.parent.inlineContent || $from.parent.type.spec.code) return;
  const begin = Math.max(0, $from.parentOffset - longest);
  const found = address.exec($from.parent.textBetween(begin, $from.parentOffset, undefined, '\ufffc'));
  const [whole = '', href = ''] = found ?? [];
  if (!found) return;
  const from = $from.start() + begin + found.index + whole.indexOf(href);
  const to = from + href.length;
  if (state.doc.rangeHasMark(from, to, link) || (code && state.doc.rangeHasMark(from, to, code))) return;
  view.dispatch(state.tr.addMark(from, to, link.create({ href: /^www/i.test(href) ? `https://${href}` : href })).removeStoredMark(link));
}
