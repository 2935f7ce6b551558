'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Button } from './button.tsx';

export interface Toast {
  text: string;
  /** Takes the step back. Without it the toast only tells. */
  undo?: () => void;
  /** What its button says where it is not "Rückgängig". */
  undoLabel?: string;
  /** Called once when the time is over without an undo. */
  done?: () => void;
  /** How long it stays; hover and focus stop the clock. */
  seconds?: number;
  /** Something leaves the house: airmail edge, and the seconds are counted aloud in the text. */
  outgoing?: boolean;
}

// One toast at a time. A new one ends the old one as if its time were over.
let current: (Toast & { id: number }) | null = null;
let counter = 0;
const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};

export function showToast(toast: Toast): void {
  current?.done?.();
  counter += 1;
  current = { ...toast, id: counter };
  tell();
}

function close(id: number, undone: boolean): void {
  if (current?.id !== id) return;
  const { undo, done } = current;
  current = null;
  tell();
  if (undone) undo?.();
  else done?.();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const isText = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.closest('input,textarea,select,[contenteditable=true]') !== null;

/** Mounted once, in the root layout. Ctrl/Cmd+Z does the same as its button, outside of text fields. */
export function ToastRegion() {
  const text = useTranslations('common');
  const toast = useSyncExternalStore(
    subscribe,
    () => current,
    () => null,
  );
  return (
    <section className="toasts" aria-label={text('notifications')}>
      <div role="status">{toast ? <Slip key={toast.id} toast={toast} /> : null}</div>
    </section>
  );
}

function Slip({ toast }: { toast: Toast & { id: number } }) {
  const text = useTranslations('common');
  const [left, setLeft] = useState(toast.seconds ?? 10);
  const held = useRef(false);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!held.current) setLeft((seconds) => seconds - 1);
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (left <= 0) close(toast.id, false);
  }, [left, toast.id]);
  useEffect(() => {
    if (!toast.undo) return;
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey || isText(event.target)) return;
      event.preventDefault();
      close(toast.id, true);
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  }, [toast.id, toast.undo]);
  const hold = (value: boolean) => () => {
    held.current = value;
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hovering only stops the clock
    <div className="toast" onMouseEnter={hold(true)} onMouseLeave={hold(false)} onFocus={hold(true)} onBlur={hold(false)}>
      <span className={toast.outgoing ? 'air' : ''} style={{ '--w': '5px' } as React.CSSProperties} />
      <div className="in">
        <span className="grow">{toast.text}</span>
        {toast.outgoing ? (
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
