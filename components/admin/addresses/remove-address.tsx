'use client';

import { Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorText, type FieldError } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useStep } from '../../ui/use-action.ts';

interface Props {
  display: string;
  isCatchAll: boolean;
  /** answers what is in the way; null: done */
  remove: () => Promise<FieldError | null>;
}

/** Asks before an address is taken away: its members, pauses and senders go with it. */
export function RemoveDialog({ display, isCatchAll, remove, open, onClose }: Props & { open: boolean; onClose: () => void }) {
  const text = useTranslations('panel.addresses');
  const [error, setError] = useState<FieldError | null>(null);
  const [busy, start] = useStep();
  const confirm = () =>
    start(async () => {
      const found = await remove();
      setError(found);
      if (!found) onClose();
    });
  return (
    <Dialog open={open} onClose={onClose} title={text('removeTitle', { address: display })}>
      <p className="mid mt-3">{text(isCatchAll ? 'removeCatchAll' : 'removeText')}</p>
      <div role="alert" className="mt-3">
        {error ? <ErrorText error={error} /> : null}
      </div>
      <div className="acts">
        <Button data-autofocus onClick={onClose}>
          {text('keep')}
        </Button>
        <Button kind="danger-filled" busy={busy} onClick={confirm}>
          {text('remove')}
        </Button>
      </div>
    </Dialog>
  );
}

export function RemoveAddress(props: Props) {
  const text = useTranslations('panel.addresses');
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button kind="danger" small icon={<Icon of={Trash2} size={15} />} onClick={() => setOpen(true)}>
        {text('remove')}
      </Button>
      <RemoveDialog {...props} open={open} onClose={() => setOpen(false)} />
    </>
  );
}
