'use client';

import { unstable_rethrow } from 'next/navigation';
import { useTranslations } from 'next-intl';
// biome-ignore lint/style/noRestrictedImports: the one place
import { useActionState, useCallback, useTransition } from 'react';
import { showToast } from './toast.tsx';

/**
 * Says in a toast that an action came to nothing: the net or the database was away. Thrown inside a transition, it would put the page of
 * an error in the place of this one, and what was typed would be gone.
 */
function useSayFailed(): (error: unknown) => void {
  const text = useTranslations('common.failure');
  return useCallback(
    (error: unknown): void => {
      // Next leads elsewhere by throwing
      unstable_rethrow(error);
      const digest = error instanceof Error && 'digest' in error ? String(error.digest) : '';
      showToast({ text: text('action', { number: digest }).trim(), key: 'action failed', seconds: 15 });
    },
    [text],
  );
}

/** React's useActionState for the actions of our forms: when no answer comes, the state stays as it was, but is not "done". */
export function useAction<State extends object>(action: (state: Awaited<State>, form: FormData) => Promise<State>, first: Awaited<State>) {
  const sayFailed = useSayFailed();
  const patient = async (state: Awaited<State>, form: FormData): Promise<State> => {
    try {
      return await action(state, form);
    } catch (error) {
      sayFailed(error);
      return 'done' in state && state.done ? { ...state, done: false } : state;
    }
  };
  // what the server renders names the action itself, so that the form works before any script has come
  return useActionState<State, FormData>(typeof window === 'undefined' ? action : patient, first);
}

/** React's useTransition for steps that ask the server: busy or not, and how one begins. */
export function useStep(): [boolean, (step: () => unknown) => void] {
  const [busy, start] = useTransition();
  const sayFailed = useSayFailed();
  const begin = useCallback(
    (step: () => unknown): void =>
      start(async () => {
        try {
          await step();
        } catch (error) {
          sayFailed(error);
        }
      }),
    [sayFailed],
  );
  return [busy, begin];
}
