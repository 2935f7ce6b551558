'use client';

import dynamic from 'next/dynamic';
import { Maximize2, Minimize2, Paperclip, Send, Trash2, Type, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { looksLikeAddress } from '#lib/webmail/address-list.ts';
import type { Letter } from '#lib/webmail/types.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { FailureNote } from '../failure-note.tsx';
import { sendMail } from '../mail-api.ts';
import { useMail } from '../mail-context.ts';
import type { ComposeRequest } from './compose-request.ts';
import { dropFromJournal } from './journal.ts';
import { keepFocusInside } from './keep-focus-inside.ts';
import { holdLetter } from './letter-lock.ts';
import { RecipientField } from './recipient-field.tsx';
import { SaveNote } from './save-note.tsx';
import { UploadList } from './upload-list.tsx';
import { useDraft } from './use-draft.ts';
import { useLetter } from './use-letter.ts';
import { useOutbox } from './use-outbox.ts';
import { useUploads } from './use-uploads.ts';

const loadEditor = () => import('./editor.tsx');
const Editor = dynamic(loadEditor, { ssr: false, loading: () => <div className="body" /> });
/** The editor's code, fetched while nothing else is to do, so that the window opens at once. */
export const preloadEditor = (): void => void loadEditor();

/** The letter being written: airmail edge, a sheet from the bottom right, kept with every key. */
export function ComposeWindow({ request, onClose }: { request: ComposeRequest; onClose: (draftChanged: boolean) => void }) {
  const text = useTranslations('mail');
  const { letter, failure, retry } = useLetter(request);
  useFocusBack();
  return (
    <>
      <div className="scrim" aria-hidden="true" />
      {letter ? (
        <OpenLetter key={letter.id} first={letter} takenUp={request.from === 'letter'} onClose={onClose} />
      ) : (
        <div className="composer" role="dialog" aria-modal="true" aria-label={text('compose.loading')}>
          <div className="air" aria-hidden="true" />
          <div className="composer-head">
            <span className="grow dim">{failure ? '' : text('compose.loading')}</span>
            <IconButton label={text('compose.close')} onClick={() => onClose(false)}>
              <Icon of={X} />
            </IconButton>
          </div>
          {failure ? <FailureNote failure={failure} onRetry={retry} /> : null}
        </div>
      )}
    </>
  );
}

/** Who was somewhere with the keyboard is there again afterwards. */
function useFocusBack(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    },
    [before],
  );
}

