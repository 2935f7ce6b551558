'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ConversationRow } from '#lib/webmail/types.ts';
import { rowKey } from './message-list.tsx';

export interface Selection {
  keys: ReadonlySet<string>;
  rows: ConversationRow[];
  toggle: (row: ConversationRow, range: boolean) => void;
  clear: () => void;
}

/** Conversations that are ticked. With `range`, all from the last one ticked to this one. Forgotten when another list is shown. */
export function useSelection(rows: readonly (ConversationRow | undefined)[], list: string): Selection {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string | null>(null);
  const current = useRef(rows);
  current.current = rows;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list, another selection
  useEffect(() => {
    setKeys(new Set());
    last.current = null;
  }, [list]);
  const toggle = useCallback((row: ConversationRow, range: boolean) => {
    const key = rowKey(row);
    const from = current.current.findIndex((one) => one && rowKey(one) === last.current);
    const to = current.current.findIndex((one) => one && rowKey(one) === key);
    last.current = key;
    setKeys((before) => {
      const after = new Set(before);
      if (range && from >= 0 && to >= 0) {
        for (const one of current.current.slice(Math.min(from, to), Math.max(from, to) + 1)) if (one) after.add(rowKey(one));
      } else if (!after.delete(key)) after.add(key);
      return after;
    });
  }, []);
  const clear = useCallback(() => setKeys(new Set()), []);
  const selected = useMemo(() => rows.flatMap((row) => (row && keys.has(rowKey(row)) ? [row] : [])), [rows, keys]);
  return { keys, rows: selected, toggle, clear };
}
