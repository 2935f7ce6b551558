'use client';

import { useTranslations } from 'next-intl';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { keyTable } from './use-mail-keys.ts';

const signs: Record<string, string> = { ArrowDown: '↓', ArrowUp: '↑' };
const words = { Enter: 'enter', Escape: 'esc', Delete: 'del' } as const;

export function KeysSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const text = useTranslations('mail.keys');
  const common = useTranslations('common');
  const label = (key: string) => (key in words ? text(words[key as keyof typeof words]) : (signs[key] ?? key.toUpperCase()));
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
