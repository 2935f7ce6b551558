'use client';

import { useCallback, useEffect, useState } from 'react';
import type { ConversationRow, MailFolder } from '#lib/webmail/types.ts';
import { getMail, MailRequestError } from './mail-api.ts';

export interface SearchState {
  rows: ConversationRow[];
  total: number;
  done: number;
  all: number;
  /** folder that is being searched; empty when finished or stopped */
  current: string;
  perFolder: { folder: string; total: number }[];
  stopped: boolean;
  failure: MailRequestError | null;
}

const nothing: SearchState = { rows: [], total: 0, done: 0, all: 0, current: '', perFolder: [], stopped: false, failure: null };

/**
 * Searches folder after folder, the open one first, and shows hits as they come. Spam and trash are searched only when one of them is
 * open. `null` searches nothing.
 */
export function useSearch(query: string | null, folders: readonly MailFolder[], openFolder: string) {
  const [state, setState] = useState<SearchState>(nothing);
  const [controller, setController] = useState<AbortController | null>(null);
  const [round, setRound] = useState(0);
  const order = folders
    .filter(
      (folder) => folder.selectable && (folder.path === openFolder || (folder.specialUse !== 'junk' && folder.specialUse !== 'trash')),
    )
    .sort((a, b) => Number(b.path === openFolder) - Number(a.path === openFolder))
    .map((folder) => folder.path)
    .join('\n');

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` starts the same search again
  useEffect(() => {
    setState(nothing);
    if (query === null || query.trim() === '' || order === '') return;
    const abort = new AbortController();
    setController(abort);
    void run(query, order.split('\n'), abort.signal, setState);
    return () => abort.abort();
  }, [query, order, round]);

  const stop = useCallback(() => {
    controller?.abort();
    setState((state) => ({ ...state, current: '', stopped: true }));
  }, [controller]);
  const again = useCallback(() => setRound((round) => round + 1), []);
  const drop = useCallback(
    (keys: ReadonlySet<string>) =>
      setState((state) => ({ ...state, rows: state.rows.filter((row) => !keys.has(`${row.folder} ${row.threadId}`)) })),
    [],
  );
  const patch = useCallback(
    (keys: ReadonlySet<string>, change: Partial<ConversationRow>) =>
      setState((state) => ({
        ...state,
        rows: state.rows.map((row) => (keys.has(`${row.folder} ${row.threadId}`) ? { ...row, ...change } : row)),
      })),
    [],
  );
  return { state, stop, again, drop, patch };
}

type Update = (change: (state: SearchState) => SearchState) => void;

async function run(query: string, folders: string[], signal: AbortSignal, update: Update): Promise<void> {
  update(() => ({ ...nothing, all: folders.length, current: folders[0] ?? '' }));
  for (const [at, folder] of folders.entries()) {
    if (signal.aborted) return;
    update((state) => ({ ...state, current: folder }));
    try {
      const hits = await getMail<{ total: number; rows: ConversationRow[] }>('search', { folder, q: query }, signal);
      if (signal.aborted) return;
      update((state) => {
        const rows = [...state.rows, ...hits.rows].sort((a, b) => Date.parse(b.date) - Date.parse(a.date));
        const perFolder = hits.total > 0 ? [...state.perFolder, { folder, total: hits.total }] : state.perFolder;
        return { ...state, rows, perFolder, total: state.total + hits.total, done: at + 1 };
      });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof MailRequestError)) throw error;
      update((state) => ({ ...state, failure: error, current: '' }));
      return;
    }
  }
  update((state) => ({ ...state, current: '' }));
}
