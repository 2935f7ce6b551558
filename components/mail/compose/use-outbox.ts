'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import type { Letter, LetterGiven, LetterSent } from '#lib/webmail/writing/letter.ts';
import { hideToast, showToast } from '../../ui/toast.tsx';
import { useMailDates } from '../dates.ts';
import { useFailureWords } from '../failure-note.tsx';
import { isSignedOut, MailRequestError, sessionBackEvent } from '../mail-api.ts';
import { useMail } from '../mail-context.ts';
import { asItsOwn } from './bring-home-draft.ts';
import { dropFromJournal, keepInJournal } from './journal.ts';
import { holdLetter } from './letter-lock.ts';
import { giveLetter, letterSentEvent } from './outbox.ts';
import { useLeaving } from './use-leaving.ts';
import { whenOnline } from './when-online.ts';

const readableMs = 3000;

/** The server, or the way to it, is away: nothing is known of the letter, and giving it again is the same wish. */
const isAway = (error: unknown): boolean =>
  error instanceof MailRequestError &&
  (['Offline', 'Unreachable', 'TooManyWindows'].includes(error.problem.code) || [502, 503, 504].includes(error.problem.status));

export interface Leaving {
  at?: string | null;
  /** given again after its page was closed: the press it was given by */
  press?: string;
}

/** Gives a letter to the server and says so; until it leaves it can be taken back, from the message about it or from its folder. */
export function useOutbox(): (letter: Letter, leaving?: Leaving) => void {
  const text = useTranslations('mail');
  const words = useFailureWords();
  const dates = useMailDates();
  const leaving = useLeaving();
  const { address, settings } = useMail();
  return useCallback(
    (letter, { at = null, press = crypto.randomUUID() } = {}) => {
      keepInJournal(address, letter, 'leaving', { at, press });
      // As long as this page sees to it, no other does.
      const release = holdLetter(letter.id);
      const what = leaving.whatOf(letter);
      const key = leaving.keyOf(letter);
      const later = at !== null;
      const begunAt = Date.now();
      const { undoSeconds } = settings;
      let takenBack = false;
      const undo = () => {
        takenBack = true;
        void leaving.takeBack(letter, press);
      };
      const say = (result: LetterGiven) => {
        release();
        if (takenBack) return;
        dropFromJournal(address, letter.id);
        window.dispatchEvent(new Event(letterSentEvent));
        const held = result.leavesAt !== '';
        if (!held || result.refused.length > 0 || !result.copyKept) {
          hideToast(key);
          // Whom it does not reach may be a reason to take it back from the others.
          return showToast({
            text: outcome(result, text, later ? dates.full(result.leavesAt) : ''),
            seconds: result.refused.length > 0 ? 30 : 5,
            ...(held ? { undo } : {}),
          });
        }
        if (later)
          return showToast({ key, text: text('compose.scheduled', { ...what, when: dates.full(result.leavesAt) }), undo, seconds: 15 });
        leaving.show(letter, press, { leavesAt: Date.now() + result.leavesInMs, undo });
      };
      const give = async (): Promise<void> => {
        try {
          say(await giveLetter(letter, { at, press }));
        } catch (error) {
          // Taken back here, or in another window.
          if (takenBack || (error instanceof MailRequestError && error.problem.code === 'TakenBack')) {
            release();
            return hideToast(key);
          }
          if (isAway(error)) {
            // It waits here, says so, and goes when there is a way; the server takes it once, however often it is given.
            showToast({ key, text: text('compose.waitsForConnection', what), undo, seconds: 20 });
            return whenOnline(() => void (takenBack ? release() : give()));
          }
          if (isSignedOut(error)) {
            showToast({ key, text: text('compose.waitsForSignIn', what), undo, seconds: 60 });
            return window.addEventListener(sessionBackEvent, () => void (takenBack ? release() : give()), { once: true });
          }
          release();
          // What changes before it can be read says nothing.
          await new Promise((resolve) => setTimeout(resolve, Math.max(0, begunAt + readableMs - Date.now())));
          if (takenBack) return;
          hideToast(key);
          showToast({ text: text('compose.notSent', { why: words(error) }), seconds: 20 });
          const left = error instanceof MailRequestError && error.problem.code === 'AlreadySent';
          if (left) dropFromJournal(address, letter.id);
          leaving.reopen(left ? asItsOwn(letter) : letter);
        }
      };
      if (later) showToast({ key, text: text('compose.leavingWhat', what), seconds: 60 });
      else if (undoSeconds > 0) showToast({ key, text: text('compose.leavingWhat', what), undo, leavesAt: begunAt + undoSeconds * 1000 });
      void give();
    },
    [address, settings, text, words, dates, leaving],
  );
}

/** `when`: the moment that was chosen for it to leave; empty: as soon as can be. */
function outcome(sent: LetterSent, text: ReturnType<typeof useTranslations<'mail'>>, when: string): string {
  if (sent.refused.length > 0) {
    return text('compose.sentRefused', {
      addresses: sent.refused.map((refusal) => refusal.address).join(', '),
      reason: sent.refused[0]?.reason ?? '',
    });
  }
  if (sent.copyKept) return text('compose.sent');
  return when === '' ? text('compose.sentNoCopy') : text('compose.scheduledNoCopy', { when });
}
