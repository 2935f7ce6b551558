'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Button } from './button.tsx';

export interface Toast {
  text: string;
  /** Takes the step back. Without it the toast only tells. */
  undo?: () => void;
  /** What its button says where it is not "Rückgängig". */
  undoLabel?: string;
  /** Called once when the time is over without an undo. */
  done?: (() => void) | undefined;
  /** How long it stays; hover and focus stop the clock. */
  seconds?: number;
  /**
   * Something leaves the house at this moment (milliseconds since 1970), whatever becomes of the toast: airmail edge, and the seconds are
   * counted. Nothing stops this clock, and no other toast takes its place.
   */
  leavesAt?: number | undefined;
  /** Stands beside one whose step can still be taken back, instead of ending it. */
  aside?: boolean;
  /** Takes the place of the toast with the same key. */
  key?: string;
}

// One toast that tells, and beside it those that count what leaves. A new one ends the one that tells as if its time were over.
let shown: readonly (Toast & { id: number })[] = [];
let counter = 0;
const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};

export function showToast(toast: Toast): void {
  const same = shown.find((one) => toast.key !== undefined && one.key === toast.key);
  const stays = (one: Toast): boolean => one.leavesAt !== undefined || (toast.aside === true && one.undo !== undefined);
  const ends = shown.filter((one) => one !== same && !stays(one) && toast.leavesAt === undefined);
  counter += 1;
  const next = { ...toast, id: same?.id ?? counter };
  shown = [...shown.filter((one) => one !== same && !ends.includes(one)), next];
  for (const one of ends) one.done?.();
  tell();
}

/** Takes it away without a word: what it told is over. */
export function hideToast(key: string): void {
  shown = shown.filter((one) => one.key !== key);
  tell();
}

function close(id: number, undone: boolean): void {
  const toast = shown.find((one) => one.id === id);
  if (!toast) return;
  shown = shown.filter((one) => one !== toast);
  tell();
  if (undone) toast.undo?.();
  else toast.done?.();
}

const nothing: readonly (Toast & { id: number })[] = [];
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const isText = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.closest('input,textarea,select,[contenteditable=true]') !== null;

/** Mounted once, in the root layout. Ctrl/Cmd+Z does the same as its button, outside of text fields. */
export function ToastRegion() {
  const text = useTranslations('common');
  const toasts = useSyncExternalStore(
    subscribe,
    () => shown,
    () => nothing,
  );
  const newest = toasts.findLast((toast) => toast.undo)?.id;
  return (
    <section className="toasts" aria-label={text('notifications')}>
      <div role="status">
        {toasts.map((toast) => (
          <Slip key={toast.id} toast={toast} takesKey={toast.id === newest} />
        ))}
      </div>
    </section>
  );
}

function Slip({ toast, takesKey }: { toast: Toast & { id: number }; takesKey: boolean }) {
  const text = useTranslations('common');
  const { leavesAt, seconds = 10, text: words } = toast;
  const [left, setLeft] = useState(seconds);
  const held = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text in the same place begins anew
  useEffect(() => {
    const until = () => Math.ceil(((leavesAt ?? 0) - Date.now()) / 1000);
    setLeft(leavesAt === undefined ? seconds : until());
    const timer = setInterval(() => {
      if (leavesAt !== undefined) setLeft(until());
      else if (!held.current) setLeft((now) => now - 1);
    }, 1000);
    return () => clearInterval(timer);
  }, [leavesAt, seconds, words]);
  useEffect(() => {
    if (left <= 0) close(toast.id, false);
  }, [left, toast.id]);
  useEffect(() => {
    if (!toast.undo || !takesKey) return;
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey || isText(event.target)) return;
      event.preventDefault();
      close(toast.id, true);
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  }, [toast.id, toast.undo, takesKey]);
  const element = useRef<HTMLDivElement>(null);
  const cameFrom = useRef<EventTarget | null>(null);
  useLayoutEffect(() => {
    const slip = element.current;
    // who reached its button by keyboard is back where he came from (WCAG 2.4.3)
    return () => {
      if (slip?.contains(document.activeElement) && cameFrom.current instanceof HTMLElement) cameFrom.current.focus();
    };
  }, []);
  const hold = (value: boolean) => () => {
    held.current = value;
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hovering only stops the clock
    <div
      ref={element}
      className="toast"
      onMouseEnter={hold(true)}
      onMouseLeave={hold(false)}
      onFocus={({ relatedTarget }) => {
        held.current = true;
        if (!element.current?.contains(relatedTarget)) cameFrom.current = relatedTarget;
      }}
      onBlur={hold(false)}
    >
      <span className={leavesAt === undefined ? '' : 'air'} style={{ '--w': '5px' } as React.CSSProperties} />
      <div className="in">
        <span className="grow toast-text">{toast.text}</span>
        {leavesAt !== undefined ? (
          <span className="ring num" aria-hidden="true">
            {left}
          </span>
        ) : null}
        {toast.undo ? (
          <Button small onClick={() => close(toast.id, true)}>
            {toast.undoLabel ?? text('undo')}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
