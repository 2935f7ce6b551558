'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import type { LetterLeaving } from '#lib/webmail/writing/letter.ts';
import { showToast } from '../ui/toast.tsx';
import { lettersLeftBehind } from './compose/letters-left-behind.ts';
import { isInHands } from './compose/letter-lock.ts';
import { isAnyUnderWay, isUnderWay, letterSentEvent } from './compose/outbox.ts';
import { useLeaving } from './compose/use-leaving.ts';
import { useOutbox } from './compose/use-outbox.ts';
import { whenOnline } from './compose/when-online.ts';
import { getMail, sessionBackEvent } from './mail-api.ts';
import { useMail } from './mail-context.ts';
import { readyFrame } from './frame/open-frame.ts';

/**
 * When the page is there, and whenever it is looked at again (another window may have ended meanwhile): what was on its way goes, the newest
 * letter that was left behind is said. Tells of letters that were sent.
 */
function useStartUp(address: string, ready: boolean, onSent: () => void): void {
  const text = useTranslations('mail');
  const { actions } = useMail();
  const give = useOutbox();
  const outgoing = useLeaving();
  const offered = useRef(false);
  const asking = useRef(false);
  const asksAgain = useRef(false);
  /** letters that were said to be left behind: once is enough */
  const said = useRef(new Set<string>());
  const sent = useRef(onSent);
  sent.current = onSent;
  // It asks when the page is there or is looked at, and not because one of these became another.
  const means = useRef({ actions, give, outgoing, text });
  means.current = { actions, give, outgoing, text };
  useEffect(() => {
    const listen = () => sent.current();
    window.addEventListener(letterSentEvent, listen);
    return () => window.removeEventListener(letterSentEvent, listen);
  }, []);
  useEffect(() => {
    if (!ready) return;
    // What was sent before this page was there, from here or from elsewhere, can be taken back here too.
    const offer = async () => {
      if (offered.current) return;
      const { leaving } = await getMail<{ leaving: LetterLeaving[] }>('held', {});
      offered.current = true;
      for (const { letter, press, leavesInMs } of leaving) {
        const { outgoing } = means.current;
        const undo = () => void outgoing.takeBack(letter, press);
        if (!isInHands(letter.id) && !isUnderWay(letter.id)) outgoing.show(letter, press, { leavesAt: Date.now() + leavesInMs, undo });
      }
    };
    const ask = async () => {
      if (asking.current || document.visibilityState === 'hidden') return;
      asking.current = true;
      const {
        leaving,
        writing: letter,
        tooLate,
        unsettled,
      } = await lettersLeftBehind(address).finally(() => {
        asking.current = false;
      });
      if (unsettled && !asksAgain.current) {
        asksAgain.current = true;
        whenOnline(() => {
          asksAgain.current = false;
          look();
        });
      }
      const { actions, give, text } = means.current;
      if (letter || leaving.length > 0) sent.current();
      // Whoever pressed Send has sent it; a page that was closed is no reason to keep it.
      for (const { letter: one, at, press } of leaving) give(one, { at, press });
      if (tooLate) showToast({ text: text('compose.tooLate'), seconds: 20 });
      void offer().catch(() => undefined);
      // Not in place of a letter that can still be taken back.
      if (!letter || said.current.has(letter.id) || isAnyUnderWay()) return;
      said.current.add(letter.id);
      showToast({
        text: `${text('compose.unfinished', { subject: letter.subject || text('list.noSubject') })}. ${text('compose.unfinishedText')}`,
        seconds: 60,
        undoLabel: text('compose.openUnfinished'),
        undo: () => actions.compose({ from: 'letter', letter }),
      });
    };
    const look = () => void ask().catch(() => undefined);
    look();
    document.addEventListener('visibilitychange', look);
    window.addEventListener(sessionBackEvent, look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      window.removeEventListener(sessionBackEvent, look);
    };
  }, [ready, address]);
}

/** The same as a component: what it needs stands in the page's context. */
export function StartUp({ address, ready, onSent }: { address: string; ready: boolean; onSent: () => void }): null {
  useStartUp(address, ready, onSent);
  useEffect(readyFrame, []);
  return null;
}
