import { DOMSerializer } from '@tiptap/pm/model';
import type { Editor } from '@tiptap/react';
import { blockTags, writeEmptyLines } from './line-breaks.ts';

/**
 * What the editor holds, as HTML that other programs show as it stands here: bare cells and list items, where the editor wraps each in a paragraph
 * that they would show with space around it; empty lines; and blanks in a row, which HTML would make one. Written with every key: nothing is parsed.
 */
export function writtenHtml({ state }: Editor): string {
  const { body } = document.implementation.createHTMLDocument();
  body.append(DOMSerializer.fromSchema(state.schema).serializeFragment(state.doc.content, { document: body.ownerDocument }));
  for (const paragraph of body.querySelectorAll('td > p, th > p, li > p')) {
    const beside = [...(paragraph.parentElement?.children ?? [])].slice(1);
    const isFirst = paragraph.previousSibling === null && paragraph.attributes.length === 0;
    if (isFirst && beside.every((element) => element.matches('ul, ol'))) paragraph.replaceWith(...paragraph.childNodes);
  }
  writeEmptyLines(body);
  const texts = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode as Text;
    if (!/ {2}|\t|^ /.test(text.data) || text.parentElement?.closest('pre')) continue;
    const begins = text.previousSibling === null && text.parentElement?.matches(blockTags);
    text.data = text.data.replaceAll('\t', '    ').replace(begins ? /^ | (?= )/g : / (?= )/g, '\u00a0');
  }
  return body.innerHTML;
}
