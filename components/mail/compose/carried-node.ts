'use client';

import { Node } from '@tiptap/core';
import { NodeSelection, Plugin, Selection, TextSelection } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { apartFromSheets } from '#lib/webmail/writing/letter-html.ts';
import { beginningOf } from './beginning-of.ts';
import { inlineStyles } from './inline-styles.ts';
import { showPicture } from './show-picture.ts';

export interface CarriedOptions {
  htmlOf: (id: string) => string;
  /** where a picture of the letter is loaded from, by its Content-ID */
  pictureOf: (contentId: string) => string | null;
  /** what the button says that makes the block ordinary text */
  unlockLabel: string;
  /** what stands below the beginning of a block that is too long to be shown whole */
  cutNote: string;
}

/**
 * A block that is carried as it is: the original of an answer, or a part of somebody's draft that the editor cannot hold. It is shown, not
 * edited, until the writer asks for it; what leaves is the block itself, to the letter.
 */
export const CarriedNode = Node.create<CarriedOptions>({
  name: 'carried',
  group: 'block',
  atom: true,
  isolating: true,
  addOptions: () => ({ htmlOf: () => '', pictureOf: () => null, unlockLabel: '', cutNote: '' }),
  addAttributes: () => ({
    id: { default: '', parseHTML: (element) => element.getAttribute('data-block'), renderHTML: ({ id }) => ({ 'data-block': String(id) }) },
  }),
  parseHTML: () => [{ tag: 'div[data-block]', priority: 100 }],
  renderHTML: ({ HTMLAttributes }) => ['div', HTMLAttributes],
  // A click on it, or the Tab key, selects it whole: what is typed then would take its place. A caret beside it would delete it unseen.
  addProseMirrorPlugins: () => [
    new Plugin({
      props: {
        handleKeyDown: (view, event) => {
          if (event.key !== 'Delete' && event.key !== 'Backspace') return false;
          return selectCarriedBeside(view, event.key === 'Delete' ? 1 : -1) || (event.repeat && isCarried(view.state.selection));
        },
        handleTextInput: (view, _from, _to, text) => {
          if (!leaveCarried(view)) return false;
          view.dispatch(view.state.tr.insertText(text).scrollIntoView());
          return true;
        },
        handlePaste: (view) => {
          leaveCarried(view);
          return false;
        },
        handleDOMEvents: {
          compositionstart: (view) => {
            leaveCarried(view);
            return false;
          },
        },
      },
    }),
  ],
  addNodeView() {
    const { htmlOf, pictureOf, unlockLabel, cutNote } = this.options;
    return ({ node, editor, getPos }) => {
      const dom = document.createElement('div');
      dom.className = 'carried';
      dom.contentEditable = 'false';
      const shown = document.createElement('div');
      shown.className = 'carried-text';
      const { body, sheets } = apartFromSheets(htmlOf(String(node.attrs['id'])));
      const beginning = beginningOf(body);
      shown.append(...shownNodes(beginning ?? body, pictureOf));
      const sheet = sheetOf(sheets);
      document.adoptedStyleSheets.push(sheet);
      const destroy = (): void => {
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
      };
      // A link in it is text to be sent, not a way out of the letter.
      shown.addEventListener('click', (event) => {
        if (event.target instanceof Element && event.target.closest('a')) event.preventDefault();
      });
      if (beginning !== null) {
        // As text of the editor it would be as slow as it is on the screen; it goes along whole.
        const note = document.createElement('p');
        note.className = 'carried-cut';
        note.textContent = cutNote;
        dom.append(shown, note);
        return { dom, ignoreMutation: () => true, destroy };
      }
      const unlock = document.createElement('button');
      unlock.type = 'button';
      unlock.className = 'btn s carried-unlock';
      unlock.textContent = unlockLabel;
      // The caret does not leave the letter for the button.
      unlock.addEventListener('mousedown', (event) => event.preventDefault());
      unlock.addEventListener('click', () => {
        const at = getPos();
        if (at === undefined) return;
        const html = withOwnStyles(htmlOf(String(node.attrs['id'])));
        const place = { from: at, to: at + node.nodeSize };
        editor
          .chain()
          .insertContentAt(place, html, { parseOptions: { preserveWhitespace: false } })
          .command(({ tr }) => {
            tr.setSelection(Selection.near(tr.doc.resolve(at)));
            return true;
          })
          .run();
        editor.view.focus();
      });
      dom.append(shown, unlock);
      return { dom, stopEvent: (event) => event.target === unlock, ignoreMutation: () => true, destroy };
    };
  },
});

const isCarried = (selection: Selection): selection is NodeSelection =>
  selection instanceof NodeSelection && selection.node.type.name === 'carried';

/**
 * Selects the carried block that stands beside the caret's own line, so that the next press deletes what is seen to be chosen. An empty line between goes.
 * What stands in a list, a quotation or a table is left to the editor: there the key takes it out of that, or does nothing.
 */
function selectCarriedBeside(view: EditorView, direction: 1 | -1): boolean {
  const { tr, doc, selection } = view.state;
  if (!(selection instanceof TextSelection) || !selection.empty) return false;
  const { $from } = selection;
  if ($from.parentOffset !== (direction > 0 ? $from.parent.content.size : 0)) return false;
  const edge = doc.resolve(direction > 0 ? $from.after() : $from.before());
  const beside = direction > 0 ? edge.nodeAfter : edge.nodeBefore;
  if (beside?.type.name !== 'carried') return false;
  const at = direction > 0 ? edge.pos : edge.pos - beside.nodeSize;
  if ($from.parent.content.size === 0 && $from.depth === 1) tr.delete($from.before(), $from.after());
  view.dispatch(tr.setSelection(NodeSelection.create(tr.doc, tr.mapping.map(at))).scrollIntoView());
  return true;
}

/** To where the letter begins, if a carried block is selected: what is put in then would take its place. */
export function leaveCarried(view: EditorView): boolean {
  const { selection, doc, tr } = view.state;
  if (!isCarried(selection)) return false;
  const start = Selection.atStart(doc);
  // a draft may begin with it
  if (start instanceof NodeSelection) {
    const paragraph = view.state.schema.nodes['paragraph']?.create();
    if (!paragraph) return false;
    tr.insert(0, paragraph);
    view.dispatch(tr.setSelection(Selection.atStart(tr.doc)));
  } else view.dispatch(tr.setSelection(start));
  return true;
}

/** As ordinary text of the editor, which knows no classes. */
function withOwnStyles(html: string): string {
  const { body: text, sheets } = apartFromSheets(html);
  const { body } = new DOMParser().parseFromString(text, 'text/html');
  inlineStyles(body, sheets);
  return body.innerHTML;
}

function shownNodes(html: string, pictureOf: CarriedOptions['pictureOf']): ChildNode[] {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  for (const style of body.querySelectorAll('style')) style.remove();
  for (const image of body.querySelectorAll('img')) showPicture(image, image.getAttribute('src') ?? '', pictureOf);
  return [...body.childNodes];
}

/**
 * The server has made them safe, and their selectors begin at the letter's own class. They are set here so that they reach nothing but blocks:
 * the page's policy has no place for a style element.
 */
function sheetOf(sheets: readonly string[]): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`@scope (.carried-text) {\n${sheets.join('\n')}\n}`);
  return sheet;
}
