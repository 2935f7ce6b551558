'use client';

import { useTranslations } from 'next-intl';
import { useCallback, useRef, type DragEvent } from 'react';
import type { ConversationRow } from '#lib/webmail/reading/conversation-list.ts';
import { useCount } from '../dates.ts';
import { beginDrag } from '../folders/dragged.ts';
import { rowKey } from './row-key.ts';
import type { Selection } from './use-selection.ts';

/** Begins to drag a row; one that is ticked takes along all that are. */
export function useLetterDrag(selection: Selection): (event: DragEvent, row: ConversationRow, subject: string) => void {
  const text = useTranslations('mail.list');
  const number = useCount();
  const latest = useRef({ selection, text, number });
  latest.current = { selection, text, number };
  return useCallback((event, row, subject) => {
    const { selection: ticked, text: say, number: count } = latest.current;
    if (!ticked.keys.has(rowKey(row))) return beginDrag(event, { kind: 'letters', rows: [row], taken: () => undefined }, subject);
    const { rows } = ticked;
    const words = rows.length === 1 ? subject : say('selected', { count: rows.length, number: count(rows.length) });
    beginDrag(event, { kind: 'letters', rows, taken: ticked.clear }, words);
  }, []);
}
