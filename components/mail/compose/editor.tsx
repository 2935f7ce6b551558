'use client';

import { Fragment, Slice } from '@tiptap/pm/model';
import { EditorContent, useEditor, type Editor as TiptapEditor } from '@tiptap/react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { wholeHtml } from '#lib/webmail/writing/letter-html.ts';
import type { CarriedBlock } from '#lib/webmail/writing/letter.ts';
import { showToast } from '../../ui/toast.tsx';
import { editorExtensions } from './editor-schema.ts';
import { leaveCarried } from './carried-node.ts';
import { EditorToolbar } from './editor-toolbar.tsx';
import { isPicture } from './files-of.ts';
import { withCarriedBlocks } from './fidelity.ts';
import { cleanPasted } from './paste.ts';
import { pastedText } from './pasted-text.ts';
import { adoptPictures } from './adopt-pictures.ts';
import { htmlAsText, isFormatted } from './html-as-text.ts';
import { setSignature } from './set-signature.ts';
import { takeTypedEarly } from './typed-early.ts';
import { writtenHtml } from './written-html.ts';

/** What the compose window may do with what is written. */
export interface WritingHandle {
  /** puts another signature where `before` stands, or one above the quote; what was written into the old one stays */
  setSignature: (html: string, before: string) => void;
  insertPicture: (contentId: string, alt: string) => void;
  /** everything as plain text, what is quoted with it */
  text: () => string;
  /** plain text would lose something */
  formatted: () => boolean;
  /** how the editor wrote the letter before the first key */
  prepared: string;
}

interface Props {
  html: string;
  blocks: readonly CarriedBlock[];
  autoFocus: boolean;
  showToolbar: boolean;
  onChange: (written: { html: string; blocks: CarriedBlock[] }) => void;
  /** files that were pasted; pictures go into the text */
  onFiles: (files: File[], place: 'text' | 'attachments') => void;
  /** keeps a picture that stands in the text as data; told its Content-ID */
  onData: (file: File, placed: (contentId: string) => void) => void;
  pictureOf: (contentId: string) => string | null;
  onReady: (handle: WritingHandle) => void;
  /** the letter goes on without formatting */
  onPlain: () => void;
}

const hasText = (html: string): boolean => {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  return body.textContent.trim() !== '' || body.querySelector('table') !== null;
};

/** Reading more takes minutes, in which nothing can be written. Nobody reads it in a letter. */
const mostPasted = 1_000_000;

