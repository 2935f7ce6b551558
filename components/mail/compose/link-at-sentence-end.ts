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
  const found = addressAtEnd($from.parent.textBetween(begin, $from.parentOffset, undefined, '\ufffc'));
  if (!found) return;
  const { href } = found;
  const from = $from.start() + begin + found.at;
  const to = from + href.length;
  if (state.doc.rangeHasMark(from, to, link) || (code && state.doc.rangeHasMark(from, to, code))) return;
  view.dispatch(state.tr.addMark(from, to, link.create({ href: /^www/i.test(href) ? `https://${href}` : href })).removeStoredMark(link));
}

/** The address before what ends a sentence, and where it begins. A parenthesis that it opened itself is its own: "/Wien_(Stadt)". */
export function addressAtEnd(text: string): { href: string; at: number } | null {
  const found = address.exec(text);
  if (!found) return null;
  const [whole, begun = ''] = found;
  const at = found.index + whole.indexOf(begun);
  let href = begun;
  for (let open = href.split('(').length - href.split(')').length; open > 0 && text[at + href.length] === ')'; open--) href += ')';
  return { href, at };
}
