'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { type FieldError, TextField } from '../../ui/field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useFailureWords } from '../failure-note.tsx';
import { sendMail } from '../mail-api.ts';

interface Props {
  open: boolean;
  /** the folder that gets another name; without it a new one is made */
  path?: string;
  onClose: () => void;
  onDone: (path: string) => void;
}

/** Asks for the name of a folder, new or renamed. */
export function FolderDialog({ open, onClose, ...rest }: Props) {
  const text = useTranslations('mail.folders');
  return (
    <Dialog open={open} onClose={onClose} title={text(rest.path === undefined ? 'create' : 'rename')}>
      <FolderForm onClose={onClose} {...rest} />
    </Dialog>
  );
}

function FolderForm({ path, onClose, onDone }: Omit<Props, 'open'>) {
  const text = useTranslations('mail.folders');
  const common = useTranslations('common');
  const words = useFailureWords();
  const [name, setName] = useState(path ?? '');
  const [failure, setFailure] = useState<FieldError | null>(null);
  const [busy, setBusy] = useState(false);
  const act = async () => {
    // Enter, pressed twice: that the second folder is there already nobody would read any more.
    if (busy) return;
    if (!name.trim()) return setFailure({ text: text('nameMissing') });
    setBusy(true);
    try {
      const done =
        path === undefined
          ? await sendMail<{ path: string }>('folders', { name })
          : await sendMail<{ path: string }>('folders', { path, name }, 'PATCH');
      showToast({ text: text(path === undefined ? 'created' : 'renamed', { name: done.path }) });
      onDone(done.path);
      onClose();
    } catch (error) {
      setFailure({ text: words(error) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="dialog-form"
      onSubmit={(event) => {
        event.preventDefault();
        void act();
      }}
    >
      <TextField
        data-autofocus
        label={text('createName')}
        hint={text('createHint')}
        error={failure}
        value={name}
        maxLength={200}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
      />
      <div className="dialog-buttons">
        <Button onClick={onClose}>{common('cancel')}</Button>
        <Button kind="primary" type="submit" busy={busy}>
          {text(path === undefined ? 'createButton' : 'renameButton')}
        </Button>
      </div>
    </form>
  );
}
