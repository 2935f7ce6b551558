'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { personName } from '#lib/webmail/person-name.ts';
import type { Letter, LetterSent } from '#lib/webmail/types.ts';
import { hideToast, showToast } from '../../ui/toast.tsx';
import { useMailDates } from '../dates.ts';
import { useFailureWords } from '../failure-note.tsx';
import { MailRequestError } from '../mail-api.ts';
import { useMail } from '../mail-context.ts';
import { dropFromJournal, keepInJournal } from './journal.ts';
import { giveLetter, letterSentEvent, takeBack } from './outbox.ts';
import { whenOnline } from './when-online.ts';

const mostNames = 3;
const readableMs = 3000;

/** given: the server has it; waits: it lies here until there is a connection; refused: it is the writer's again */
type Given = 'given' | 'waits' | 'refused';

/** Gives a letter to the server and says so; until it leaves it can be taken back, from the message about it or from its folder. */
export function useOutbox(): (letter: Letter, at?: string | null) => void {
  const text = useTranslations('mail');
  const words = useFailureWords();
  const dates = useMailDates();
  const { address, actions, settings } = useMail();
  return useCallback(
    (letter, at = null) => {
      keepInJournal(address, letter, 'leaving', at);
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
      const reopen = () => {
        keepInJournal(address, letter, 'writing');
        actions.compose({ from: 'letter', letter });
      };
      const undo = async () => {
        takenBack = true;
        if ((await giving) !== 'given') return reopen();
        try {
          const back = await takeBack(letter.id);
          if (!back) return showToast({ text: text('compose.tooLate'), seconds: 8 });
          window.dispatchEvent(new Event(letterSentEvent));
          actions.compose({ from: 'letter', letter: back });
        } catch (error) {
          showToast({ text: text('compose.undoFailed', { why: words(error) }), seconds: 20, undo: () => void undo() });
        }
      };
      const sent = () => {
        window.dispatchEvent(new Event(letterSentEvent));
        showToast({ text: text('compose.sent'), seconds: 5 });
      };
      const say = (result: LetterSent) => {
        dropFromJournal(address, letter.id);
        window.dispatchEvent(new Event(letterSentEvent));
        const leavesAt = Date.parse(result.leavesAt);
        if (takenBack) return;
        if (Number.isNaN(leavesAt) || result.refused.length > 0 || !result.copyKept) {
          hideToast(key);
          // Whom it does not reach may be a reason to take it back from the others.
          const held = !Number.isNaN(leavesAt);
          return showToast({ text: outcome(result, text), seconds: result.refused.length > 0 ? 30 : 5, ...(held ? { undo } : {}) });
        }
        if (later)
          return showToast({ key, text: text('compose.scheduled', { ...what, when: dates.full(result.leavesAt) }), undo, seconds: 15 });
        showToast({ key, text: text('compose.leavingWhat', what), undo, leavesAt, done: sent });
      };
      const give = async (): Promise<Given> => {
        try {
          say(await giveLetter(letter, at));
          return 'given';
        } catch (error) {
          if (takenBack) return 'refused';
          if (error instanceof MailRequestError && error.problem.code === 'Offline') {
            // It waits here, says so, and goes when there is a way; the server takes it once, however often it is given.
            showToast({ key, text: text('compose.waitsForConnection', what), undo, seconds: 20 });
            whenOnline(() => {
              if (!takenBack) giving = give();
            });
            return 'waits';
          }
          // What changes before it can be read says nothing.
          await new Promise((resolve) => setTimeout(resolve, Math.max(0, begunAt + readableMs - Date.now())));
          if (takenBack) return 'refused';
          hideToast(key);
          showToast({ text: text('compose.notSent', { why: words(error) }), seconds: 20 });
          reopen();
          return 'refused';
        }
      };
      if (later) showToast({ key, text: text('compose.leavingWhat', what), seconds: 60 });
      else if (undoSeconds > 0) showToast({ key, text: text('compose.leavingWhat', what), undo, leavesAt: begunAt + undoSeconds * 1000 });
      let giving = give();
    },
    [address, actions, settings, text, words, dates],
  );
}

function outcome(sent: LetterSent, text: ReturnType<typeof useTranslations<'mail'>>): string {
  if (sent.refused.length > 0) {
    return text('compose.sentRefused', {
      addresses: sent.refused.map((refusal) => refusal.address).join(', '),
      reason: sent.refused[0]?.reason ?? '',
    });
  }
  return sent.copyKept ? text('compose.sent') : text('compose.sentNoCopy');
}
