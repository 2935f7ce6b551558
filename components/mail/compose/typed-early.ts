'use client';

import { useEffect } from 'react';

/**
 * What is typed between the key that opens a letter and the moment its field has the focus: code, and for an answer the quoted text, must
 * come first. It is kept here and put where it was meant for, so that no key is lost.
 */
let typed: string | null = null;

/** Takes what was typed; from here on the field gets the keys itself. */
export function takeTypedEarly(): string {
  const taken = typed ?? '';
  typed = null;
  return taken;
}

/** Fields, and what lies in the letter's own window, get their keys themselves; the window as such has no use for them. */
const hasKeys = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  !target.matches('.composer') &&
  target.closest('.composer,input,textarea,[contenteditable=true]') !== null;

/** Collects from the moment `letter` is not null, until the letter takes it. */
export function useTypedEarly(letter: object | null): void {
  useEffect(() => {
    if (letter === null) return;
    typed = '';
    const keep = (event: KeyboardEvent) => {
      if (typed === null || event.ctrlKey || event.metaKey || event.altKey || hasKeys(event.target)) return;
      if (event.key === 'Backspace') typed = typed.slice(0, -1);
      else if (event.key.length === 1) typed += event.key;
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', keep);
    return () => {
      document.removeEventListener('keydown', keep);
      typed = null;
    };
  }, [letter]);
}
