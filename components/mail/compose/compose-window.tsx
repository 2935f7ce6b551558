'use client';

import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { FailureNote } from '../failure-note.tsx';
import type { ComposeRequest } from './compose-request.ts';
import { OpenLetter, preloadEditor } from './open-letter.tsx';
import { useLetter } from './use-letter.ts';

export { preloadEditor };

/** The letter being written: airmail edge, a sheet from the bottom right, kept with every key. */
export function ComposeWindow({ request, onClose }: { request: ComposeRequest; onClose: (draftChanged: boolean) => void }) {
  const text = useTranslations('mail');
  const { letter, failure, retry } = useLetter(request);
  useFocusBack();
  return (
    <>
      <div className="scrim" aria-hidden="true" />
      {letter ? (
        <OpenLetter key={letter.id} first={letter} origin={request.from} onClose={onClose} />
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
