'use client';

import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import type { ConversationRow } from '#lib/webmail/reading/conversation-list.ts';
import type { Letter } from '#lib/webmail/writing/letter.ts';
import { showToast } from '../../ui/toast.tsx';
import { useFailureWords } from '../failure-note.tsx';
import { getMail, sendMail } from '../mail-api.ts';
import { useMail } from '../mail-context.ts';

/** One after the other is copied for it; a letter of more could hardly be sent. */
const mostLetters = 50;

/** Opens one letter with every letter of these conversations attached, oldest first; told once it is open. */
export function useForwardLetters(): (rows: readonly ConversationRow[], opened: () => void) => void {
  const text = useTranslations('mail');
  const words = useFailureWords();
  const { actions } = useMail();
  const busy = useRef(false);
  return (rows, opened) => {
    const letters = rows
      .flatMap(({ folder, uids, date }) => uids.map((uid) => ({ folder, uid, date })))
      .sort((a, b) => a.date.localeCompare(b.date) || a.uid - b.uid);
    if (letters.length > mostLetters) return showToast({ text: text('actions.forwardTooMany', { most: mostLetters }), seconds: 8 });
    if (busy.current) return;
    busy.current = true;
    const prepared: Letter[] = [];
    const prepare = async (): Promise<void> => {
      for (const { folder, uid } of letters) prepared.push(await getMail<Letter>('compose', { kind: 'forward-whole', folder, uid }));
      const [first] = prepared;
      if (!first) return;
      actions.compose({ from: 'letter', letter: { ...first, uploads: prepared.flatMap(({ uploads }) => uploads) } });
      opened();
    };
    prepare()
      .catch((error: unknown) => {
        for (const { id } of prepared.flatMap(({ uploads }) => uploads)) sendMail(`uploads?id=${id}`, {}, 'DELETE').catch(() => undefined);
        showToast({ text: words(error), seconds: 15 });
      })
      .finally(() => {
        busy.current = false;
      });
  };
}
