'use client';

import { ChevronLeft, ChevronRight, Download, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import type { Attachment, MessageReference } from '#lib/webmail/reading/mail-message.ts';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { viewerKindOf } from './attachment-kinds.ts';
import { useMailDates } from '../dates.ts';
import { mailAddress } from '../mail-api.ts';
import { PdfPages } from './pdf-pages.tsx';
import { TextFile } from './text-file.tsx';
import { ViewerWait } from './viewer-wait.tsx';

interface Props {
  /** those that can be shown */
  files: readonly Attachment[];
  message: MessageReference;
  at: number;
  onStep: (at: number) => void;
  onClose: () => void;
}

/** Files of a letter one after the other, over the page: arrows step, Esc closes. */
export function AttachmentViewer({ files, message, at, onStep, onClose }: Props) {
  const text = useTranslations('mail.read.viewer');
  const dates = useMailDates();
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (!element.current?.open) element.current?.showModal();
  }, []);
  const file = files[at];
  if (!file) return null;
  const query = { folder: message.folder, uid: message.uid, part: file.part };
  const step = (by: number) => {
    const to = at + by;
    if (to < 0 || to >= files.length) return;
    // what has the focus in a file goes with it, and the button of the last step takes no more keys: they stay here
    const isLast = to === 0 || to === files.length - 1;
    if (document.activeElement?.closest(isLast ? '.viewer-body, .viewer-step' : '.viewer-body')) element.current?.focus();
    onStep(to);
  };
  return (
    <dialog
      ref={element}
      className="viewer"
      tabIndex={-1}
      aria-label={file.name}
      onClose={onClose}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        // the keys of the list behind it rest meanwhile
        event.stopPropagation();
        if (event.target instanceof HTMLMediaElement || event.target instanceof HTMLInputElement) return;
        if (event.key === 'ArrowLeft') step(-1);
        if (event.key === 'ArrowRight') step(1);
      }}
    >
      <div className="viewer-head">
        <span className="cut grow">
          <bdi>{file.name}</bdi> <span className="dim num">{dates.size(file.sizeBytes)}</span>
        </span>
        <span className="dim num" role="status">
          {text('position', { at: at + 1, of: files.length })}
        </span>
        <a className="ib" href={mailAddress('part', query)} download={file.name} aria-label={text('download')} title={text('download')}>
          <Icon of={Download} />
        </a>
        <IconButton label={text('close')} onClick={onClose} data-autofocus>
          <Icon of={X} />
        </IconButton>
      </div>
      <div className="viewer-body">
        <Shown key={file.part} file={file} address={mailAddress('part', { ...query, open: 1 })} />
      </div>
      {files.length > 1 ? (
        <>
          <IconButton className="viewer-step before" label={text('previous')} disabled={at === 0} onClick={() => step(-1)}>
            <Icon of={ChevronLeft} />
          </IconButton>
          <IconButton className="viewer-step after" label={text('next')} disabled={at === files.length - 1} onClick={() => step(1)}>
            <Icon of={ChevronRight} />
          </IconButton>
        </>
      ) : null}
    </dialog>
  );
}

function Shown({ file, address }: { file: Attachment; address: string }) {
  const text = useTranslations('mail.read.viewer');
  const [failed, setFailed] = useState(false);
  const [loaded, setLoaded] = useState(false);
  const fail = () => setFailed(true);
  // broken, or of a kind that this browser does not play
  if (failed) return <p role="alert">{text('failed')}</p>;
  switch (viewerKindOf(file)) {
    case 'picture':
      return (
        <>
          {loaded ? null : <ViewerWait />}
          {/* biome-ignore lint/performance/noImgElement: a part of a letter comes from our own route, behind the sign-in */}
          <img src={address} alt={file.name} onLoad={() => setLoaded(true)} onError={fail} />
        </>
      );
    case 'pdf':
      return <PdfPages address={address} name={file.name} />;
    case 'text':
      return <TextFile address={address} />;
    case 'audio':
      // biome-ignore lint/a11y/useMediaCaption: somebody's own recording, sent by mail
      return <audio src={address} controls onError={fail} />;
    case 'video':
      // biome-ignore lint/a11y/useMediaCaption: somebody's own recording, sent by mail
      return <video src={address} controls onError={fail} />;
    default:
      return null;
  }
}
