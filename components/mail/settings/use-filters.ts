'use client';

import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import useSWR from 'swr';
import type { FilterItem } from '#lib/webmail/filters/filter.ts';
import type { FilterSaved, FilterState, TakeOver } from '#lib/webmail/filters/mailbox-filters.ts';
import { showToast } from '../../ui/toast.tsx';
import { useFailureWords } from '../failure-note.tsx';
import { getMail, sendMail } from '../mail-api.ts';

/** What was to be saved when another editor's script stood in the way. */
export interface Waiting {
  items: readonly FilterItem[];
  foreign: string;
}

/** The filters of the mailbox, and saving them: shown at once, one save after the other, taken back where the server refuses. */
export function useFilters() {
  const text = useTranslations('rules.filters');
  const words = useFailureWords();
  const { data, error, mutate } = useSWR<FilterState>('filters', () => getMail<FilterState>('filters'), { revalidateOnFocus: false });
  const [waiting, setWaiting] = useState<Waiting | null>(null);
  // what is wanted last goes once what is on its way came back; what lies between is said by it as well
  const [wanted, known, turn] = [useRef<readonly FilterItem[] | null>(null), useRef(''), useRef(Promise.resolve<string | null>(null))];
  // what was read anew meanwhile is newer than what the last save answered
  if (wanted.current === null && data) known.current = data.version;

  const take = async (send: () => Promise<FilterSaved>, items: readonly FilterItem[] | null): Promise<string | null> => {
    try {
      const { state, problem, faults } = await send();
      known.current = state.version;
      // What was wanted while a text was on its way was wanted of the filters before it.
      const overtaken = items === null && problem !== 'invalid' && wanted.current !== null;
      if (overtaken || (items !== null && (problem !== null || wanted.current === items))) wanted.current = null;
      await mutate(wanted.current ? { ...state, items: [...wanted.current] } : state, { revalidate: false });
      if (problem === 'foreign') setWaiting({ items: items ?? [], foreign: state.foreign?.name ?? '' });
      if (problem === 'changed' || overtaken) showToast({ text: text('changed'), seconds: 15 });
      if (problem === 'invalid' && items !== null) showToast({ text: text('refused', { faults }), seconds: 20 });
      return problem === 'invalid' ? faults : problem;
    } catch (failure) {
      showToast({ text: words(failure), seconds: 15 });
      wanted.current = null;
      known.current = (await mutate())?.version ?? '';
      return words(failure);
    }
  };

  /** Null once it is saved, else what is in the way. */
  const save = (items: readonly FilterItem[], takeOver: TakeOver = 'ask'): Promise<string | null> => {
    if (data) void mutate({ ...data, items: [...items] }, { revalidate: false });
    setWaiting(null);
    wanted.current = items;
    const send = () => sendMail<FilterSaved>('filters', { version: known.current, items, takeOver });
    // nothing in the way and nothing wanted any more: the text that went before has overtaken these
    turn.current = turn.current.then((before) =>
      wanted.current === items ? take(send, items) : wanted.current ? null : (before ?? 'changed'),
    );
    return turn.current;
  };
  const saveText = (own: boolean, version: string, script: string): Promise<string | null> => {
    const send = () => sendMail<FilterSaved>('filters', { own, version, text: script }, 'PATCH');
    turn.current = turn.current.then(() => take(send, null));
    return turn.current;
  };
  return { state: data, failure: error ? words(error) : null, save, saveText, waiting, stopWaiting: () => setWaiting(null) };
}
