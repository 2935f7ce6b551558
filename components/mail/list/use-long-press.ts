'use client';

import { useRef, type PointerEvent, type SyntheticEvent } from 'react';

const longMs = 450;
const farPx = 10;

/** A finger that rests: what hovering and the checkbox are for the mouse. Scrolling and lifting the finger end it. */
export function useLongPress(act: () => void) {
  const press = useRef({ timer: undefined as ReturnType<typeof setTimeout> | undefined, x: 0, y: 0, happened: false });
  const end = () => clearTimeout(press.current.timer);
  return {
    /** whether the click that follows belongs to a long press */
    happened: (): boolean => press.current.happened,
    handlers: {
      onPointerDown: (event: PointerEvent) => {
        press.current.happened = false;
        if (event.pointerType !== 'touch') return;
        Object.assign(press.current, { x: event.clientX, y: event.clientY });
        press.current.timer = setTimeout(() => {
          press.current.happened = true;
          act();
        }, longMs);
      },
      onPointerMove: (event: PointerEvent) => {
        if (Math.hypot(event.clientX - press.current.x, event.clientY - press.current.y) > farPx) end();
      },
      onPointerUp: end,
      onPointerCancel: end,
      // The browser's own menu of the link, on the same gesture.
      onContextMenu: (event: SyntheticEvent) => {
        if (press.current.happened) event.preventDefault();
      },
    },
  };
}
