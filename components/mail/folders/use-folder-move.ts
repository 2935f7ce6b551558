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
  const move = async (path: string, to: string): Promise<boolean> => {
    try {
      await sendMail('folders', { path, name: to }, 'PATCH');
    } catch (error) {
      showToast({ text: text('done.failed', { what: text('actions.move'), why: words(error) }), seconds: 20 });
      return false;
    }
    const open = parseLocation(window.location.pathname + window.location.search).folder;
    actions.foldersChanged(open === path || open.startsWith(`${path}/`) ? to + open.slice(path.length) : undefined);
    return true;
  };
  return async (path, to) => {
    if (await move(path, to)) showToast({ text: text('folders.placed', { path: to }), undo: () => void move(to, path) });
  };
}
