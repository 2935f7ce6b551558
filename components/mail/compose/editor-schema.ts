'use client';

import { Extension, Mark, mergeAttributes, Node } from '@tiptap/core';
import Image from '@tiptap/extension-image';
import Paragraph from '@tiptap/extension-paragraph';
import { Table, TableCell, TableHeader, TableRow } from '@tiptap/extension-table';
import StarterKit from '@tiptap/starter-kit';
import { CarriedNode, type CarriedOptions } from './carried-node.ts';
import { blockTags, meaningOf } from './line-breaks.ts';
import { LinkAtSentenceEnd } from './link-at-sentence-end.ts';
import { safeLink } from './link-target.ts';
import { showPicture } from './show-picture.ts';

/**
 * What the editor can hold without loss: tables with their colours and borders, pictures in the text, styled text. Attributes of HTML
 * mail are kept as they were given; what cannot be held at all is carried as a block (fidelity.ts).
 */
const keptEverywhere = [
  'style',
  'align',
  'dir',
  'bgcolor',
  'width',
  'height',
  'border',
  'cellpadding',
  'cellspacing',
  'valign',
  'type',
  'background',
];
const blocks = [
  'paragraph',
  'heading',
  'blockquote',
  'bulletList',
  'orderedList',
  'listItem',
  'codeBlock',
  'horizontalRule',
  'table',
  'tableRow',
  'tableCell',
  'tableHeader',
  'container',
];

const KeptAttributes = Extension.create({
  name: 'keptAttributes',
  addGlobalAttributes: () => [
    {
      types: blocks,
      attributes: Object.fromEntries(
        keptEverywhere.map((name) => [
          name,
          {
            default: null,
            keepOnSplit: name === 'align' || name === 'style' || name === 'dir',
            parseHTML: (element: HTMLElement) => element.getAttribute(name),
            renderHTML: (attributes: Record<string, unknown>) => (attributes[name] ? { [name]: attributes[name] } : {}),
          },
        ]),
      ),
    },
  ],
});

const holdsBlocks = (element: HTMLElement): boolean => element.querySelector(blockTags) !== null;

/** A line of Outlook on the web, Gmail or Apple Mail is a `div`: it stays one, so that no space comes between lines. */
const Lines = Paragraph.extend({
  addAttributes() {
    return { ...this.parent?.(), as: { default: null, rendered: false } };
  },
  parseHTML: () => [
    { tag: 'p' },
    { tag: 'div', getAttrs: (element) => (holdsBlocks(element) || element.hasAttribute('data-block') ? false : { as: 'div' }) },
    { tag: 'br', priority: 60, ignore: true, getAttrs: (element) => (meaningOf(element) === 'nothing' ? {} : false) },
    { tag: 'br', priority: 60, getAttrs: (element) => (meaningOf(element) === 'line' ? { as: 'div' } : false) },
  ],
  renderHTML: ({ node, HTMLAttributes }) => [
    node.attrs['as'] === 'div' ? 'div' : 'p',
    !node.attrs['dir'] && beginsAtTheRight(node.textContent) ? { ...HTMLAttributes, dir: 'rtl' } : HTMLAttributes,
    0,
  ],
});

