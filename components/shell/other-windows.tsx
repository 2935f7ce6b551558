'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

const name = 'postamt.chosen';

/** Language, appearance or settings were chosen here: every window of this browser shows them at once. */
export function tellWindows(): void {
  const channel = new BroadcastChannel(name);
  channel.postMessage(null);
  channel.close();
}

/** Hears of what is chosen in this window or another one. */
export function FollowChoices(): null {
  const router = useRouter();
  useEffect(() => {
    const channel = new BroadcastChannel(name);
    channel.onmessage = () => router.refresh();
    return () => channel.close();
  }, [router]);
  return null;
}
