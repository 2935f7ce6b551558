'use client';

import { useTranslations } from 'next-intl';
import type { Tried } from '#lib/webmail/filters/try-filter.ts';
import { useMailDates } from '../dates.ts';

/** The letters that a filter would have taken. */
export function TriedLetters({ tried: { matches, looked } }: { tried: Tried }) {
  const text = useTranslations('rules.filters');
  const dates = useMailDates();
  return (
    <>
      <p>{text('tried', { count: matches.length, looked })}</p>
      <ul className="lines tried" aria-label={text('tried', { count: matches.length, looked })}>
        {matches.map(({ uid, from, subject, date }) => (
          <li key={uid}>
            <span className="cut who">{from}</span>
            <span className="cut grow">{subject}</span>
            <time className="dim num" dateTime={date}>
              {dates.short(date)}
            </time>
          </li>
        ))}
      </ul>
    </>
  );
}
