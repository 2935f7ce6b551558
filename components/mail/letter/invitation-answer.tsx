'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { InvitationAnswer as Answer } from '#lib/webmail/calendar/reply.ts';
import type { InvitationState, MessageReference } from '#lib/webmail/reading/mail-message.ts';
import { Button } from '../../ui/button.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useMailDates } from '../dates.ts';
import { useFailureWords } from '../failure-note.tsx';
import { sendMail } from '../mail-api.ts';

const answers = ['ACCEPTED', 'TENTATIVE', 'DECLINED'] as const satisfies Answer[];

/** What became of the event, and the three answers to it. */
export function InvitationAnswer({ state, reference }: { state: InvitationState; reference: MessageReference }) {
  const text = useTranslations('mail.read.calendar');
  const words = useFailureWords();
  const dates = useMailDates();
  const [given, setGiven] = useState<{ answer: Answer; at: string } | null>(null);
  const [busy, setBusy] = useState<Answer | null>(null);
  const answer = given?.answer ?? state.answer;
  const at = given?.at ?? state.answeredAt;
  const send = async (chosen: Answer) => {
    setBusy(chosen);
    try {
      await sendMail('invitation', { ...reference, id: crypto.randomUUID(), answer: chosen });
      setGiven({ answer: chosen, at: new Date().toISOString() });
    } catch (error) {
      showToast({ text: text('failed', { why: words(error) }), seconds: 20 });
    } finally {
      setBusy(null);
    }
  };
  const sentences = [
    state.cancelled ? text('isCancelled') : '',
    state.outdated && !state.cancelled ? text('outdated') : '',
    state.update && state.mayAnswer && !answer ? text('update') : '',
    state.before && !answer ? text('before', { answer: text(`said.${state.before}`) }) : '',
  ].filter(Boolean);
  return (
    <>
      {sentences.map((sentence) => (
        <p key={sentence} className="calendar-state">
          {sentence}
        </p>
      ))}
      <p role="status" className="calendar-state">
        {answer ? `${text(`said.${answer}`)}${at ? ` (${dates.full(at)})` : ''}` : ''}
      </p>
      {state.mayAnswer ? (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
        <div className="calendar-answers" role="group" aria-label={text('answers')}>
          {answers.map((one) => (
            <Button
              key={one}
              small
              busy={busy === one}
              disabled={busy !== null && busy !== one}
              aria-pressed={answer === one}
              onClick={() => void send(one)}
            >
              {text(`answer.${one}`)}
            </Button>
          ))}
        </div>
      ) : null}
    </>
  );
}
