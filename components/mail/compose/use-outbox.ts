'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { personName } from '#lib/webmail/people/person-name.ts';
import type { Letter, LetterSent } from '#lib/webmail/writing/letter.ts';
import { hideToast, showToast } from '../../ui/toast.tsx';
import { useMailDates } from '../dates.ts';
import { useFailureWords } from '../failure-note.tsx';
import { isSignedOut, MailRequestError, sessionBackEvent } from '../mail-api.ts';
import { useMail } from '../mail-context.ts';
import { asItsOwn } from './bring-home-draft.ts';
import { dropFromJournal, keepInJournal } from './journal.ts';
import { holdInHands, holdLetter } from './letter-lock.ts';
import { giveLetter, letterSentEvent } from './outbox.ts';
import { isWished, takePressBack } from './taken-back.ts';
import { whenOnline } from './when-online.ts';

const mostNames = 3;
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
  const { address, actions, settings } = useMail();
  return useCallback(
    (letter, { at = null, press = crypto.randomUUID() } = {}) => {
      keepInJournal(address, letter, 'leaving', { at, press });
      // As long as this page sees to it, no other does.
      const release = holdLetter(letter.id);
      const names = [...letter.to, ...letter.cc, ...letter.bcc].map(personName);
      const who =
        names.length > mostNames
          ? text('compose.andMore', { names: names.slice(0, mostNames).join(', '), count: names.length - mostNames })
          : names.join(', ');
      const what = { subject: letter.subject || text('list.noSubject'), names: who };
      const key = `leaving ${letter.id}`;
      const later = at !== null;
      const begunAt = Date.now();
      const { undoSeconds } = settings;
      let takenBack = false;
      const reopen = (as: Letter) => {
        keepInJournal(address, as, 'writing');
        actions.compose({ from: 'letter', letter: as });
      };
      const undo = async () => {
        takenBack = true;
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
          showToast({ key, text: text('compose.undoFailed', { why: words(error) }), seconds: 20, undo: () => void undo() });
          // The wish is told until it is heard; whatever went wrong, it is this page's to tell.
          const again = () => {
            handOver();
            if (isWished(address, letter.id, press)) void undo();
          };
          if (isSignedOut(error)) window.addEventListener(sessionBackEvent, again, { once: true });
          else whenOnline(again);
        }
      };
      const sent = () => {
        window.dispatchEvent(new Event(letterSentEvent));
        showToast({ text: text('compose.sent'), seconds: 5 });
      };
      const say = (result: LetterSent) => {
        release();
        if (takenBack) return;
        dropFromJournal(address, letter.id);
        window.dispatchEvent(new Event(letterSentEvent));
        const leavesAt = Date.parse(result.leavesAt);
        if (Number.isNaN(leavesAt) || result.refused.length > 0 || !result.copyKept) {
          hideToast(key);
          // Whom it does not reach may be a reason to take it back from the others.
          const held = !Number.isNaN(leavesAt);
          return showToast({
            text: outcome(result, text, later ? dates.full(result.leavesAt) : ''),
            seconds: result.refused.length > 0 ? 30 : 5,
            ...(held ? { undo } : {}),
          });
        }
        if (later)
          return showToast({ key, text: text('compose.scheduled', { ...what, when: dates.full(result.leavesAt) }), undo, seconds: 15 });
        showToast({ key, text: text('compose.leavingWhat', what), undo, leavesAt, done: sent });
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
          reopen(left ? asItsOwn(letter) : letter);
        }
      };
      if (later) showToast({ key, text: text('compose.leavingWhat', what), seconds: 60 });
      else if (undoSeconds > 0) showToast({ key, text: text('compose.leavingWhat', what), undo, leavesAt: begunAt + undoSeconds * 1000 });
      void give();
    },
    [address, actions, settings, text, words, dates],
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
