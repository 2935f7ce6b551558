'use client';

import { EditorContent, useEditor, useEditorState, type Editor as TiptapEditor } from '@tiptap/react';
import StarterKit from '@tiptap/starter-kit';
import { Bold, Italic, Link2, List, ListOrdered, TextQuote, Underline } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { takeTypedEarly } from './typed-early.ts';
import { withoutTables } from './without-tables.ts';

interface Props {
  html: string;
  autoFocus: boolean;
  showToolbar: boolean;
  onChange: (html: string) => void;
  onFiles: (files: File[]) => void;
}

const safeLink = (address: string): boolean => /^(https?:\/\/|mailto:|tel:)/i.test(address);

const hasText = (html: string): boolean => new DOMParser().parseFromString(html, 'text/html').body.textContent.trim() !== '';

/** Where the letter is written. Loaded when the first letter is opened. */
export default function Editor({ html, autoFocus, showToolbar, onChange, onFiles }: Props) {
  const text = useTranslations('mail.compose');
  const editor = useEditor({
    extensions: [
      StarterKit.configure({
        link: {
          openOnClick: false,
          autolink: true,
          defaultProtocol: 'https',
          isAllowedUri: (address) => safeLink(address) || !address.includes(':'),
        },
      }),
    ],
    content: withoutTables(html),
    immediatelyRender: false,
    injectCSS: false,
    autofocus: autoFocus ? 'start' : false,
    editorProps: {
      attributes: { class: 'body-text', role: 'textbox', 'aria-multiline': 'true', 'aria-label': text('body') },
      handlePaste: (_, event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        // Word and Excel add a picture of the text they copy: what has text is pasted as text.
        if (files.length === 0 || hasText(event.clipboardData?.getData('text/html') ?? '')) return false;
        onFiles(files);
        return true;
      },
      transformPastedHTML: withoutTables,
      handleDrop: (_, event) => (event.dataTransfer?.files.length ?? 0) > 0,
      // Ctrl+Enter sends: the window sees to it.
      handleKeyDown: (_, event) => event.key === 'Enter' && (event.ctrlKey || event.metaKey),
    },
    onFocus: ({ editor }) => {
      const typed = autoFocus ? takeTypedEarly() : '';
      if (typed) editor.view.dispatch(editor.state.tr.insertText(typed));
    },
    onUpdate: ({ editor }) => onChange(editor.getHTML()),
  });
  useEffect(() => () => editor?.destroy(), [editor]);
  if (!editor) return <div className="body" />;
  return (
    <>
      {showToolbar ? <Toolbar editor={editor} /> : null}
      <EditorContent className="body" editor={editor} />
    </>
  );
}

function Toolbar({ editor }: { editor: TiptapEditor }) {
  const text = useTranslations('mail.compose');
  const [linking, setLinking] = useState(false);
  const [address, setAddress] = useState('');
  const active = useEditorState({
    editor,
    selector: ({ editor }) => ({
      bold: editor.isActive('bold'),
      italic: editor.isActive('italic'),
      underline: editor.isActive('underline'),
      bulletList: editor.isActive('bulletList'),
      orderedList: editor.isActive('orderedList'),
      blockquote: editor.isActive('blockquote'),
      link: editor.isActive('link'),
    }),
  });
  const chain = () => editor.chain().focus();
  const setLink = () => {
    const target = safeLink(address) ? address : `https://${address}`;
    if (!address.trim()) chain().unsetLink().run();
    else if (editor.state.selection.empty)
      chain()
        .insertContent({ type: 'text', text: address, marks: [{ type: 'link', attrs: { href: target } }] })
        .run();
    else chain().setLink({ href: target }).run();
    setLinking(false);
    setAddress('');
  };
  const buttons = [
    { key: 'bold', label: text('bold'), icon: Bold, run: () => chain().toggleBold().run() },
    { key: 'italic', label: text('italic'), icon: Italic, run: () => chain().toggleItalic().run() },
    { key: 'underline', label: text('underline'), icon: Underline, run: () => chain().toggleUnderline().run() },
    { key: 'bulletList', label: text('bulletList'), icon: List, run: () => chain().toggleBulletList().run() },
    { key: 'orderedList', label: text('orderedList'), icon: ListOrdered, run: () => chain().toggleOrderedList().run() },
    { key: 'blockquote', label: text('quote'), icon: TextQuote, run: () => chain().toggleBlockquote().run() },
    { key: 'link', label: text('link'), icon: Link2, run: () => (editor.isActive('link') ? chain().unsetLink().run() : setLinking(true)) },
  ] as const;
  return (
    <div className="format-bar" role="toolbar" aria-label={text('format')}>
      {buttons.map(({ key, label, icon, run }) => (
        <IconButton key={key} small label={label} aria-pressed={active[key]} onMouseDown={(event) => event.preventDefault()} onClick={run}>
          <Icon of={icon} size={17} />
        </IconButton>
      ))}
      {linking ? (
        <form
          className="link-form"
          onSubmit={(event) => {
            event.preventDefault();
            setLink();
          }}
        >
          <input
            // biome-ignore lint/a11y/noAutofocus: it appears because the person asked for it
            autoFocus
            className="input"
            aria-label={text('linkAddress')}
            placeholder="https://"
            value={address}
            onChange={(event) => setAddress(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') {
                event.stopPropagation();
                setLinking(false);
              }
            }}
          />
          <button type="submit" className="btn s">
            {text('linkSet')}
          </button>
        </form>
      ) : null}
    </div>
  );
}
