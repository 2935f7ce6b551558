'use client';

import { useTranslations } from 'next-intl';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

export interface Confirmation {
  title: string;
  text: string;
  button: string;
  act: () => void;
}

/** Only for what cannot be taken back. Focus starts on the harmless button. */
export function ConfirmDialog({ confirmation, onClose }: { confirmation: Confirmation | null; onClose: () => void }) {
  const text = useTranslations('mail.confirm');
  return (
    <Dialog open={confirmation !== null} onClose={onClose} title={confirmation?.title ?? ''}>
      <p className="mid">{confirmation?.text}</p>
      <div className="dialog-buttons">
        <Button data-autofocus onClick={onClose}>
          {text('keep')}
        </Button>
        <Button
          kind="danger-filled"
          onClick={() => {
            confirmation?.act();
            onClose();
          }}
        >
          {confirmation?.button}
        </Button>
      </div>
    </Dialog>
  );
}
