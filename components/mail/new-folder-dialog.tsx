'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { showToast } from '../ui/toast.tsx';
import { useFailureWords } from './failure-note.tsx';
import { sendMail } from './mail-api.ts';

export function NewFolderDialog({ open, onClose, onCreated }: { open: boolean; onClose: () => void; onCreated: () => void }) {
  const text = useTranslations('mail.folders');
  const common = useTranslations('common');
  const words = useFailureWords();
  const [name, setName] = useState('');
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const create = async () => {
    setBusy(true);
    try {
      await sendMail('folders', { name });
      showToast({ text: text('created', { name }) });
      setName('');
      setFailure('');
      onCreated();
      onClose();
    } catch (error) {
      setFailure(words(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog open={open} onClose={onClose} title={text('create')}>
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) void create();
        }}
      >
        <TextField
          data-autofocus
          label={text('createName')}
          hint={text('createHint')}
          error={failure ? { text: failure } : null}
          value={name}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
        <div className="dialog-buttons">
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button kind="primary" type="submit" busy={busy}>
            {text('createButton')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
