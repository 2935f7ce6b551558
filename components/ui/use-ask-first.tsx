'use client';

import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { askToStay } from './ask-to-stay.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

/** As much as is needed of the Navigation API, which is not in every browser: there nobody is asked who goes back. */
interface Leaving extends Event {
  navigationType: string;
  destination: { key: string; sameDocument: boolean };
}
interface Navigation extends EventTarget {
  traverseTo(key: string): unknown;
}

/** A link that leads to another page of ours in this window. */
function leadsAway(event: MouseEvent): HTMLAnchorElement | null {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null;
  if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const isHere = link.pathname === window.location.pathname && link.search === window.location.search;
  return link.target === '_blank' || link.origin !== window.location.origin || isHere ? null : link;
}

/**
 * What is half written is not lost without a question, whichever way it is left: by a link, back or forward, another site, a closed window.
 * `askFirst` asks before a step of the page itself that would take its place.
 */
export function useAskFirst(isHalf: () => boolean): { question: ReactNode; askFirst: (go: () => void) => void } {
  const text = useTranslations('common.halfWritten');
  const [going, setGoing] = useState<(() => void) | null>(null);
  const latest = useRef(isHalf);
  latest.current = isHalf;
  const isGivenUp = useRef(false);
  const isWanted = useCallback((): boolean => !isGivenUp.current && latest.current(), []);
  const ask = useCallback((go: () => void): void => setGoing(() => go), []);
  useEffect(() => {
    const askNoMore = askToStay(isWanted);
    // before React hears of it, and one question at a time where several are half written
    const onClick = (event: MouseEvent): void => {
      const link = leadsAway(event);
      if (!link || !isWanted()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(() => link.click());
    };
    const navigation = 'navigation' in window ? (window.navigation as unknown as Navigation) : null;
    const onNavigate = (event: Event): void => {
      const { navigationType, destination } = event as Leaving;
      if (navigationType !== 'traverse' || !destination.sameDocument || !event.cancelable || event.defaultPrevented) return;
      if (!isWanted()) return;
      event.preventDefault();
      ask(() => navigation?.traverseTo(destination.key));
    };
    window.addEventListener('click', onClick, true);
    navigation?.addEventListener('navigate', onNavigate);
    return () => {
      askNoMore();
      window.removeEventListener('click', onClick, true);
      navigation?.removeEventListener('navigate', onNavigate);
    };
  }, [ask, isWanted]);
  const stay = () => setGoing(null);
  const question = (
    <Dialog open={going !== null} onClose={stay} title={text('title')}>
      <p className="mid mt-3">{text('text')}</p>
      <div className="acts">
        <Button data-autofocus onClick={stay}>
          {text('stay')}
        </Button>
        <Button
          kind="danger-filled"
          onClick={() => {
            isGivenUp.current = true;
            stay();
            going?.();
            // where this page stays, what is written next is asked about again
            setTimeout(() => {
              isGivenUp.current = false;
            }, 1000);
          }}
        >
          {text('drop')}
        </Button>
      </div>
    </Dialog>
  );
  return { question, askFirst: (go) => (isWanted() ? ask(go) : go()) };
}
