'use client';

import dynamic from 'next/dynamic';
import { Maximize2, Minimize2, Paperclip, Trash2, Type, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useRef, useState, type SyntheticEvent } from 'react';
import { wholeHtml } from '#lib/webmail/writing/letter-html.ts';
import type { CarriedBlock, Letter, WritesAs } from '#lib/webmail/writing/letter.ts';
import { classes } from '../../ui/classes.ts';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { showToast } from '../../ui/toast.tsx';
import { mailAddress } from '../mail-api.ts';
import { useMail } from '../mail-context.ts';
import type { ComposeRequest } from './compose-request.ts';
import { ComposeQuestions, type Question } from './compose-questions.tsx';
import type { WritingHandle } from './editor.tsx';
import { filesOf, isPicture } from './files-of.ts';
import { FromField } from './from-field.tsx';
import { htmlAsText } from './html-as-text.ts';
import { keepFocusInside } from './keep-focus-inside.ts';
import { PlainEditor } from './plain-editor.tsx';
import { RecipientFields } from './recipient-fields.tsx';
import { SaveNote } from './save-note.tsx';
import { SendButtons } from './send-buttons.tsx';
import { UploadList } from './upload-list.tsx';
import { useDraft } from './use-draft.ts';
import { useEnding } from './use-ending.ts';
import { useLetterLock } from './use-letter-lock.ts';
import { useUploads } from './use-uploads.ts';
import { hasNoFile, namesFile, withSignature } from './written-text.ts';

const loadEditor = () => import('./editor.tsx');
const Editor = dynamic(loadEditor, { ssr: false, loading: () => <div className="body" /> });
/** The editor's code, fetched while nothing else is to do, so that the window opens at once. */
export const preloadEditor = (): void => void loadEditor();

interface Props {
  first: Letter;
  origin: ComposeRequest['from'];
  onClose: (draftChanged: boolean) => void;
}

/** What stands before the letter has its own keys: Escape closes that alone. */
const isBefore = (target: EventTarget): boolean => target instanceof Element && target.closest('dialog,[popover]') !== null;

/** The editor takes Escape away from the browser, and does nothing with it. */
const isOfEditor = (target: EventTarget): boolean => target instanceof Element && target.closest('.ProseMirror') !== null;

