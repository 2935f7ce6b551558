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

const secondsToUndo = 10;
export const letterSentEvent = 'postamt:letter-sent';

/** Letters on their way out in this page; the page asks before it is closed while there are any. */
const leaving = new Set<string>();
if (typeof window !== 'undefined') {
  window.addEventListener('beforeunload', (event) => {
    if (leaving.size > 0) event.preventDefault();
  });
}

/**
 * Sends a letter after ten seconds in which it can be taken back. It is kept as a draft on the server and in the journal first: if the
 * page is closed before the time is over, it was not sent, and the next visit says so.
 */
export function useOutbox(): (letter: Letter) => void {
  const text = useTranslations('mail');
  const words = useFailureWords();
  const { address, actions } = useMail();
  return useCallback(
    (letter) => {
      keepInJournal(address, letter, 'leaving');
      leaving.add(letter.id);
      const draft = sendMail<DraftSaved>('drafts', letter).then(
        (saved) => saved.draft,
        () => letter.draft,
      );
      const takeBack = async () => {
        leaving.delete(letter.id);
        actions.compose({ from: 'letter', letter: { ...letter, draft: await draft } });
      };
      const send = async () => {
        const ready = { ...letter, draft: await draft };
        try {
          const sent = await sendMail<LetterSent>('send', ready);
          dropFromJournal(address, letter.id);
          window.dispatchEvent(new CustomEvent(letterSentEvent, { detail: ready }));
          showToast({ text: outcome(sent, text), seconds: sent.refused.length > 0 ? 30 : 5 });
        } catch (error) {
          keepInJournal(address, ready, 'writing');
          showToast({ text: text('compose.notSent', { why: words(error) }), seconds: 20 });
          actions.compose({ from: 'letter', letter: ready });
        } finally {
          leaving.delete(letter.id);
        }
      };
      const names = [...letter.to, ...letter.cc, ...letter.bcc].map(personName).join(', ');
      showToast({
        text: text('compose.leavingWhat', { subject: letter.subject || text('list.noSubject'), names }),
        seconds: secondsToUndo,
        outgoing: true,
        undo: () => void takeBack(),
        done: () => void send(),
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