const right = /^[^\p{L}]*[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
/** By its first letter, as the page shows it; programs that get the letter must be told. */
const beginsAtTheRight = (text: string): boolean => right.test(text);

/** Enter on an empty line of a quote leaves the quote, also in its middle: what is answered there is the writer's own. */
const AnswerBetween = Extension.create({
  name: 'answerBetween',
  priority: 1000,
  addKeyboardShortcuts() {
    return {
      Enter: () => {
        const { empty, $from } = this.editor.state.selection;
        if (!empty || $from.parent.content.size > 0 || $from.depth < 2 || $from.node(-1).type.name !== 'blockquote') return false;
        // the first parts the quote where something follows
        this.editor.chain().liftEmptyBlock().liftEmptyBlock().run();
        return true;
      },
    };
  },
});

/** A `div` that gives what lies in it a style of its own. */
const Container = Node.create({
  name: 'container',
  group: 'block',
  content: 'block+',
  defining: true,
  parseHTML: () => [
    {
      tag: 'div[style],div[align],div[dir]',
      getAttrs: (element) => (holdsBlocks(element) && !element.hasAttribute('data-block') ? {} : false),
    },
  ],
  renderHTML: ({ HTMLAttributes }) => ['div', HTMLAttributes, 0],
});

/** The signature, so that another From can put its own in its place. */
const Signature = Node.create({
  name: 'signature',
  group: 'block',
  content: 'block+',
  defining: true,
  parseHTML: () => [{ tag: 'div[data-signature],div.signature', priority: 60 }],
  renderHTML: () => ['div', { class: 'signature', 'data-signature': '' }, 0],
});

/** Colour, face and size of text, from `span` and `font` alike. Several lie upon each other. */
const Styled = Mark.create({
  name: 'styled',
  excludes: '',
  addAttributes: () => ({ style: { default: null } }),
  parseHTML: () => [
    { tag: 'span[style]', getAttrs: (element) => ({ style: element.getAttribute('style') }) },
    { tag: 'font', getAttrs: (element) => fontStyle(element) },
    ...['b', 'strong', 'i', 'em', 'u', 's', 'a', 'sub', 'sup', 'code'].map((name) => ({
      tag: `${name}[style]`,
      consuming: false,
      getAttrs: (element: HTMLElement) => ({ style: element.getAttribute('style') }),
    })),
  ],
  renderHTML: ({ HTMLAttributes }) => ['span', HTMLAttributes, 0],
});

const fontSizes = ['', '10px', '13px', '16px', '18px', '24px', '32px', '48px'];

function fontStyle(element: HTMLElement): { style: string } | false {
  const probe = document.createElement('span');
  probe.style.cssText = element.getAttribute('style') ?? '';
  const [color, face, size] = ['color', 'face', 'size'].map((name) => element.getAttribute(name) ?? '');
  if (color) probe.style.color = color;
  if (face) probe.style.fontFamily = face;
  if (size) probe.style.fontSize = fontSizes[Number(size)] ?? '';
  return probe.style.cssText ? { style: probe.style.cssText } : false;
}

const simpleMark = (name: string, tag: string) =>
  Mark.create({ name, parseHTML: () => [{ tag }], renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0] });

/** Widths that are dragged are the editor's own; `align` of a cell is written as it was given, for as a style it would reach tables within. */
const unwritten = { default: null, rendered: false };
const ownOfEditor = { colwidth: unwritten, align: unwritten };
const cells = [TableCell, TableHeader].map((cell) =>
  cell.extend({
    addAttributes() {
      return { ...this.parent?.(), ...ownOfEditor };
    },
  }),
);

const MailTable = Table.extend({
  addNodeView: () => null,
  renderHTML: ({ HTMLAttributes }) => ['table', HTMLAttributes, ['tbody', 0]],
});

/** `src` stays what the letter says ("cid:…"); what is shown is the stored file. */
const mailImage = ({ pictureOf }: Pick<CarriedOptions, 'pictureOf'>) =>
  Image.extend({
    addAttributes() {
      const kept = ['style', 'width', 'height', 'border', 'align', 'hspace', 'vspace'];
      return { ...this.parent?.(), ...Object.fromEntries(kept.map((name) => [name, { default: null }])) };
    },
    parseHTML: () => [{ tag: 'img[src]' }],
    renderHTML: ({ HTMLAttributes }) => ['img', mergeAttributes(HTMLAttributes)],
    addNodeView() {
      return ({ HTMLAttributes }) => {
        const image = document.createElement('img');
        for (const [name, value] of Object.entries(HTMLAttributes))
          if (name !== 'src' && value !== null) image.setAttribute(name, String(value));
        showPicture(image, String(HTMLAttributes['src'] ?? ''), pictureOf);
        return { dom: image };
      };
    },
  }).configure({ inline: true, allowBase64: true });

export const editorExtensions = (options: CarriedOptions) => [
  StarterKit.configure({
    paragraph: false,
    link: {
      openOnClick: false,
      autolink: true,
      defaultProtocol: 'https',
      isAllowedUri: (address) => safeLink(address) || !address.includes(':'),
    },
  }),
  LinkAtSentenceEnd,
  Lines,
  AnswerBetween,
  Container,
  Signature,
  Styled,
  simpleMark('sub', 'sub'),
  simpleMark('sup', 'sup'),
  MailTable,
  TableRow,
  ...cells,
  mailImage(options),
  CarriedNode.configure(options),
  KeptAttributes,
];