export function OpenLetter({ first, origin, onClose }: Props) {
  const text = useTranslations('mail');
  const { address, identities } = useMail();
  const [letter, setLetter] = useState(first);
  const [full, setFull] = useState(false);
  const [formats, setFormats] = useState(false);
  const [asking, setAsking] = useState<Question>(null);
  const [problem, setProblem] = useState('');
  const [notice, setNotice] = useState('');
  const [dragging, setDragging] = useState(false);
  const [initialUploads] = useState(first.uploads);
  const current = useRef(letter);
  // Taken up from the journal: only the journal may know it.
  const touched = useRef(origin === 'letter');
  const window_ = useRef<HTMLDivElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const writing = useRef<WritingHandle | null>(null);
  const draft = useDraft(address, first, origin === 'letter', (id, how) => {
    current.current = { ...current.current, id };
    setLetter(current.current);
    setNotice(text(how === 'sent' ? 'compose.conflictSent' : 'compose.conflict'));
  });

  const change = (part: Partial<Letter>) => {
    const next = { ...current.current, ...part };
    current.current = next;
    touched.current = true;
    setLetter(next);
    setProblem('');
    draft.touch(next);
  };
  const attach = useUploads(initialUploads, (uploads) => change({ uploads }));
  const addFiles = (added: readonly File[], place: 'text' | 'attachments') => {
    setDragging(false);
    const handle = writing.current;
    if (place === 'attachments' || !handle) return attach.add(added);
    attach.add(added.filter(isPicture), (stored) => stored.contentId && handle.insertPicture(stored.contentId, stored.name));
    attach.add(added.filter((file) => !isPicture(file)));
  };
  const takeFiles = (event: SyntheticEvent, transfer: DataTransfer) => {
    const { files: taken, folders } = filesOf(transfer);
    if (taken.length + folders === 0) return;
    event.preventDefault();
    addFiles(taken, 'attachments');
    if (folders > 0) showToast({ text: text('compose.noFolders'), seconds: 15 });
  };
  const pictureOf = useCallback((contentId: string): string | null => {
    const upload = current.current.uploads.find((one) => one.contentId === contentId);
    return upload ? mailAddress('uploads', { id: upload.id }) : null;
  }, []);
  useLetterLock(first, letter.id, () => setNotice(text('compose.openElsewhere')));
  // The editor comes a moment later than the window: Ctrl+Enter and Escape are the letter's from the first.
  useEffect(() => {
    if (!window_.current?.contains(document.activeElement)) window_.current?.focus({ preventScroll: true });
  }, []);

  const { close, send, discard } = useEnding({
    first,
    origin,
    current,
    touched,
    draft,
    attach,
    prepared: () => writing.current?.prepared ?? null,
    complain: (sentence, selector) => {
      setProblem(sentence);
      window_.current?.querySelector<HTMLElement>(selector)?.focus();
    },
    askForSubject: () => setAsking('subject'),
    askToWait: () => setAsking('uploading'),
    onClose,
  });
  const toPlain = () => {
    setAsking(null);
    const { html, blocks } = current.current;
    const shown = new Set([...wholeHtml({ html, blocks }).matchAll(/cid:([^"'\s<>)]+)/g)].map(([, contentId = '']) => contentId));
    if (writing.current) change({ html: '', blocks: [], text: writing.current.text() });
    writing.current = null;
    attach.asFiles(shown);
  };
  const signatureOf = (wanted: string | undefined) => identities.find((identity) => identity.address === wanted)?.signature ?? '';
  const writeAs = (identity: WritesAs) => {
    const before = signatureOf(current.current.from?.address ?? identities[0]?.address);
    const { text: written, html } = current.current;
    const from = { name: identity.name, address: identity.address };
    change(html === '' ? { from, text: withSignature(written, htmlAsText(before), htmlAsText(identity.signature)) } : { from });
    writing.current?.setSignature(identity.signature, before);
  };
  const title = {
    new: text('compose.newTitle'),
    reply: text('compose.reply'),
    'reply-all': text('compose.reply'),
    forward: text('compose.forward'),
    draft: text('compose.draft'),
  }[letter.kind];
  const addressed = first.to.length > 0;
  return (
    <div
      ref={window_}
      className={classes('composer', full && 'full', dragging && 'dragging')}
      role="dialog"
      aria-modal="true"
      aria-labelledby="compose-title"
      tabIndex={-1}
      onKeyDown={(event) => {
        // Of a word that is still being put together, Enter and Escape are the keyboard's.
        if (event.nativeEvent.isComposing || isBefore(event.target)) return;
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          void send();
        } else if (event.key === 'Escape' && asking === null && (!event.defaultPrevented || isOfEditor(event.target))) close();
        else if (event.key === 'Tab' && !event.defaultPrevented) keepFocusInside(event, window_.current);
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={(event) => {
        if (!window_.current?.contains(event.relatedTarget as Node | null)) setDragging(false);
      }}
      onDrop={(event) => takeFiles(event, event.dataTransfer)}
      onPaste={(event) => {
        // What the editor has taken is in the text. What is dropped on it comes here only where it did not.
        if (!event.defaultPrevented && !event.clipboardData.types.includes('text/plain')) takeFiles(event, event.clipboardData);
      }}
    >
      <div className="air" aria-hidden="true" />
      <div className="composer-head">
        <h1 id="compose-title">{title}</h1>
        <SaveNote status={draft.status} />
        <IconButton className="only-wide" label={text(full ? 'compose.shrink' : 'compose.enlarge')} onClick={() => setFull(!full)}>
          <Icon of={full ? Minimize2 : Maximize2} size={16} />
        </IconButton>
        <IconButton label={text('compose.close')} onClick={() => close()}>
          <Icon of={X} />
        </IconButton>
      </div>
      {notice ? (
        <p className="compose-notice" role="alert">
          {notice}
        </p>
      ) : null}
      <FromField from={letter.from} onChange={writeAs} />
      <RecipientFields letter={letter} startsHere={!addressed} onChange={change} />
      <div className="line-field">
        <label htmlFor="compose-subject">{text('compose.subject')}</label>
        <div className="set">
          <input
            id="compose-subject"
            className="subject-input"
            dir="auto"
            value={letter.subject}
            maxLength={900}
            autoComplete="off"
            onChange={(event) => change({ subject: event.target.value })}
          />
        </div>
      </div>
      {letter.html === '' ? (
        <PlainEditor
          text={letter.text}
          autoFocus={addressed}
          onChange={(written) => change({ text: written })}
          onFormatted={(html) => change({ html, text: '' })}
        />
      ) : (
        <Editor
          html={current.current.html}
          blocks={current.current.blocks}
          autoFocus={addressed}
          showToolbar={formats}
          onChange={(written: { html: string; blocks: CarriedBlock[] }) => change(written)}
          onFiles={addFiles}
          pictureOf={pictureOf}
          onReady={(handle) => {
            writing.current = handle;
          }}
          onData={(file, placed) => attach.add([file], (stored) => stored.contentId && placed(stored.contentId))}
          onPlain={() => (writing.current?.formatted() ? setAsking('plain') : toPlain())}
        />
      )}
      {dragging ? <p className="drop-here">{text('compose.dropHere')}</p> : null}
      {namesFile(letter) && hasNoFile(attach.uploads, letter) && first.kind !== 'forward' ? (
        <p className="compose-hint dim" role="status">
          {text('compose.noFileYet')}
        </p>
      ) : null}
      <UploadList {...attach} />
      {problem ? (
        <p className="compose-problem" role="alert">
          {problem}
        </p>
      ) : null}
      <footer>
        <SendButtons onSend={() => void send()} onSendLater={(at) => void send({ at })} />
        <span style={{ width: 8 }} />
        <IconButton label={text('compose.format')} aria-pressed={formats} onClick={() => setFormats(!formats)}>
          <Icon of={Type} />
        </IconButton>
        <IconButton label={text('compose.attach')} onClick={() => files.current?.click()}>
          <Icon of={Paperclip} />
        </IconButton>
        <input
          ref={files}
          type="file"
          multiple
          hidden
          data-testid="attach"
          onChange={(event) => {
            attach.add([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
        <span className="grow" />
        <span className="dim only-wide send-hint">{text('compose.sendHint')}</span>
        <IconButton
          label={text('compose.discard')}
          onClick={() => (touched.current || letter.draft || attach.busy ? setAsking('discard') : onClose(false))}
        >
          <Icon of={Trash2} />
        </IconButton>
      </footer>
      <ComposeQuestions
        asking={asking}
        onClose={() => setAsking(null)}
        onDiscard={() => void discard()}
        onPlain={toPlain}
        onCloseAnyway={() => close({ withoutFile: true })}
        onSend={() => void send({ withoutSubject: true })}
        onSubject={() => {
          setAsking(null);
          document.getElementById('compose-subject')?.focus();
        }}
      />
    </div>
  );
}
