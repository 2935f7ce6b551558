'use client';

import { RotateCw, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { kindOf } from '../letter/attachment-kinds.ts';
import { useMailDates } from '../dates.ts';
import { FileName } from '../letter/file-name.tsx';
import type { Upload } from './use-uploads.ts';

interface Props {
  uploads: readonly Upload[];
  used: number;
  limit: number;
  remove: (key: string) => void;
  retry: (upload: Upload) => void;
}

export function UploadList({ uploads, used, limit, remove, retry }: Props) {
  const text = useTranslations('mail.compose');
  const dates = useMailDates();
  const files = uploads.filter((upload) => upload.stored?.contentId === undefined);
  if (files.length === 0) return null;
  return (
    <div className="uploads">
      <div className="uploads-head">
        <h2>{text('attachments', { count: files.length })}</h2>
        <span className="dim num">{text('size', { used: dates.size(used), limit: dates.size(limit) })}</span>
      </div>
      <ul>
        {files.map((upload) => (
          <li key={upload.key} className="up">
            <span className="kind" aria-hidden="true">
              {kindOf(upload.name, upload.type)}
            </span>
            <span className="cut" title={upload.name}>
              <b className="up-name">
                <FileName name={upload.name} />
              </b>{' '}
              <span className="dim num">{dates.size(upload.sizeBytes)}</span>
            </span>
            {upload.stored || upload.failure ? (
              <span className="bar done" style={{ visibility: 'hidden' }} />
            ) : (
              <ProgressBar label={upload.name} done={upload.percent} all={100} />
            )}
            <span
              className={upload.failure ? 'state up-failed' : upload.stored ? 'state num dim' : 'state num mid'}
              role={upload.failure ? 'alert' : undefined}
            >
              {upload.failure || (upload.stored ? text('uploaded') : text('uploading', { percent: upload.percent }))}
            </span>
            <span className="up-buttons">
              {upload.failure && upload.file && upload.sizeBytes <= limit ? (
                <IconButton small label={text('retry')} onClick={() => retry(upload)}>
                  <Icon of={RotateCw} size={16} />
                </IconButton>
              ) : null}
              <IconButton
                small
                label={text(upload.stored || upload.failure ? 'removeUpload' : 'cancelUpload', { name: upload.name })}
                onClick={(event) => {
                  // The button goes with its file: Ctrl+Enter and Escape stay the letter's.
                  event.currentTarget.closest<HTMLElement>('[role="dialog"]')?.focus({ preventScroll: true });
                  remove(upload.key);
                }}
              >
                <Icon of={X} size={16} />
              </IconButton>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
