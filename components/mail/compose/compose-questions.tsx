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
      <QuestionDialog
        open={asking === 'discard'}
        title={text('confirm.discardTitle')}
        says={text('confirm.discardText')}
        stay={text('confirm.keep')}
        go={text('confirm.discardButton')}
        kind="danger-filled"
        onClose={onClose}
        onGo={onDiscard}
      />
      <QuestionDialog
        open={asking === 'plain'}
        title={text('compose.plainTitle')}
        says={text('compose.plainText')}
        stay={text('compose.plainKeep')}
        go={text('compose.plainGo')}
        onClose={onClose}
        onGo={onPlain}
      />
      <QuestionDialog
        open={asking === 'uploading'}
        title={text('compose.uploadingTitle')}
        says={text('compose.uploadingText')}
        stay={text('compose.uploadingWait')}
        go={text('compose.uploadingClose')}
        onClose={onClose}
        onGo={onCloseAnyway}
      />
      <QuestionDialog
        open={asking === 'subject'}
        title={text('compose.noSubjectTitle')}
        says={text('compose.noSubjectText')}
        stay={text('compose.noSubjectBack')}
        go={text('compose.noSubjectSend')}
        onStay={onSubject}
        onClose={onClose}
        onGo={onSend}
      />
    </>
  );
}

interface QuestionProps {
  open: boolean;
  title: string;
  says: string;
  /** the button that has the focus: nothing happens */
  stay: string;
  go: string;
  kind?: 'primary' | 'danger-filled';
  onClose: () => void;
  /** where staying leads, if not only out of the question */
  onStay?: () => void;
  onGo: () => void;
}

function QuestionDialog({ open, title, says, stay, go, kind = 'primary', onClose, onStay = onClose, onGo }: QuestionProps) {
  return (
    <Dialog open={open} onClose={onClose} title={title}>
      <p className="mid">{says}</p>
      <div className="dialog-buttons">
        <Button data-autofocus onClick={onStay}>
          {stay}
        </Button>
        <Button kind={kind} onClick={onGo}>
          {go}
        </Button>
      </div>
    </Dialog>
  );
}
