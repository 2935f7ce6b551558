'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import useSWR from 'swr';
import { personName } from '#lib/webmail/people/person-name.ts';
import type { InnerLetter as Letter, Person } from '#lib/webmail/reading/mail-message.ts';
import type { InnerProps } from './attachment-list.tsx';
import { useMailDates } from '../dates.ts';
import { FailureNote } from '../failure-note.tsx';
import { LetterBody } from './letter-body.tsx';
import { useDarkLetters, usePageScheme } from '../frame/letter-scheme.ts';
import { getMail, type MailRequestError } from '../mail-api.ts';

/** A letter that came as an attachment, opened in place. */
export function InnerLetter({ message, part, onKey }: InnerProps) {
  const text = useTranslations('mail');
  const dates = useMailDates();
  const page = usePageScheme();
  const [darkLetters] = useDarkLetters();
  const [images, setImages] = useState<'blocked' | 'shown'>('blocked');
  const [whole, setWhole] = useState<0 | 1>(0);
  const { data, error, mutate } = useSWR<Letter, MailRequestError>(
    ['inner', message.folder, message.uid, part, images, whole],
    () => getMail<Letter>('inner', { ...message, part, images, whole }),
    { revalidateOnFocus: false, revalidateIfStale: false, shouldRetryOnError: false, keepPreviousData: true },
  );
  if (error) return <FailureNote failure={error} onRetry={() => void mutate()} />;
  if (!data) return <div className="inner-letter" aria-busy="true" style={{ minHeight: 80 }} />;
  const people = (list: readonly Person[]) =>
    list.map((person) => (person.name ? `${person.name} <${person.address}>` : person.address)).join(', ');
  const sender = data.from[0] ?? { name: '', address: '' };
  const scheme = page === 'dark' && darkLetters ? 'dark' : 'light';
  return (
    <article className="inner-letter" aria-label={data.subject || text('list.noSubject')}>
      <h3>{data.subject || text('list.noSubject')}</h3>
      <p className="dim">
        {people(data.from)}
        {data.date ? `, ${dates.full(data.date)}` : ''}
      </p>
      {data.to.length > 0 ? <p className="dim">{text('read.to', { names: people(data.to) })}</p> : null}
      {data.cc.length > 0 ? <p className="dim">{text('read.cc', { names: people(data.cc) })}</p> : null}
      <LetterBody
        body={data.body}
        attachments={data.attachments}
        reference={message}
        Inner={InnerLetter}
        name={personName(sender)}
        scheme={scheme}
        onSheet={page === 'dark' && scheme === 'light'}
        onShowImages={() => setImages('shown')}
        onShowWhole={() => setWhole(1)}
        onKey={onKey}
      />
    </article>
  );
}
