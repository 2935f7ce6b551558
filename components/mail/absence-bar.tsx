'use client';

import { Palmtree } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { showToast } from '../ui/toast.tsx';
import { useMailDates } from './dates.ts';
import { useFailureWords } from './failure-note.tsx';
import { sendMail } from './mail-api.ts';

export interface AbsenceShown {
  /** milliseconds since 1970; null: until it is switched off */
  until: number | null;
}

/** While an absence note answers: nobody forgets that it does, and one click ends it. */
export function AbsenceBar({ absence }: { absence: AbsenceShown }) {
  const text = useTranslations('mail.rules');
  const words = useFailureWords();
  const dates = useMailDates();
  const [on, setOn] = useState(true);
  const turn = async (enabled: boolean) => {
    // whoever works by keyboard goes on in the list, when what he pressed is gone
    if (!enabled) document.getElementById('liste')?.focus();
    setOn(enabled);
    try {
      await sendMail('absence', { enabled }, 'PATCH');
      showToast(enabled ? { text: text('isOn') } : { text: text('isOff'), undo: () => void turn(true) });
    } catch (error) {
      setOn(!enabled);
      showToast({ text: words(error), seconds: 15 });
    }
  };
  if (!on) return null;
  return (
    <section className="note-bar" aria-label={text('bar')}>
      <Icon of={Palmtree} size={17} />
      <span className="grow">
        {absence.until === null ? text('bar') : text('barUntil', { day: dates.day(new Date(absence.until - 1).toISOString()) })}
      </span>
      <Link className="link" href="/mail-settings/absence" prefetch={false}>
        {text('change')}
      </Link>
      <Button small onClick={() => void turn(false)}>
        {text('off')}
      </Button>
    </section>
  );
}
