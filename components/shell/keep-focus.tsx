'use client';

import { useEffect } from 'react';

const controls = ':is(a[href], button, input, select, textarea, summary):not(:disabled, [type="hidden"])';
const controlsOf = (part: Element): HTMLElement[] =>
  [...(part.matches(controls) ? [part] : []), ...part.querySelectorAll(controls)].filter((one) => one instanceof HTMLElement);
const nameOf = (control: Element): string => control.getAttribute('aria-label') ?? control.textContent;

/** Where the focus was: what was around it, the nearest first, each with its place among its neighbours. */
interface Trail {
  control: HTMLElement;
  address: string;
  around: { part: Element; parent: Element; at: number }[];
}

function trailTo(control: HTMLElement, page: Element): Trail {
  const around: Trail['around'] = [];
  for (let part = control; part !== page && part.parentElement; part = part.parentElement) {
    around.push({ part, parent: part.parentElement, at: [...part.parentElement.children].indexOf(part) });
  }
  return { control, address: window.location.pathname, around };
}

/** The same control beside what is gone, so that it can be pressed again; else what stands in its place, or next to that. */
function nearest({ control, around }: Trail): HTMLElement | undefined {
  for (const { part, parent, at } of around) {
    if (!parent.isConnected) continue;
    const fromEnd = part.isConnected ? 1 : controlsOf(part).length - controlsOf(part).indexOf(control);
    const places = [at, at - 1, at + 1, at + 2].map((place) => {
      const there = parent.children[place];
      return there ? controlsOf(there).filter((one) => one.checkVisibility()) : [];
    });
    const same = places.flat().find((one) => nameOf(one) === nameOf(control));
    const other = places.find(({ length }) => length > 0);
    const best = same ?? other?.at(-fromEnd) ?? other?.at(-1);
    if (best) return best;
  }
  return undefined;
}

/**
 * Who works by keyboard stays where he was when what he pressed is gone: a row that was removed, a form that was closed (WCAG 2.4.3). Browsers
 * begin at the top of the page again. Where somebody gives the focus a better place, it stays there; a page that is left is nothing to stay in.
 */
export function KeepFocus() {
  useEffect(() => {
    let trail: Trail | null = null;
    const remember = ({ target }: FocusEvent): void => {
      // a dialog gives the focus back to what opened it
      if (!(target instanceof HTMLElement) || target.closest('dialog')) return;
      // a row that is scrolled out of a long list is gone for a while, and must not be scrolled back to
      if (target.closest('.virtual')) {
        trail = null;
        return;
      }
      const page = target.closest('main');
      trail = page && page !== target ? trailTo(target, page) : null;
    };
    const look = (): void => {
      if (!trail || trail.control.isConnected || document.querySelector(':modal')) return;
      if (document.activeElement !== null && document.activeElement !== document.body) return;
      const before = trail;
      trail = null;
      if (before.address === window.location.pathname) nearest(before)?.focus();
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('focusin', remember);
    // asked about in a dialog, it was gone before that was closed
    document.addEventListener('close', look, true);
    return () => {
      observer.disconnect();
      document.removeEventListener('focusin', remember);
      document.removeEventListener('close', look, true);
    };
  }, []);
  return null;
}
