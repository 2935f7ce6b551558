'use client';

import { useTranslations } from 'next-intl';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { keyTable } from './use-mail-keys.ts';

const names: Record<string, string> = { ArrowDown: '↓', ArrowUp: '↑', Delete: 'Entf' };

export function KeysSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const text = useTranslations('mail.keys');
  const common = useTranslations('common');
  const label = (key: string) => (key === 'Enter' ? text('enter') : key === 'Escape' ? text('esc') : (names[key] ?? key.toUpperCase()));
  return (
    <Dialog open={open} onClose={onClose} title={text('title')} className="dialog keys-sheet">
      <dl>
        {keyTable.map(({ key, keys }) => (
          <div key={key}>
            <dt>{text(key === 'reply-all' ? 'replyAll' : key)}</dt>
            <dd>
              {keys.map((one) => (
                <kbd key={one}>{label(one)}</kbd>
              ))}
            </dd>
          </div>
        ))}
        <div>
          <dt>{text('undo')}</dt>
          <dd>
            <kbd>{text('ctrl')}</kbd>
            <kbd>Z</kbd>
          </dd>
        </div>
        <div>
          <dt>{text('send')}</dt>
          <dd>
            <kbd>{text('ctrl')}</kbd>
            <kbd>{text('enter')}</kbd>
          </dd>
        </div>
      </dl>
      <div className="dialog-buttons">
        <Button data-autofocus onClick={onClose}>
          {common('close')}
        </Button>
      </div>
    </Dialog>
  );
}
