'use client';

import { ArchiveRestore, Lock, LockOpen, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import type { FieldError } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useStep } from '../../ui/use-action.ts';
import { opposite, past, type MailboxAction } from './mailbox-action.ts';

interface Props {
  address: string;
  status: 'active' | 'suspended' | 'deleted';
  change: (action: MailboxAction) => Promise<FieldError | null>;
  /** leads to the list; answers what is in the way */
  purge: () => Promise<FieldError>;
}

/** Suspend, resume, delete, restore; each can be undone for ten seconds, and a deletion for thirty days, unless it is made final. */
export function MailboxStateButtons({ address, status, change, purge }: Props) {
  const text = useTranslations('panel.mailboxes');
  const [busy, start] = useStep();
  const [asking, setAsking] = useState(false);
  /** Says what is in the way. */
  const done = async (action: MailboxAction): Promise<boolean> => {
    const error = await change(action);
    if (error) showToast({ text: `${error.text} ${error.code ?? ''}` });
    return error === null;
  };
  const act = (action: MailboxAction) => () =>
    start(async () => {
      if (!(await done(action))) return;
      showToast({ text: text(`toast.${past[action]}`, { address }), undo: () => start(() => done(opposite[action])) });
    });
  if (status === 'deleted') {
    const forGood = () =>
      start(async () => {
        const error = await purge();
        showToast({ text: `${error.text} ${error.code ?? ''}` });
        setAsking(false);
      });
    return (
      <div className="flex flex-wrap gap-2">
        <Button small icon={<Icon of={ArchiveRestore} size={15} />} busy={busy} onClick={act('restore')}>
          {text('restore')}
        </Button>
        <Button small kind="danger" icon={<Icon of={Trash2} size={15} />} onClick={() => setAsking(true)}>
          {text('purge')}
        </Button>
        <Dialog open={asking} onClose={() => setAsking(false)} title={text('purgeTitle', { address })}>
          <p className="mid mt-3">{text('purgeText')}</p>
          <div className="acts">
            <Button data-autofocus onClick={() => setAsking(false)}>
              {text('keep')}
            </Button>
            <Button kind="danger-filled" busy={busy} onClick={forGood}>
              {text('purge')}
            </Button>
          </div>
        </Dialog>
      </div>
    );
  }
  const open = status === 'active';
  return (
    <div className="flex flex-wrap gap-2">
      <Button small icon={<Icon of={open ? Lock : LockOpen} size={15} />} busy={busy} onClick={act(open ? 'suspend' : 'resume')}>
        {text(open ? 'suspend' : 'resume')}
      </Button>
      <Button small kind="danger" icon={<Icon of={Trash2} size={15} />} busy={busy} onClick={act('delete')}>
        {text('delete')}
      </Button>
    </div>
  );
}
