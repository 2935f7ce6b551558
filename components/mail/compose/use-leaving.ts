'use client';

import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { personName } from '#lib/webmail/people/person-name.ts';
import type { Letter } from '#lib/webmail/writing/letter.ts';
import { showToast } from '../../ui/toast.tsx';
import { useFailureWords } from '../failure-note.tsx';
import { isSignedOut, sessionBackEvent } from '../mail-api.ts';
import { useMail } from '../mail-context.ts';
import { dropFromJournal, keepInJournal } from './journal.ts';
import { holdInHands } from './letter-lock.ts';
import { hasLeft, letterSentEvent } from './outbox.ts';
import { isWished, takePressBack } from './taken-back.ts';
import { whenOnline } from './when-online.ts';

const mostNames = 3;

/** What is said of a letter that leaves, and how it is taken back; also where the page that gave it has gone. */
export function useLeaving() {
  const text = useTranslations('mail');
  const words = useFailureWords();
  const { address, actions } = useMail();
  return useMemo(() => {
    const keyOf = (letter: Letter): string => `leaving ${letter.id}`;
    const whatOf = (letter: Letter): { subject: string; names: string } => {
      const names = [...letter.to, ...letter.cc, ...letter.bcc].map(personName);
      const who =
        names.length > mostNames
          ? text('compose.andMore', { names: names.slice(0, mostNames).join(', '), count: names.length - mostNames })
          : names.join(', ');
      return { subject: letter.subject || text('list.noSubject'), names: who };
    };
    const reopen = (letter: Letter): void => {
      keepInJournal(address, letter, 'writing');
      actions.compose({ from: 'letter', letter });
    };
    const takeBack = async (letter: Letter, press: string): Promise<void> => {
      // This page sees to it: what it does when it is looked at again leaves the letter alone.
      const handOver = holdInHands(letter.id);
      // From here on it is not sent, whatever becomes of this page: the wish is kept until the server knows it.
      keepInJournal(address, letter, 'writing', { press });
      try {
        const back = await takePressBack(address, letter.id, press);
        if (back === null) {
          dropFromJournal(address, letter.id);
          handOver();
          return showToast({ text: text('compose.tooLate'), seconds: 8 });
        }
        window.dispatchEvent(new Event(letterSentEvent));
        handOver();
        reopen(back === 'never' ? letter : back);
      } catch (error) {
        const again = () => void takeBack(letter, press);
        showToast({ key: keyOf(letter), text: text('compose.undoFailed', { why: words(error) }), seconds: 20, undo: again });
        // The wish is told until it is heard; whatever went wrong, it is this page's to tell.
        const tell = () => {
          handOver();
          if (isWished(address, letter.id, press)) again();
        };
        if (isSignedOut(error)) window.addEventListener(sessionBackEvent, tell, { once: true });
        else whenOnline(tell);
      }
    };
    const sent = async (letter: Letter, press: string): Promise<void> => {
      window.dispatchEvent(new Event(letterSentEvent));
      // Another window may have taken it back. Where the server cannot be asked, its promise holds.
      if (await hasLeft(letter.id, press).catch(() => true)) showToast({ text: text('compose.sent'), seconds: 5 });
    };
    const show = (letter: Letter, press: string, { leavesAt, undo }: { leavesAt: number; undo: () => void }): void =>
      showToast({
        key: keyOf(letter),
        text: text('compose.leavingWhat', whatOf(letter)),
        undo,
        leavesAt,
        done: () => void sent(letter, press),
      });
    return { keyOf, whatOf, reopen, takeBack, show };
  }, [address, actions, text, words]);
}
