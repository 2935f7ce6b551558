'use client';

import { Clock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import useSWR from 'swr';
import type { HeldLetter } from '#lib/webmail/writing/letter.ts';
import type { MessageReference } from '#lib/webmail/reading/mail-message.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { showToast } from '../../ui/toast.tsx';
import { letterSentEvent, takeBack } from '../compose/outbox.ts';
import { TimeDialog } from '../compose/send-buttons.tsx';
import { useMailDates } from '../dates.ts';
import { useFailureWords } from '../failure-note.tsx';
import { getMail, sendMail } from '../mail-api.ts';
import { useMail } from '../mail-context.ts';

/** Above a letter that waits: when it leaves, and what may still be done. */
export function HeldBanner({ reference }: { reference: MessageReference }) {
  const text = useTranslations('mail.compose');
  const words = useFailureWords();
  const dates = useMailDates();
  const { actions } = useMail();
  const [choosing, setChoosing] = useState(false);
  const { data, mutate } = useSWR<{ held: HeldLetter[] }>(['held', reference.folder, reference.uid], () =>
    getMail<{ held: HeldLetter[] }>('held', { ...reference }),
  );
  const letter = data?.held[0];
  if (!letter) return null;
  const act = async (step: () => Promise<void>) => {
    try {
      await step();
      window.dispatchEvent(new Event(letterSentEvent));
    } catch (error) {
      showToast({ text: words(error), seconds: 15 });
    }
  };
  /** null: now, by whatever clock the server has */
  const reschedule = (at: string | null) =>
    act(async () => {
      const { leavesAt } = await sendMail<{ leavesAt: string | null }>('held', { id: letter.id, at }, 'PATCH');
      showToast({ text: leavesAt === null ? text('tooLate') : text('rescheduled', { when: dates.full(leavesAt) }), seconds: 8 });
      await mutate();
    });
  const withdraw = () =>
    act(async () => {
      const back = await takeBack(letter.id);
      if (!back) return showToast({ text: text('tooLate'), seconds: 8 });
      actions.close();
      actions.compose({ from: 'letter', letter: back });
    });
  return (
    <div className="held-banner notice" role="status">
      <Icon of={Clock} />
      <span className="grow">{text('leavesAt', { when: dates.full(letter.leavesAt) })}</span>
      <Button small onClick={() => void reschedule(null)}>
        {text('leaveNow')}
      </Button>
      <Button small onClick={() => setChoosing(true)}>
        {text('changeTime')}
      </Button>
      <Button small onClick={() => void withdraw()}>
        {text('withdraw')}
      </Button>
      <TimeDialog
        open={choosing}
        title={text('changeTime')}
        button={text('changeTime')}
        onClose={() => setChoosing(false)}
        onChosen={(at) => void reschedule(at)}
      />
    </div>
  );
}