/** Where the letter is written. Loaded when the first letter is opened. */
export default function Editor(props: Props) {
  const { html, autoFocus, showToolbar } = props;
  const text = useTranslations('mail.compose');
  const latest = useRef(props);
  latest.current = props;
  const blocks = useRef<CarriedBlock[]>([...props.blocks]);
  const richText = useRef('');
  const keepRichText = (from: DataTransfer | null): void => {
    richText.current = from?.getData('text/rtf') ?? '';
  };
  const [extensions] = useState(() =>
    editorExtensions({
      htmlOf: (id) => blocks.current.find((block) => block.id === id)?.html ?? '',
      pictureOf: (contentId) => latest.current.pictureOf(contentId),
      unlockLabel: text('unlockQuote'),
      cutNote: text('quoteCut'),
    }),
  );
  const editor = useEditor({
    extensions,
    content: '',
    immediatelyRender: false,
    injectCSS: false,
    editorProps: {
      attributes: { class: 'body-text', role: 'textbox', 'aria-multiline': 'true', 'aria-label': text('body') },
      handlePaste: (_, event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        // Word and Excel add a picture of the text they copy: what has text is pasted as text.
        if (files.length === 0 || hasText(event.clipboardData?.getData('text/html') ?? '')) return false;
        latest.current.onFiles(files, files.every(isPicture) ? 'text' : 'attachments');
        return true;
      },
      // before anything of it is read
      handleDOMEvents: {
        paste: (_, event) => {
          keepRichText(event.clipboardData);
          const plain = event.clipboardData?.getData('text/plain') ?? '';
          if (plain.length <= mostPasted) return false;
          event.preventDefault();
          latest.current.onFiles([new File([plain], 'text.txt', { type: 'text/plain' })], 'attachments');
          showToast({ text: text('pastedAsFile'), seconds: 15 });
          return true;
        },
        drop: (_, { dataTransfer }) => keepRichText(dataTransfer),
      },
      transformPastedHTML: (pasted) =>
        cleanPasted(pasted, richText.current, (count) => showToast({ text: text('picturesNotCopied', { count }), seconds: 15 })),
      clipboardTextParser: (pasted, context) => pastedText(pasted, context),
      // Below a pasted table one goes on writing, not in its last cell.
      transformPasted: (slice, view) => {
        const room = view.state.schema.nodes['paragraph']?.create();
        if (slice.content.lastChild?.type.name !== 'table' || !room) return slice;
        return new Slice(slice.content.append(Fragment.from(room)), slice.openStart, 1);
      },
      handleDrop: (view, event) => {
        const files = [...(event.dataTransfer?.files ?? [])];
        if (files.length === 0) return false;
        if (!files.every(isPicture)) return true;
        event.preventDefault();
        event.stopPropagation();
        const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
        if (at) editorOf.current?.commands.setTextSelection(at.pos);
        latest.current.onFiles(files, 'text');
        return true;
      },
      // Ctrl+Enter sends: the window sees to it.
      handleKeyDown: (_, event) => event.key === 'Enter' && (event.ctrlKey || event.metaKey),
    },
    onCreate: ({ editor }) => {
      const roundTrip = (piece: string) => {
        put(editor, piece);
        return writtenHtml(editor);
      };
      const whole = withCarriedBlocks(html, blocks.current, roundTrip);
      blocks.current = whole.blocks;
      put(editor, whole.html);
      if (autoFocus) editor.commands.focus('start');
      latest.current.onReady(handleOf(editor, () => blocks.current));
    },
    onFocus: ({ editor }) => {
      const typed = autoFocus ? takeTypedEarly() : '';
      if (typed) editor.view.dispatch(editor.state.tr.insertText(typed));
    },
    onUpdate: ({ editor, transaction }) => {
      latest.current.onChange(writtenIn(editor));
      if (transaction.getMeta('uiEvent')) adoptPictures(editor, (file, placed) => latest.current.onData(file, placed));
    },
  });
  const editorOf = useRef(editor);
  editorOf.current = editor;
  const writtenIn = (from: TiptapEditor) => {
    const written = writtenHtml(from);
    return { html: written, blocks: blocks.current.filter(({ id }) => written.includes(`data-block="${id}"`)) };
  };
  useEffect(() => () => editor?.destroy(), [editor]);
  if (!editor) return <div className="body" />;
  return (
    <>
      {showToolbar ? (
        <EditorToolbar
          editor={editor}
          onPicture={(files) => latest.current.onFiles(files, 'text')}
          onPlain={() => latest.current.onPlain()}
        />
      ) : null}
      <EditorContent className="body" editor={editor} />
    </>
  );
}

/** Neither a change that is told nor a step that can be taken back. */
const put = (editor: TiptapEditor, html: string): void =>
  void editor.chain().setMeta('addToHistory', false).setContent(html, { emitUpdate: false }).run();

const handleOf = (editor: TiptapEditor, blocks: () => CarriedBlock[]): WritingHandle => ({
  setSignature: (html, before) => setSignature(editor, html, before),
  insertPicture: (contentId, alt) => {
    leaveCarried(editor.view);
    editor
      .chain()
      .focus()
      .insertContent({ type: 'image', attrs: { src: `cid:${contentId}`, alt } })
      .run();
  },
  text: () => htmlAsText(wholeHtml({ html: writtenHtml(editor), blocks: blocks() })),
  formatted: () => isFormatted(editor.getHTML()),
  prepared: writtenHtml(editor),
});
