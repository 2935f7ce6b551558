'use client';

import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { DraftSaved, Letter } from '#lib/webmail/writing/letter.ts';
import { askToStay } from '../../ui/ask-to-stay.ts';
import { isSignedOut, MailRequestError, sendMail, sessionBackEvent } from '../mail-api.ts';
import { asItsOwn } from './bring-home-draft.ts';
import { dropFromJournal, keepInJournal } from './journal.ts';

export type DraftStatus =
  | { kind: 'untouched' }
  | { kind: 'local' }
  | { kind: 'saving' }
  | { kind: 'saved'; at: Date }
  | { kind: 'failed'; error: unknown };

const quietMs = 2000;
/** With large attachments each version is large: wait longer between two. */
const quietWithFilesMs = 10_000;
const largeBytes = 2_000_000;
const retryMs = 5000;
const patienceMs = { send: 3000, discard: 120_000 } as const;

/**
 * Keeps a letter while it is written: at once in the journal, two seconds after the last key on the server. One save at a time; what was
 * typed meanwhile is saved after it. `unsaved`: it came from elsewhere than the server, and is saved also when no key is pressed. `onConflict`: the draft was changed elsewhere, so this version is a letter of its own from here on.
 */
export function useDraft(owner: string, letter: Letter, unsaved: boolean, onConflict: (id: string, how: 'changed' | 'sent') => void) {
  const [status, setStatus] = useState<DraftStatus>({ kind: 'untouched' });
  const latest = useRef<Letter>(letter);
  const draft = useRef<Letter['draft']>(letter.draft);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const running = useRef<Promise<void> | null>(null);
  const dirty = useRef(unsaved);
  const over = useRef(false);
  /** the journal had no room for what was written last */
  const isJournalOld = useRef(false);
  const writer = useRef(crypto.randomUUID());
  /** when it was changed last, or given to be sent: each later than the one before */
  const moment = useRef(Date.now());
  const conflicted = useRef(onConflict);
  conflicted.current = onConflict;

  /** Names this window, and since when it is as it is: of what comes late it is known whether it is older, by what the browser kept as well. */
  const named = useCallback((of: Letter): Letter => ({ ...of, draft: draft.current, writer: writer.current, givenAt: moment.current }), []);
  const signed = useCallback(
    (of: Letter): Letter => {
      moment.current = Math.max(moment.current + 1, Date.now());
      return named(of);
    },
    [named],
  );

  const save = useCallback(async (): Promise<void> => {
    if (timer.current) clearTimeout(timer.current);
    timer.current = null;
    // several wait for one that hangs; the first of them begins the next
    while (running.current) await running.current;
    const current = latest.current;
    if (!dirty.current || over.current) return;
    dirty.current = false;
    // what failed is told once, not with every try
    setStatus((before) => (before.kind === 'failed' ? before : { kind: 'saving' }));
    running.current = sendMail<DraftSaved>('drafts', named(current))
      .then((saved) => {
        draft.current = saved.draft;
        // or it would come home in the place of what was saved now
        if (isJournalOld.current) dropFromJournal(owner, current.id);
        if (saved.id !== current.id) {
          dropFromJournal(owner, current.id);
          latest.current = { ...latest.current, id: saved.id };
          if (dirty.current) keepInJournal(owner, named(latest.current), 'writing');
          conflicted.current(saved.id, 'changed');
        }
        setStatus({ kind: 'saved', at: new Date(saved.savedAt) });
      })
      .catch((error: unknown) => {
        const wasSent = !over.current && error instanceof MailRequestError && error.problem.code === 'AlreadySent';
        if (wasSent) {
          // Sent from another window: what is written here is a letter of its own.
          dropFromJournal(owner, current.id);
          draft.current = null;
          latest.current = asItsOwn(latest.current);
          keepInJournal(owner, named(latest.current), 'writing');
          conflicted.current(latest.current.id, 'sent');
        }
        dirty.current = true;
        setStatus(wasSent ? { kind: 'local' } : { kind: 'failed', error });
        // Who is signed out is asked in a dialog; that must not come again with every try. The sign-in itself is heard of.
        if (!over.current && !isSignedOut(error)) timer.current = setTimeout(() => void save(), wasSent ? 0 : retryMs);
      })
      .finally(() => {
        running.current = null;
      });
    await running.current;
  }, [owner, named]);

  /** Call with every change of the letter. */
  const touch = useCallback(
    (changed: Letter) => {
      latest.current = changed;
      if (changed.draft && !draft.current) draft.current = changed.draft;
      dirty.current = true;
      // What was sent leaves as it was when that was said, should the page end before it is given; what was thrown away is not kept again.
      const now = signed(changed);
      if (!over.current) isJournalOld.current = !keepInJournal(owner, now, 'writing');
      setStatus((before) => (before.kind === 'saved' || before.kind === 'untouched' ? { kind: 'local' } : before));
      if (timer.current) clearTimeout(timer.current);
      const bytes = changed.uploads.reduce((sum, upload) => sum + upload.sizeBytes, 0);
      timer.current = setTimeout(() => void save(), bytes > largeBytes ? quietWithFilesMs : quietMs);
    },
    [owner, save, signed],
  );

  /**
   * The letter as it was last, after the save under way; nothing is saved from here on. Before it is sent, a save that hangs is not waited
   * for: the server lets no draft stand of what was sent. Before it is thrown away it is, or the draft would come back. `of` is read after the
   * wait: the save may find that the letter is one of its own by now, and under its old id lies what somebody else wrote.
   */
  const finish = useCallback(
    async (of: RefObject<Letter>, then: 'send' | 'discard'): Promise<Letter> => {
      if (timer.current) clearTimeout(timer.current);
      over.current = true;
      const patience = new Promise((resolve) => setTimeout(resolve, patienceMs[then]));
      await Promise.race([running.current, patience]);
      return signed(of.current);
    },
    [signed],
  );

  /** Saves what is not yet on the server, then forgets the journal entry. The letter that could not be saved, or null. */
  const close = useCallback(async (): Promise<Letter | null> => {
    await save();
    over.current = true;
    if (timer.current) clearTimeout(timer.current);
    if (dirty.current) return named(latest.current);
    dropFromJournal(owner, latest.current.id);
    return null;
  }, [owner, save, named]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once; what came from elsewhere is kept before the first key
  useEffect(() => {
    if (unsaved) touch(latest.current);
  }, []);

  // neither the server nor the browser has it
  useEffect(() => askToStay(() => dirty.current && isJournalOld.current && !over.current), []);

  useEffect(() => {
    const now = () => {
      if (dirty.current) void save();
    };
    const hidden = () => {
      if (document.visibilityState === 'hidden') now();
    };
    document.addEventListener('visibilitychange', hidden);
    window.addEventListener('online', now);
    window.addEventListener(sessionBackEvent, now);
    return () => {
      document.removeEventListener('visibilitychange', hidden);
      window.removeEventListener('online', now);
      window.removeEventListener(sessionBackEvent, now);
    };
  }, [save]);

  return { status, touch, signed, finish, close };
}
