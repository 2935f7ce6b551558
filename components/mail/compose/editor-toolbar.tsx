'use client';

import { useEditorState, type Editor as TiptapEditor } from '@tiptap/react';
import {
  BetweenHorizontalStart,
  BetweenVerticalStart,
  Bold,
  FileType,
  ImagePlus,
  Italic,
  Link2,
  List,
  ListOrdered,
  RemoveFormatting,
  Table2,
  TextQuote,
  Trash2,
  Underline,
} from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { leaveCarried } from './carried-node.ts';
import { linkTarget } from './link-target.ts';

interface Props {
  editor: TiptapEditor;
  onPicture: (files: File[]) => void;
  onPlain: () => void;
}

export function EditorToolbar({ editor, onPicture, onPlain }: Props) {
  const text = useTranslations('mail.compose');
  const [linking, setLinking] = useState(false);
  const pictures = useRef<HTMLInputElement>(null);
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
      table: editor.isActive('table'),
    }),
  });
  const chain = () => editor.chain().focus();
  const insertTable = () => {
    leaveCarried(editor.view);
    chain()
      .insertContent({
        type: 'table',
        attrs: { border: '1', cellpadding: '4', style: 'border-collapse: collapse' },
        content: Array.from({ length: 3 }, () => ({
          type: 'tableRow',
          content: Array.from({ length: 3 }, () => ({ type: 'tableCell', content: [{ type: 'paragraph' }] })),
        })),
      })
      .run();
  };
  const buttons = [
    { label: text('bold'), icon: Bold, on: active.bold, run: () => chain().toggleBold().run() },
    { label: text('italic'), icon: Italic, on: active.italic, run: () => chain().toggleItalic().run() },
    { label: text('underline'), icon: Underline, on: active.underline, run: () => chain().toggleUnderline().run() },
    { label: text('bulletList'), icon: List, on: active.bulletList, run: () => chain().toggleBulletList().run() },
    { label: text('orderedList'), icon: ListOrdered, on: active.orderedList, run: () => chain().toggleOrderedList().run() },
    { label: text('quote'), icon: TextQuote, on: active.blockquote, run: () => chain().toggleBlockquote().run() },
    { label: text('link'), icon: Link2, on: active.link, run: () => (active.link ? chain().unsetLink().run() : setLinking(true)) },
    { label: text('picture'), icon: ImagePlus, run: () => pictures.current?.click() },
    ...(active.table
      ? [
          { label: text('addRow'), icon: BetweenHorizontalStart, run: () => chain().addRowAfter().run() },
          { label: text('addColumn'), icon: BetweenVerticalStart, run: () => chain().addColumnAfter().run() },
          { label: text('deleteTable'), icon: Trash2, run: () => chain().deleteTable().run() },
        ]
      : [{ label: text('table'), icon: Table2, run: insertTable }]),
    { label: text('plain'), icon: FileType, run: onPlain },
    { label: text('clearFormat'), icon: RemoveFormatting, run: () => chain().unsetAllMarks().clearNodes().run() },
  ];
  return (
    <Toolbar className="format-bar" label={text('format')}>
      {buttons.map(({ label, icon, run, ...state }) => (
        <IconButton
          key={label}
          small
          label={label}
          {...('on' in state ? { 'aria-pressed': state.on } : {})}
          onMouseDown={(event) => event.preventDefault()}
          onClick={run}
        >
          <Icon of={icon} size={17} />
        </IconButton>
      ))}
      <input
        ref={pictures}
        type="file"
        accept="image/png,image/jpeg,image/gif,image/webp"
        multiple
        hidden
        data-testid="picture"
        onChange={(event) => {
          onPicture([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      {linking ? <LinkForm editor={editor} onClose={() => setLinking(false)} /> : null}
    </Toolbar>
  );
}

function LinkForm({ editor, onClose }: { editor: TiptapEditor; onClose: () => void }) {
  const text = useTranslations('mail.compose');
  const [address, setAddress] = useState('');
  const setLink = () => {
    const chain = editor.chain().focus();
    const written = address.trim();
    const target = linkTarget(written);
    if (written === '') chain.unsetLink().run();
    else if (editor.state.selection.empty)
      chain.insertContent({ type: 'text', text: written, marks: [{ type: 'link', attrs: { href: target } }] }).run();
    else chain.setLink({ href: target }).run();
    onClose();
  };
  return (
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
            onClose();
            editor.commands.focus();
          }
        }}
      />
      <button type="submit" className="btn s">
        {text('linkSet')}
      </button>
    </form>
  );
}
