'use client';

import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import type { ListFilter, ListWindow } from '#lib/webmail/reading/conversation-list.ts';
import { BoundedMap } from '#lib/workers/bounded-map.ts';
import { rememberPeople } from '../compose/known-people.ts';
import type { ListState, LoadWindow } from './list-state.ts';
import { ListStore } from './list-store.ts';
import { getMail } from '../mail-api.ts';

const mostStores = 12;

const load: LoadWindow = async (request) => {
  const window = await getMail<ListWindow>('messages', request);
  for (const row of window.rows) rememberPeople([...row.from, ...row.to]);
  return window;
};

/** The list of a folder. Lists that were open before are shown at once and brought up to date. */
export function useList(
  folder: string,
  filter: ListFilter,
  first: ListWindow | null,
): { store: ListStore; state: ListState; storesOf: (folder: string) => ListStore[] } {
  const stores = useRef(new BoundedMap<string, ListStore>(mostStores));
  const key = `${filter} ${folder}`;
  let store = stores.current.get(key);
  if (!store) {
    // What came with the page is of that moment: no list that is made later begins with it.
    const given = stores.current.size === 0 && first?.folder === folder ? first : null;
    store = new ListStore(folder, filter, load, given);
    stores.current.set(key, store);
  }
  const state = useSyncExternalStore(store.subscribe, store.snapshot, store.snapshot);
  useEffect(() => () => store.left(), [store]);
  const storesOf = useCallback((path: string) => [...stores.current.values()].filter((one) => one.folder === path), []);
  return { store, state, storesOf };
}
