import { getHTMLFromFragment } from '@tiptap/core';
import { Fragment, type Node } from '@tiptap/pm/model';
import type { Editor } from '@tiptap/react';

/** White space between elements is none of the text. */
const compact = { parseOptions: { preserveWhitespace: false } } as const;

/** Puts another signature where one stands, or one above the quote. What its writer put into the old one is theirs, and stays below it. */
export function setSignature(editor: Editor, html: string, before: string): void {
  const found: { node: Node; from: number; to: number }[] = [];
  editor.state.doc.forEach((node, offset) => {
    if (node.type.name === 'signature') found.push({ node, from: offset, to: offset + node.nodeSize });
  });
  const [place] = found;
  const content = html.trim() ? `<div class="signature" data-signature="">${html}</div>` : '';
  const whole = content + (place ? writtenInto(editor, place.node, before) : '');
  if (place && whole) editor.chain().insertContentAt({ from: place.from, to: place.to }, whole, compact).run();
  else if (place) editor.chain().deleteRange({ from: place.from, to: place.to }).run();
  else if (content) editor.chain().insertContentAt(placeForSignature(editor), content, compact).run();
}

/** Lines of the signature that are none of its own. */
function writtenInto(editor: Editor, signature: Node, before: string): string {
  const { body } = new DOMParser().parseFromString(before, 'text/html');
  const own = (body.textContent ?? '').replace(/\s+/g, '');
  const theirs: Node[] = [];
  signature.forEach((line) => {
    const text = line.textContent.replace(/\s+/g, '');
    if (text !== '' && !own.includes(text)) theirs.push(line);
  });
  return theirs.map((line) => getHTMLFromFragment(Fragment.from(line), editor.schema)).join('');
}

/** Above the line that introduces what is quoted; else at the end. */
function placeForSignature(editor: Editor): number {
  let place = editor.state.doc.content.size;
  let before = 0;
  let found = false;
  editor.state.doc.forEach((node, offset) => {
    if (!found && (node.type.name === 'blockquote' || node.type.name === 'carried')) {
      place = before;
      found = true;
    }
    before = offset;
  });
  return place;
}
