import type { KeyboardEvent } from 'react';

/** Tab goes round within the window; behind it nothing can be reached. */
export function keepFocusInside(event: KeyboardEvent, root: HTMLElement | null): void {
  const all = [
    ...(root?.querySelectorAll<HTMLElement>('button:not([disabled]),input:not([hidden]),[contenteditable=true],a[href]') ?? []),
  ].filter((element) => element.offsetParent !== null && element.tabIndex >= 0);
  const [first, last] = [all[0], all.at(-1)];
  // the window itself has the focus before anything in it
  if (event.shiftKey && (document.activeElement === first || document.activeElement === root)) {
    event.preventDefault();
    last?.focus();
  } else if (!event.shiftKey && document.activeElement === last) {
    event.preventDefault();
    first?.focus();
  }
}
