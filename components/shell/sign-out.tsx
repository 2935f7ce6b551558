'use client';

import { LogOut } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { MenuItem } from '../ui/menu.tsx';
import { showToast } from '../ui/toast.tsx';
import { useStep } from '../ui/use-action.ts';
import { bringHome, leave, markShown } from './leave.ts';

/** What the menu needs to sign somebody out, and the question that may come before. */
export function useSignOut(address: string, signOut: () => Promise<void>) {
  const text = useTranslations('common.signOut');
  const [left, setLeft] = useState(0);
  const [busy, start] = useStep();
  useEffect(() => {
    markShown();
    // the browser's own memory of a page that was left: shown again it would still hold everything
    const again = (event: PageTransitionEvent) => event.persisted && window.location.reload();
    window.addEventListener('pageshow', again);
    return () => window.removeEventListener('pageshow', again);
  }, []);
  const ask = () =>
    start(async () => {
      try {
        const count = await bringHome(address);
        if (count === 0) await leave(address, signOut, { keep: false });
        else setLeft(count);
      } catch {
        showToast({ text: text('failed') });
      }
    });
  const go = (keep: boolean) => start(() => leave(address, signOut, { keep }).catch(() => showToast({ text: text('failed') })));
  const item = (
    <MenuItem icon={<Icon of={LogOut} />} onSelect={ask}>
      {text('menu')}
    </MenuItem>
  );
  const question = (
    <Dialog open={left > 0} onClose={() => setLeft(0)} title={text('title', { count: left })}>
      <p className="mid mt-3">{text('text')}</p>
      <div className="acts">
        <Button data-autofocus onClick={() => setLeft(0)}>
          {text('stay')}
        </Button>
        <Button busy={busy} onClick={() => go(true)}>
          {text('keep')}
        </Button>
        <Button kind="danger-filled" busy={busy} onClick={() => go(false)}>
          {text('remove')}
        </Button>
      </div>
    </Dialog>
  );
  return { item, question };
}
