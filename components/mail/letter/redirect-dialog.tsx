'use client';

import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { personName } from '#lib/webmail/people/person-name.ts';
import type { MessageReference, Person } from '#lib/webmail/reading/mail-message.ts';
import { looksLikeAddress } from '#lib/webmail/writing/address-list.ts';
import type { LetterRedirected } from '#lib/webmail/writing/letter.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { RecipientField } from '../compose/recipient-field.tsx';
import { useFailureWords } from '../failure-note.tsx';
import { sendMail } from '../mail-api.ts';

interface Props {
  open: boolean;
  reference: MessageReference;
  onClose: () => void;
}

/** Asks to whom a letter shall be passed on as it came. */
export function RedirectDialog({ open, ...rest }: Props) {
  const text = useTranslations('mail.redirect');
  return (
    <Dialog open={open} onClose={rest.onClose} title={text('title')}>
      <RedirectForm {...rest} />
    </Dialog>
  );
}

const patienceMs = 120_000;

function RedirectForm({ reference, onClose }: Omit<Props, 'open'>) {
  const text = useTranslations('mail');
  const common = useTranslations('common');
  const words = useFailureWords();
  const form = useRef<HTMLFormElement>(null);
  const [to, setTo] = useState<Person[]>([]);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  // Pressed again after an answer that was lost, it is the same wish.
  const [wish] = useState(() => ({ id: crypto.randomUUID(), at: new Date().toISOString() }));
  const act = async () => {
    if (to.length === 0) {
      setProblem(text('errors.NoRecipient.title'));
      return form.current?.querySelector('input')?.focus();
    }
    // the field says so, and this is the way to it
    if (to.some(({ address }) => !looksLikeAddress(address)))
      return form.current?.querySelector<HTMLElement>('.rcpt.warn .rcpt-name')?.focus();
    setBusy(true);
    try {
      const redirected = await sendMail<LetterRedirected & { leavesInMs: number }>('redirect', { ...reference, ...wish, to }, 'POST', {
        patienceMs,
      });
      const { refused, leavesInMs, held } = redirected;
      onClose();
      const undo = () => void takeBack(redirected);
      const addresses = refused.map(({ address }) => address).join(', ');
      if (addresses)
        return showToast({
          text: text('compose.sentRefused', { addresses, reason: refused[0]?.reason ?? '' }),
          seconds: 30,
          ...(held ? { undo } : {}),
        });
      const done = () => showToast({ text: text('redirect.done'), seconds: 5 });
      if (!held) return done();
      const names = to.slice(0, 3).map(personName).join(', ');
      const who = to.length > 3 ? text('compose.andMore', { names, count: to.length - 3 }) : names;
      showToast({ key: wish.id, text: text('redirect.leaving', { names: who }), undo, leavesAt: Date.now() + leavesInMs, done });
    } catch (error) {
      // who has closed it meanwhile must hear of it all the same
      if (!form.current) return showToast({ text: words(error), seconds: 20 });
      setProblem(words(error));
      setBusy(false);
    }
  };
  const takeBack = async (redirected: LetterRedirected): Promise<void> => {
    const { held, marked } = redirected;
    try {
      const { back } = await sendMail<{ back: boolean }>('redirect', { ...reference, held, marked }, 'DELETE');
      showToast({ text: text(back ? 'redirect.back' : 'compose.tooLate'), seconds: 8 });
    } catch (error) {
      showToast({ text: text('compose.undoFailed', { why: words(error) }), seconds: 20, undo: () => void takeBack(redirected) });
    }
  };
  return (
    <form
      ref={form}
      className="dialog-form"
      onSubmit={(event) => {
        event.preventDefault();
        void act();
      }}
    >
      <p className="mid">{text('redirect.text')}</p>
      <RecipientField
        kind="to"
        label={text('compose.to')}
        people={to}
        onChange={(_, people) => {
          setTo(people);
          setProblem('');
        }}
        onMove={() => undefined}
      />
      {problem ? (
        <p className="field-warning" role="alert">
          {problem}
        </p>
      ) : null}
      <div className="dialog-buttons">
        <Button onClick={onClose}>{common('cancel')}</Button>
        <Button kind="primary" type="submit" busy={busy}>
          {text('redirect.button')}
        </Button>
      </div>
    </form>
  );
}
