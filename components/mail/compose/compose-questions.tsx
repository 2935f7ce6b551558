'use client';

import { useTranslations } from 'next-intl';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

export type Question = 'discard' | 'subject' | 'plain' | 'uploading' | null;

/** What is asked before a letter is thrown away, loses its formatting, or goes without a subject. */
export function ComposeQuestions(props: {
  asking: Question;
  onClose: () => void;
  onDiscard: () => void;
  onSend: () => void;
  onSubject: () => void;
  onPlain: () => void;
  onCloseAnyway: () => void;
}) {
  const { asking, onClose, onDiscard, onSend, onSubject, onPlain, onCloseAnyway } = props;
  const text = useTranslations('mail');
  return (
    <>
      <Dialog open={asking === 'discard'} onClose={onClose} title={text('confirm.discardTitle')}>
        <p className="mid">{text('confirm.discardText')}</p>
        <div className="dialog-buttons">
          <Button data-autofocus onClick={onClose}>
            {text('confirm.keep')}
          </Button>
          <Button kind="danger-filled" onClick={onDiscard}>
            {text('confirm.discardButton')}
          </Button>
        </div>
      </Dialog>
      <Dialog open={asking === 'plain'} onClose={onClose} title={text('compose.plainTitle')}>
        <p className="mid">{text('compose.plainText')}</p>
        <div className="dialog-buttons">
          <Button data-autofocus onClick={onClose}>
            {text('compose.plainKeep')}
          </Button>
          <Button kind="primary" onClick={onPlain}>
            {text('compose.plainGo')}
          </Button>
        </div>
      </Dialog>
      <Dialog open={asking === 'uploading'} onClose={onClose} title={text('compose.uploadingTitle')}>
        <p className="mid">{text('compose.uploadingText')}</p>
        <div className="dialog-buttons">
          <Button data-autofocus onClick={onClose}>
            {text('compose.uploadingWait')}
          </Button>
          <Button kind="primary" onClick={onCloseAnyway}>
            {text('compose.uploadingClose')}
          </Button>
        </div>
      </Dialog>
      <Dialog open={asking === 'subject'} onClose={onClose} title={text('compose.noSubjectTitle')}>
        <p className="mid">{text('compose.noSubjectText')}</p>
        <div className="dialog-buttons">
          <Button data-autofocus onClick={onSubject}>
            {text('compose.noSubjectBack')}
          </Button>
          <Button kind="primary" onClick={onSend}>
            {text('compose.noSubjectSend')}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
