'use client';

import { useEffect, useId, useRef, type ReactNode } from 'react';

interface Props {
  open: boolean;
  onClose: () => void;
  /** The question; the button that answers it carries the verb. */
  title: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A modal native <dialog>: the browser keeps the focus inside, closes on Esc and gives the focus back. Focus starts on `autoFocus`. */
export function Dialog({ open, onClose, title, children, className }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = element.current;
    if (!dialog) return;
    if (open && !dialog.open) {
      dialog.showModal();
      dialog.querySelector<HTMLElement>('[data-autofocus]')?.focus();
      // on a small screen that may stand at the end of what is to be read first
      dialog.scrollTop = 0;
    }
    if (!open && dialog.open) dialog.close();
  }, [open]);
  return (
    <dialog
      ref={element}
      className={className ?? 'dialog'}
      aria-labelledby={heading}
      onClose={onClose}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      {open ? (
        <>
          <h2 id={heading}>{title}</h2>
          {children}
        </>
      ) : null}
    </dialog>
  );
}
