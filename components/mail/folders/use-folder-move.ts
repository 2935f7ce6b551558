'use client';

import { useTranslations } from 'next-intl';
import { showToast } from '../../ui/toast.tsx';
import { useFailureWords } from '../failure-note.tsx';
import { sendMail } from '../mail-api.ts';
import { useMail } from '../mail-context.ts';
import { parseLocation } from '../mail-href.ts';

/** Puts a folder, and what lies below it, at another path; the one that is open stays open there. */
export function useFolderMove(): (path: string, to: string) => void {
  const text = useTranslations('mail');
  const words = useFailureWords();
  const { actions } = useMail();
  /** Where it lies now: names that other programs gave are written as ours on the way; null: where it lay. */
  const move = async (path: string, to: string): Promise<string | null> => {
    let at: string;
    try {
      at = (await sendMail<{ path: string }>('folders', { path, name: to }, 'PATCH')).path;
    } catch (error) {
      showToast({ text: text('done.failed', { what: text('actions.move'), why: words(error) }), seconds: 20 });
      return null;
    }
    const open = parseLocation(window.location.pathname + window.location.search).folder;
    actions.foldersChanged(open === path || open.startsWith(`${path}/`) ? at + open.slice(path.length) : undefined);
    return at;
  };
  return async (path, to) => {
    const at = await move(path, to);
    if (at !== null) showToast({ text: text('folders.placed', { path: at }), undo: () => void move(at, path) });
  };
}
