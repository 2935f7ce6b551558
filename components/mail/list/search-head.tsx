'use client';

import { Square } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { useCount } from '../dates.ts';
import { useMail } from '../mail-context.ts';
import type { SearchState } from './use-search.ts';

/** How many hits, where it has looked, and a button to stop. */
export function SearchHead({ state, onStop }: { state: SearchState; onStop: () => void }) {
  const text = useTranslations('mail.search');
  const { folderName } = useMail();
  const running = state.current !== '';
  const hits = text('hits', { count: state.total, number: useCount()(state.total) });
  return (
    <div className="list-head">
      <div className="hd">
        <h1>{hits}</h1>
        <span className="dim" role="status">
          {running ? text('searching') : state.stopped ? text('stopped') : ''}
          {/* the heading says it to whoever looks */}
          {running || state.done === 0 ? null : <span className="vh">{hits}</span>}
        </span>
        {running ? (
          <Button small className="push self-center" icon={<Icon of={Square} size={13} />} onClick={onStop}>
            {text('stop')}
          </Button>
        ) : null}
      </div>
      <div className="search-progress">
        <ProgressBar label={text('searchedFolders')} done={state.done} all={state.all} />
        <span className="dim num cut">
          {running
            ? text('progress', { done: state.done, all: state.all, folder: folderName(state.current) })
            : text('done', { all: state.done })}
        </span>
      </div>
      <div className="search-folders">
        {state.perFolder.map(({ folder, total }) => (
          <span key={folder} className="chip line">
            {folderName(folder)} {total}
          </span>
        ))}
      </div>
    </div>
  );
}
