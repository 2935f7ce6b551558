'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ConversationRow } from '#lib/webmail/reading/conversation-list.ts';
import { showToast } from '../../ui/toast.tsx';
import { useFailureWords } from '../failure-note.tsx';
import { rowKey } from './row-key.ts';

export interface Selection {
  keys: ReadonlySet<string>;
  rows: ConversationRow[];
  toggle: (row: ConversationRow, range: boolean) => void;
  all: () => void;
  clear: () => void;
}

const stepRows = 200;

type Rows = readonly (ConversationRow | undefined)[];

/**
 * Conversations that are ticked. With `range`, all from the last one ticked to this one; those that were never in view are loaded first,
 * so that none is left out silently. Forgotten when another list is shown.
 */
export function useSelection(rows: Rows, list: string, load: (first: number, last: number) => Promise<Rows>): Selection {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string | null>(null);
  const words = useFailureWords();
  const current = useRef({ rows, load, words });
  current.current = { rows, load, words };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list, another selection
  useEffect(() => {
    round.current += 1;
    setKeys(new Set());
    last.current = null;
  }, [list]);
  const round = useRef(0);
  const add = useCallback(async (first: number, until: number) => {
    round.current += 1;
    const mine = round.current;
    // Step by step, so that the number is seen to grow; letting the selection go ends it.
    for (let from = first; from <= until; from += stepRows) {
      let loaded: Rows;
      try {
        loaded = await current.current.load(from, Math.min(until, from + stepRows - 1));
      } catch (error) {
        return showToast({ text: current.current.words(error) });
      }
      if (mine !== round.current) return;
      const fresh = loaded.slice(from, Math.min(until + 1, from + stepRows)).flatMap((row) => (row ? [rowKey(row)] : []));
      setKeys((before) => new Set([...before, ...fresh]));
    }
  }, []);
  const toggle = useCallback(
    (row: ConversationRow, range: boolean) => {
      const key = rowKey(row);
      const at = (wanted: string | null) => current.current.rows.findIndex((one) => one && rowKey(one) === wanted);
      const [from, to] = [at(last.current), at(key)];
      last.current = key;
      if (range && from >= 0 && to >= 0) return void add(Math.min(from, to), Math.max(from, to));
      setKeys((before) => {
        const after = new Set(before);
        if (!after.delete(key)) after.add(key);
        return after;
      });
    },
    [add],
  );
  const all = useCallback(async () => {
    round.current += 1;
    const mine = round.current;
    // As many as there are once all are known: a search may still find.
    const first = current.current.rows.length - 1;
    const known = await current.current.load(0, Math.min(first, stepRows - 1)).catch(() => current.current.rows);
    if (mine !== round.current) return;
    await add(0, Math.max(known.length, current.current.rows.length) - 1);
  }, [add]);
  const clear = useCallback(() => {
    round.current += 1;
    setKeys(new Set());
  }, []);
  const selected = useMemo(() => rows.flatMap((row) => (row && keys.has(rowKey(row)) ? [row] : [])), [rows, keys]);
  return { keys, rows: selected, toggle, all: () => void all(), clear };
}
