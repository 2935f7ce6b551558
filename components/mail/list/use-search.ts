'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import type { ConversationRow, MailFolder } from '#lib/webmail/reading/conversation-list.ts';
import type { FolderHits } from '#lib/webmail/reading/search-messages.ts';
import { askMail, MailRequestError } from '../mail-api.ts';
import { rowKey } from './row-key.ts';
import { type Hits, withHits, withoutHits } from './search-hits.ts';

export interface SearchState extends Hits {
  rows: ConversationRow[];
  total: number;
  done: number;
  all: number;
  /** folder that is being searched; empty when finished or stopped */
  current: string;
  perFolder: { folder: string; total: number }[];
  stopped: boolean;
  /** every hit has its row */
  complete: boolean;
  failure: MailRequestError | null;
}

const nothing: SearchState = {
  rows: [],
  gone: new Set(),
  total: 0,
  done: 0,
  all: 0,
  current: '',
  perFolder: [],
  stopped: false,
  complete: false,
  failure: null,
};

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

  const known = useRef(folders);
  known.current = folders;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` starts the same search again
  useEffect(() => {
    setState(nothing);
    if (query === null || query.trim() === '' || order === '') return;
    const abort = new AbortController();
    setController(abort);
    const paths = order.split('\n');
    const empty = paths.filter((path) => known.current.some((folder) => folder.path === path && folder.total === 0));
    void run(query, paths, empty, abort.signal, setState);
    return () => abort.abort();
  }, [query, order, round]);

  const stop = useCallback(() => {
    controller?.abort();
    setState((state) => ({ ...state, current: '', stopped: true }));
  }, [controller]);
  const again = useCallback(() => setRound((round) => round + 1), []);
  const drop = useCallback((keys: ReadonlySet<string>) => setState((state) => withoutHits(state, keys)), []);
  const patch = useCallback(
    (keys: ReadonlySet<string>, change: Partial<ConversationRow>) =>
      setState((state) => ({
        ...state,
        rows: state.rows.map((row) => (keys.has(rowKey(row)) ? { ...row, ...change } : row)),
      })),
    [],
  );
  const latest = useRef(state);
  latest.current = state;
  const waiting = useRef<(() => void)[]>([]);
  useEffect(() => {
    if (!state.complete && !state.stopped && !state.failure) return;
    for (const resolve of waiting.current.splice(0)) resolve();
  }, [state]);
  /** All hits, once they are here. */
  const whole = useCallback(async (): Promise<ConversationRow[]> => {
    const { complete, stopped, failure } = latest.current;
    if (!complete && !stopped && !failure) await new Promise<void>((resolve) => waiting.current.push(resolve));
    return latest.current.rows;
  }, []);
  return { state, stop, again, drop, patch, whole };
}

type Update = (change: (state: SearchState) => SearchState) => void;

async function run(query: string, folders: string[], empty: readonly string[], signal: AbortSignal, update: Update): Promise<void> {
  update(() => ({ ...nothing, all: folders.length, current: folders[0] ?? '' }));
  const further: { folder: string; after: string }[] = [];
  // The first rows of every folder come first, so that it is seen soon where something was found.
  const asked = new Map<string, Promise<FolderHits>>();
  const ask = (folder: string): Promise<FolderHits> => {
    const hits = asked.get(folder) ?? load({ query, folder, count: firstRows }, signal);
    asked.set(folder, hits);
    hits.catch(() => undefined);
    return hits;
  };
  let isQuick = false;
  for (const [at, folder] of folders.entries()) {
    const from = performance.now();
    const answer = ask(folder);
    // what was empty a moment ago is soon said to be empty still: no journey of its own for each
    if (at === 0) for (const each of empty.slice(0, mostBeside)) void ask(each);
    const next = folders[at + 1];
    // where folders answer quickly the next one is asked for already: the server has it when this one is shown
    if (isQuick && next !== undefined) void ask(next);
    try {
      const first = await answer;
      isQuick = performance.now() - from < quickMs;
      if (signal.aborted) return;
      if (first.next !== null) further.push({ folder, after: first.next });
      update((state) => {
        const perFolder = first.total > 0 ? [...state.perFolder, { folder, total: first.total }] : state.perFolder;
        return {
          ...state,
          rows: withHits(state, first.rows),
          perFolder,
          total: state.total + first.total,
          done: at + 1,
          current: next ?? '',
        };
      });
    } catch (error) {
      return failed(error, signal, update);
    }
  }
  try {
    for (const { folder, after } of further) {
      for (let place: string | null = after; place !== null; ) {
        const hits: FolderHits = await load({ query, folder, after: place, count: pageRows }, signal);
        if (signal.aborted) return;
        update((state) => ({ ...state, rows: withHits(state, hits.rows) }));
        place = hits.next;
      }
    }
  } catch (error) {
    return failed(error, signal, update);
  }
  if (!signal.aborted) update((state) => ({ ...state, complete: true }));
}

/** Where a folder takes longer, asking for the next one ahead saves nothing, and whoever opens a hit meanwhile would wait for both. */
const quickMs = 500;
/** A browser has few connections to a host. */
const mostBeside = 4;
/** More than a screen shows, and soon here. */
const firstRows = 50;
/** As many as the server gives at once. */
const pageRows = 200;

const load = ({ query, ...window }: { query: string; folder: string; after?: string; count: number }, signal: AbortSignal) =>
  askMail<FolderHits>('search', { q: query, ...window }, signal, patienceMs);

/** Words in the text of a hundred thousand letters take their time, and whoever looks for them sees where they are sought and can stop it. */
const patienceMs = 300_000;

function failed(error: unknown, signal: AbortSignal, update: Update): void {
  if (signal.aborted) return;
  if (!(error instanceof MailRequestError)) throw error;
  update((state) => ({ ...state, failure: error, current: '' }));
}
