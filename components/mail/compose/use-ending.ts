'use client';

import { useTranslations } from 'next-intl';
import { type RefObject, useRef } from 'react';
import { looksLikeAddress } from '#lib/webmail/writing/address-list.ts';
import type { Letter } from '#lib/webmail/writing/letter.ts';
import { showToast } from '../../ui/toast.tsx';
import { useFailureWords } from '../failure-note.tsx';
import { sendMail } from '../mail-api.ts';
import { useMail } from '../mail-context.ts';
import type { ComposeRequest } from './compose-request.ts';
import { dropFromJournal, keepInJournal } from './journal.ts';
import { takeInHand } from './letter-lock.ts';
import { letterSentEvent } from './outbox.ts';
import { saveLeftDraft } from './save-left-draft.ts';
import type { useDraft } from './use-draft.ts';
import { useOutbox } from './use-outbox.ts';
import type { useUploads } from './use-uploads.ts';

interface Ends {
  first: Letter;
  origin: ComposeRequest['from'];
  current: RefObject<Letter>;
  touched: RefObject<boolean>;
  draft: ReturnType<typeof useDraft>;
  attach: ReturnType<typeof useUploads>;
  /** the text as the editor had it before the first key */
  prepared: () => string | null;
  /** says what is wrong and goes there */
  complain: (sentence: string, selector: string) => void;
  askForSubject: () => void;
  /** a file is still on its way here */
  askToWait: () => void;
  onClose: (draftChanged: boolean) => void;
}

const wrongChip = '.composer .rcpt.warn .rcpt-name';

/** The three ways a letter's window ends: kept as a draft, sent, thrown away. */
export function useEnding(ends: Ends) {
  const { first, origin, current, touched, draft, attach, prepared, complain, askForSubject, askToWait, onClose } = ends;
  const text = useTranslations('mail');
  const words = useFailureWords();
  const { address } = useMail();
  const give = useOutbox();
  const sending = useRef(false);

  /** Nothing of it is the writer's: an answer that nobody wrote. */
  const isUnwritten = (): boolean => {
    const now = current.current;
    const same = (key: 'to' | 'cc' | 'bcc' | 'uploads') => JSON.stringify(now[key]) === JSON.stringify(first[key]);
    const sameText = now.html === first.html || now.html === prepared();
    return (
      origin !== 'letter' &&
      first.draft === null &&
      sameText &&
      now.text === first.text &&
      now.subject === first.subject &&
      same('to') &&
      same('cc') &&
      same('bcc') &&
      same('uploads')
    );
  };
  const throwAway = async () => {
    // before the wait, which may be long, too: a page that is closed meanwhile would bring it back
    dropFromJournal(address, current.current.id);
    const { id, draft: where } = await draft.finish(current, 'discard');
    dropFromJournal(address, id);
    const attempt = async (): Promise<void> => {
      try {
        await sendMail('drafts', { id, draft: where }, 'DELETE');
        onClose(true);
      } catch (error) {
        showToast({
          text: text('compose.discardFailed', { why: words(error) }),
          seconds: 30,
          undoLabel: text('compose.retry'),
          undo: () => void attempt(),
        });
      }
    };
    if (where || touched.current) await attempt();
  };
  /** Files that were copied for an answer nobody wrote. */
  const leaveCopies = () => {
    if (origin !== 'message') return;
    for (const { id } of first.uploads) sendMail(`uploads?id=${id}`, {}, 'DELETE').catch(() => undefined);
  };
  const discard = async () => {
    if (sending.current) return;
    onClose(true);
    await throwAway();
  };
  const close = ({ withoutFile = false }: { withoutFile?: boolean } = {}) => {
    // It goes, as soon as the save before it is over, and closes its window itself.
    if (sending.current) return;
    // Its window is what brings a file here.
    if (attach.busy && !withoutFile) return askToWait();
    // What stands in a recipient's field becomes a recipient when the field is left.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    if (!touched.current) {
      leaveCopies();
      return onClose(false);
    }
    onClose(true);
    if (isUnwritten()) return void throwAway();
    const letGo = takeInHand(current.current.id);
    void draft.close().then((left) => {
      letGo();
      onClose(true);
      if (!left) return;
      const isKept = saveLeftDraft(address, left, () => {
        showToast({ text: text('compose.savedAfterAll', { subject: left.subject || text('list.noSubject') }), seconds: 8 });
        window.dispatchEvent(new Event(letterSentEvent));
      });
      showToast({ text: text(isKept ? 'compose.closedUnsaved' : 'compose.closedOnlyHere'), seconds: 20 });
    });
  };
  const send = async ({ withoutSubject = false, at = null }: { withoutSubject?: boolean; at?: string | null } = {}) => {
    if (document.activeElement instanceof HTMLElement && document.activeElement.matches('[data-recipients]')) document.activeElement.blur();
    const ready = current.current;
    const everybody = [...ready.to, ...ready.cc, ...ready.bcc];
    const wrong = everybody.filter((person) => !looksLikeAddress(person.address)).map((person) => person.address);
    if (everybody.length === 0) return complain(text('errors.NoRecipient.title'), '[data-recipients="to"]');
    if (wrong.length > 0)
      return complain(text('compose.notAnAddress', { count: wrong.length, addresses: wrong.slice(0, 5).join(', ') }), wrongChip);
    const failure = attach.uploads.find((upload) => upload.failure)?.failure;
    if (attach.busy || failure !== undefined)
      return complain(failure === undefined ? text('compose.stillUploading') : text('compose.notSent', { why: failure }), '.up button');
    if (!ready.subject.trim() && !withoutSubject) return askForSubject();
    if (sending.current) return;
    sending.current = true;
    const press = crypto.randomUUID();
    // It is said: a page that ends while a save is waited for has sent it.
    keepInJournal(address, draft.signed(ready), 'leaving', { at, press });
    const letter = await draft.finish(current, 'send');
    if (letter.id !== ready.id) dropFromJournal(address, ready.id);
    give(letter, { at, press });
    onClose(false);
  };
  return { close, send, discard };
}
