'use client';

import { useEffect, useState } from 'react';

type Module = typeof import('./compose-window.tsx');

/**
 * The compose window, fetched while nothing else is to do or when it is first wanted, and null until then. Not `dynamic`: that shows even
 * what is already here a moment later, and the keys of that moment would be lost.
 */
export function useComposeWindow(wanted: boolean): Module['ComposeWindow'] | null {
  const [module, setModule] = useState<Module | null>(null);
  useEffect(() => {
    if (module) return module.preloadEditor();
    let over = false;
    const load = () => void import('./compose-window.tsx').then((loaded) => over || setModule(loaded));
    if (wanted) load();
    const idle = window.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 1500));
    idle(load);
    return () => {
      over = true;
    };
  }, [wanted, module]);
  return module?.ComposeWindow ?? null;
}
