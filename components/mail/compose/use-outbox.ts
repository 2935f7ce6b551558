'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { personName } from '#lib/webmail/person-name.ts';
import type { DraftSaved, Letter, LetterSent } from '#lib/webmail/types.ts';
import { showToast } from '../../ui/toast.tsx';
import { useFailureWords } from '../failure-note.tsx';
import { sendMail } from '../mail-api.ts';
import { useMail } from '../mail-context.ts';
import { dropFromJournal, keepInJournal } from './journal.ts';
import { letterSentEvent, noteDraft, sendNow, takeBack, waitToLeave } from './outbox.ts';

const secondsToUndo = 10;

/**
 * Sends a letter after ten seconds in which it can be taken back. It is kept in the journal first and as a draft on the server: if the
 * browser dies before the time is over, it was not sent, and the next visit says so.
 */
export function useOutbox(): (letter: Letter) => void {
  const text = useTranslations('mail');
  const words = useFailureWords();
  const { address, actions } = useMail();
  return useCallback(
    (letter) => {
      keepInJournal(address, letter, 'leaving');
      waitToLeave(letter, async (sending) => {
        try {
          const sent = await sending;
          dropFromJournal(address, letter.id);
          window.dispatchEvent(new Event(letterSentEvent));
          showToast({ text: outcome(sent, text), seconds: sent.refused.length > 0 ? 30 : 5 });
        } catch (error) {
          keepInJournal(address, letter, 'writing');
          showToast({ text: text('compose.notSent', { why: words(error) }), seconds: 20 });
          actions.compose({ from: 'letter', letter });
        }
      });
      sendMail<DraftSaved>('drafts', letter).then(
        ({ draft }) => noteDraft(letter.id, draft),
        () => undefined,
      );
      const undo = () => {
        const back = takeBack(letter.id);
        if (back) actions.compose({ from: 'letter', letter: back });
        else showToast({ text: text('compose.sent'), seconds: 5 });
      };
      const names = [...letter.to, ...letter.cc, ...letter.bcc].map(personName).join(', ');
      showToast({
        text: text('compose.leavingWhat', { subject: letter.subject || text('list.noSubject'), names }),
        seconds: secondsToUndo,
        outgoing: true,
        undo,
        done: () => void sendNow(letter.id),
      });
    },
    [address, actions, text, words],
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