/** `takenUp`: it has been written at before, here; only the journal may know it. */
function OpenLetter({ first, takenUp, onClose }: { first: Letter; takenUp: boolean; onClose: (draftChanged: boolean) => void }) {
  const text = useTranslations('mail');
  const { address, name } = useMail();
  const sendLater = useOutbox();
  const [letter, setLetter] = useState(first);
  const [initialUploads] = useState(first.uploads);
  const [full, setFull] = useState(false);
  const [showsCc, setShowsCc] = useState(first.cc.length > 0 || first.bcc.length > 0);
  const [formats, setFormats] = useState(false);
  const [asking, setAsking] = useState<'discard' | 'subject' | null>(null);
  const [problem, setProblem] = useState('');
  const [dragging, setDragging] = useState(false);
  const draft = useDraft(address, first);
  const current = useRef(letter);
  const touched = useRef(takenUp);
  const window_ = useRef<HTMLDivElement>(null);
  const toField = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);

  const change = (part: Partial<Letter>) => {
    const next = { ...current.current, ...part };
    current.current = next;
    touched.current = true;
    setLetter(next);
    setProblem('');
    draft.touch(next);
  };
  const attach = useUploads(initialUploads, (uploads) => change({ uploads }));
  const addressed = first.to.length > 0;
  useEffect(() => holdLetter(first.id), [first.id]);
  // The editor comes a moment later than the window: Ctrl+Enter and Escape are the letter's from the first.
  useEffect(() => {
    if (!window_.current?.contains(document.activeElement)) window_.current?.focus({ preventScroll: true });
  }, []);

  const close = () => {
    if (touched.current) void draft.close().then(() => onClose(true));
    onClose(touched.current);
  };
  const send = async (withoutSubject = false) => {
    const ready = current.current;
    const everybody = [...ready.to, ...ready.cc, ...ready.bcc];
    const wrong = everybody.filter((person) => !looksLikeAddress(person.address));
    if (everybody.length === 0) return complain(text('errors.NoRecipient.title'), toField.current);
    if (wrong.length > 0)
      return complain(text('compose.notAnAddress', { count: wrong.length, addresses: wrong.map((one) => one.address).join(', ') }));
    if (attach.busy || attach.uploads.some((upload) => upload.failure))
      return complain(
        text('compose.notSent', {
          why: attach.busy ? text('compose.saving') : (attach.uploads.find((upload) => upload.failure)?.failure ?? ''),
        }),
      );
    if (!ready.subject.trim() && !withoutSubject) return setAsking('subject');
    const where = await draft.finish();
    sendLater({ ...ready, draft: where });
    onClose(false);
  };
  const complain = (sentence: string, focus?: HTMLElement | null) => {
    setProblem(sentence);
    focus?.focus();
  };
  const discard = async () => {
    const where = await draft.finish();
    dropFromJournal(address, letter.id);
    onClose(true);
    if (where || touched.current) await sendMail('drafts', { id: letter.id, draft: where }, 'DELETE').catch(() => undefined);
    onClose(true);
  };

  const title = {
    new: text('compose.newTitle'),
    reply: text('compose.reply'),
    'reply-all': text('compose.reply'),
    forward: text('compose.forward'),
    draft: text('compose.draft'),
  }[letter.kind];
  return (
    <div
      ref={window_}
      className={classes('composer', full && 'full', dragging && 'dragging')}
      role="dialog"
      aria-modal="true"
      aria-labelledby="compose-title"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          void send();
        } else if (event.key === 'Escape' && asking === null) close();
        else if (event.key === 'Tab') keepFocusInside(event, window_.current);
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={(event) => {
        if (!window_.current?.contains(event.relatedTarget as Node | null)) setDragging(false);
      }}
      onDrop={(event) => {
        if (event.dataTransfer.files.length === 0) return;
        event.preventDefault();
        setDragging(false);
        attach.add(event.dataTransfer.files);
      }}
    >
      <div className="air" aria-hidden="true" />
      <div className="composer-head">
        <h1 id="compose-title">{title}</h1>
        <SaveNote status={draft.status} />
        <IconButton className="only-wide" label={text(full ? 'compose.shrink' : 'compose.enlarge')} onClick={() => setFull(!full)}>
          <Icon of={full ? Minimize2 : Maximize2} size={16} />
        </IconButton>
        <IconButton label={text('compose.close')} onClick={close}>
          <Icon of={X} />
        </IconButton>
      </div>
      <div className="line-field">
        <span className="lab">{text('compose.from')}</span>
        <div className="set from-line">
          {name} <span className="mono dim">{address}</span>
        </div>
      </div>
      <RecipientField
        label={text('compose.to')}
        people={letter.to}
        onChange={(to) => change({ to })}
        input={toField}
        startsHere={!addressed}
        aside={
          showsCc ? null : (
            <Button kind="quiet" small className="cc-button" onClick={() => setShowsCc(true)}>
              {text('compose.ccBcc')}
            </Button>
          )
        }
      />
      {showsCc ? (
        <>
          <RecipientField label={text('compose.cc')} people={letter.cc} onChange={(cc) => change({ cc })} />
          <RecipientField label={text('compose.bcc')} people={letter.bcc} onChange={(bcc) => change({ bcc })} />
        </>
      ) : null}
      <div className="line-field">
        <label htmlFor="compose-subject">{text('compose.subject')}</label>
        <div className="set">
          <input
            id="compose-subject"
            className="subject-input"
            value={letter.subject}
            maxLength={900}
            autoComplete="off"
            onChange={(event) => change({ subject: event.target.value })}
          />
        </div>
      </div>
      <Editor html={first.html} autoFocus={addressed} showToolbar={formats} onChange={(html) => change({ html })} onFiles={attach.add} />
      {dragging ? <p className="drop-here">{text('compose.dropHere')}</p> : null}
      <UploadList uploads={attach.uploads} used={attach.used} limit={attach.limit} onRemove={attach.remove} onRetry={attach.retry} />
      {problem ? (
        <p className="compose-problem" role="alert">
          {problem}
        </p>
      ) : null}
      <footer>
        <Button kind="primary" icon={<Icon of={Send} size={16} />} onClick={() => void send()}>
          {text('compose.send')}
        </Button>
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
          onClick={() => (touched.current || letter.draft ? setAsking('discard') : onClose(false))}
        >
          <Icon of={Trash2} />
        </IconButton>
      </footer>
      <Dialog open={asking === 'discard'} onClose={() => setAsking(null)} title={text('confirm.discardTitle')}>
        <p className="mid">{text('confirm.discardText')}</p>
        <div className="dialog-buttons">
          <Button data-autofocus onClick={() => setAsking(null)}>
            {text('confirm.keep')}
          </Button>
          <Button kind="danger-filled" onClick={() => void discard()}>
            {text('confirm.discardButton')}
          </Button>
        </div>
      </Dialog>
      <Dialog open={asking === 'subject'} onClose={() => setAsking(null)} title={text('compose.noSubjectTitle')}>
        <p className="mid">{text('compose.noSubjectText')}</p>
        <div className="dialog-buttons">
          <Button data-autofocus onClick={() => setAsking(null)}>
            {text('compose.noSubjectBack')}
          </Button>
          <Button kind="primary" onClick={() => void send(true)}>
            {text('compose.noSubjectSend')}
          </Button>
        </div>
      </Dialog>
    </div>
  );
}
