'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import type { Applied } from '#lib/webmail/filters/apply-filter.ts';
import type { Filter } from '#lib/webmail/filters/filter.ts';
import type { Tried } from '#lib/webmail/filters/try-filter.ts';
import { askToStay } from '../../ui/ask-to-stay.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorText, type FieldError, SelectField } from '../../ui/field.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useFailureWords } from '../failure-note.tsx';
import { sendMail } from '../mail-api.ts';
import type { FolderChoice } from './filter-editor.tsx';

interface Props {
  filter: Filter | null;
  folders: readonly FolderChoice[];
  onClose: () => void;
}

type Phase = 'ready' | 'running' | 'done' | 'undoing' | 'undone';

/** letters looked at in one request */
const portion = 200;

/** Applies a filter to the letters that are there already. */
export function ApplyDialog({ filter, ...rest }: Props) {
  const text = useTranslations('rules.filters');
  return (
    <Dialog open={filter !== null} onClose={rest.onClose} title={text('applyDialog.title')}>
      {filter ? <Application filter={filter} {...rest} /> : null}
    </Dialog>
  );
}

/** Portion by portion; takes it back. Closed, it stops and offers to take back what was done; the next one begins anew. */
function Application({ filter, folders, onClose }: Props & { filter: Filter }) {
  const text = useTranslations('rules.filters');
  const common = useTranslations('common');
  const words = useFailureWords();
  const [folder, setFolder] = useState('INBOX');
  const [phase, setPhase] = useState<Phase>('ready');
  const [progress, setProgress] = useState({ looked: 0, left: 0, taken: 0 });
  const [error, setError] = useState<FieldError | null>(null);
  const steps = useRef<Applied[]>([]);
  const stopped = useRef(false);
  const isClosed = useRef(false);

  useEffect(() => {
    stopped.current = isClosed.current = false;
    return () => {
      stopped.current = isClosed.current = true;
    };
  }, []);

  // what was done already can be taken back here only
  useEffect(() => askToStay(() => phase === 'running' || phase === 'undoing'), [phase]);

  const fail = (failure: unknown) => {
    setError({ text: words(failure) });
    if (isClosed.current) showToast({ text: words(failure), seconds: 20 });
  };
  const run = async () => {
    setPhase('running');
    let [looked, taken] = [0, 0];
    let before: number | undefined;
    try {
      for (let left = 1; left > 0 && !stopped.current; ) {
        const tried = await sendMail<Tried>('filters/try', { filter, folder, before, count: portion });
        const uids = tried.matches.map(({ uid }) => uid);
        if (uids.length > 0) {
          steps.current.push(await sendMail<Applied>('filters/apply', { actions: filter.actions, folder, uids }));
        }
        before = tried.oldest ?? undefined;
        looked += tried.looked;
        taken += uids.length;
        left = tried.left;
        setProgress({ looked, left, taken });
      }
    } catch (failure) {
      fail(failure);
    }
    setPhase('done');
    if (isClosed.current && taken > 0) {
      showToast({ text: text('applyDialog.done', { looked, taken }), undo: () => void undo(), seconds: 60 });
    }
  };
  const undo = async () => {
    setPhase('undoing');
    try {
      for (let step = steps.current.at(-1); step; step = steps.current.at(-1)) {
        await sendMail('filters/apply', step, 'DELETE');
        steps.current.pop();
      }
      setPhase('undone');
      if (isClosed.current) showToast({ text: text('applyDialog.undone'), seconds: 5 });
    } catch (failure) {
      fail(failure);
      setPhase('done');
    }
  };
  const { looked, left, taken } = progress;
  return (
    <>
      {phase === 'ready' ? (
        <div className="grid gap-4">
          <p>{text('applyDialog.text')}</p>
          <SelectField label={text('folder')} value={folder} onChange={({ target }) => setFolder(target.value)}>
            {folders.map(({ path, name }) => (
              <option key={path} value={path}>
                {name}
              </option>
            ))}
          </SelectField>
        </div>
      ) : (
        <div className="grid gap-3 pt-2">
          <ProgressBar label={text('applyDialog.progress')} done={looked} all={Math.max(1, looked + left)} />
          <p role="status">
            {phase === 'undone'
              ? text('applyDialog.undone')
              : text(`applyDialog.${phase === 'running' ? 'running' : 'done'}`, { looked, taken })}
          </p>
        </div>
      )}
      <div role="alert">{error ? <ErrorText error={error} /> : null}</div>
      <div className="acts">
        {phase === 'ready' ? <Button onClick={onClose}>{common('cancel')}</Button> : null}
        {phase === 'ready' ? (
          <Button kind="primary" data-autofocus onClick={() => void run()}>
            {text('applyDialog.start')}
          </Button>
        ) : null}
        {phase === 'running' ? (
          <Button
            onClick={() => {
              stopped.current = true;
            }}
          >
            {text('applyDialog.stop')}
          </Button>
        ) : null}
        {phase === 'done' && taken > 0 ? <Button onClick={() => void undo()}>{text('applyDialog.undo')}</Button> : null}
        {phase === 'done' || phase === 'undone' ? (
          <Button kind="primary" onClick={onClose}>
            {text('applyDialog.close')}
          </Button>
        ) : null}
      </div>
    </>
  );
}
