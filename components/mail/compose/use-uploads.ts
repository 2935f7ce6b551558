'use client';

import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { MailProblem } from '#lib/webmail/reading/conversation-list.ts';
import { mostUploads, type StoredUpload } from '#lib/webmail/writing/letter.ts';
import { askToStay } from '../../ui/ask-to-stay.ts';
import { showToast } from '../../ui/toast.tsx';
import { useMailDates } from '../dates.ts';
import { mailAddress, pageHeaders } from '../mail-api.ts';
import { useMail } from '../mail-context.ts';
import { canBeRead } from './files-of.ts';

export interface Upload {
  key: string;
  name: string;
  type: string;
  sizeBytes: number;
  /** 0 to 100 */
  percent: number;
  stored: StoredUpload | null;
  failure: string;
  file: File | null;
  /** a picture of the text: told once it is stored */
  placed: ((stored: StoredUpload) => void) | null;
}

const asDone = (stored: StoredUpload): Upload => ({
  key: stored.id,
  name: stored.name,
  type: stored.type,
  sizeBytes: stored.sizeBytes,
  percent: 100,
  stored,
  failure: '',
  file: null,
  placed: null,
});

/** What is pasted has no name of its own. */
const nameOf = (file: File): string => file.name || (file.type.startsWith('image/') ? `bild.${file.type.slice(6)}` : 'datei');

/** Files of a letter: uploaded at once, with progress, each by itself; too large ones are refused before a byte is sent. */
export function useUploads(initial: readonly StoredUpload[] | null, onChange: (stored: StoredUpload[]) => void) {
  const text = useTranslations('mail');
  const dates = useMailDates();
  const { attachmentLimitBytes: limit } = useMail();
  const [uploads, setUploads] = useState<Upload[]>([]);
  const requests = useRef(new Map<string, XMLHttpRequest>());
  const counter = useRef(0);
  const changed = useRef(onChange);
  changed.current = onChange;

  useEffect(() => {
    if (initial) setUploads(initial.map(asDone));
  }, [initial]);

  const update = useCallback((change: (before: Upload[]) => Upload[], tell: boolean, told?: () => void) => {
    setUploads((before) => {
      const after = change(before);
      if (tell)
        queueMicrotask(() => {
          changed.current(after.flatMap((upload) => (upload.stored ? [upload.stored] : [])));
          told?.();
        });
      return after;
    });
  }, []);

  const start = useCallback(
    (key: string, file: File, placed: Upload['placed']) => {
      const request = new XMLHttpRequest();
      requests.current.set(key, request);
      const set = (change: Partial<Upload>, tell = false, told?: () => void) =>
        update((before) => before.map((upload) => (upload.key === key ? { ...upload, ...change } : upload)), tell, told);
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) set({ percent: Math.min(99, Math.round((event.loaded / event.total) * 100)) });
      };
      request.onload = () => {
        const answer = request.response as (StoredUpload & MailProblem) | null;
        if (request.status === 200 && answer) {
          // The place in the text after the letter knows the file, or the picture could not be shown there.
          set({ percent: 100, stored: answer, failure: '' }, true, () => placed?.(answer));
        } else set({ failure: text('compose.uploadFailed', { why: answer?.title ?? text('errors.Unexpected.title') }) });
      };
      request.onerror = async () => {
        const why = (await canBeRead(file)) ? text('errors.Offline.title') : text('compose.fileChanged');
        set({ failure: text('compose.uploadFailed', { why }) });
      };
      request.onloadend = () => requests.current.delete(key);
      request.open('POST', mailAddress('uploads', placed ? { inline: 1 } : {}));
      const name = nameOf(file).slice(0, 500).toWellFormed();
      request.setRequestHeader('x-postamt-file', `${encodeURIComponent(name)} ${encodeURIComponent(file.type)}`);
      for (const [header, value] of Object.entries(pageHeaders())) request.setRequestHeader(header, value);
      request.responseType = 'json';
      request.send(file);
    },
    [text, update],
  );

  const isFull = useCallback(
    (others: readonly Upload[]): boolean => {
      const full = others.filter(({ failure }) => !failure).length >= mostUploads;
      if (full)
        queueMicrotask(() => showToast({ key: 'too-many-files', text: text('compose.tooManyFiles', { most: mostUploads }), seconds: 15 }));
      return full;
    },
    [text],
  );
  /** Empty: there is room for it. */
  const whyNot = useCallback(
    (others: readonly Upload[], file: File): string => {
      const used = others.reduce((sum, { failure, sizeBytes }) => sum + (failure ? 0 : sizeBytes), 0);
      if (used + file.size <= limit) return '';
      return text('compose.tooLarge', { name: file.name, size: dates.size(file.size), limit: dates.size(limit) });
    },
    [dates, limit, text],
  );

  const add = useCallback(
    (files: Iterable<File>, placed: Upload['placed'] = null) => {
      for (const file of files) {
        const key = `new-${++counter.current}`;
        update((before) => {
          if (isFull(before)) return before;
          const failure = whyNot(before, file);
          if (!failure) queueMicrotask(() => (requests.current.has(key) ? undefined : start(key, file, placed)));
          return [
            ...before,
            { key, name: nameOf(file), type: file.type, sizeBytes: file.size, percent: 0, stored: null, failure, file, placed },
          ];
        }, false);
      }
    },
    [isFull, start, update, whyNot],
  );

  const remove = useCallback(
    (key: string) => {
      requests.current.get(key)?.abort();
      update((before) => before.filter((upload) => upload.key !== key), true);
    },
    [update],
  );

  /** Pictures of the text go on as files. */
  const asFiles = useCallback(
    (contentIds: ReadonlySet<string>) =>
      update(
        (before) =>
          before.map((upload) => {
            const { stored } = upload;
            if (!stored?.contentId || !contentIds.has(stored.contentId)) return upload;
            const { contentId: _, ...file } = stored;
            return { ...upload, stored: file };
          }),
        true,
      ),
    [update],
  );

  const retry = useCallback(
    (upload: Upload) => {
      const { key, file, placed } = upload;
      if (!file) return;
      update((before) => {
        const others = before.filter((one) => one.key !== key);
        if (isFull(others)) return before;
        const failure = whyNot(others, file);
        if (!failure) queueMicrotask(() => (requests.current.has(key) ? undefined : start(key, file, placed)));
        return before.map((one) => (one.key === key ? { ...one, failure, percent: 0 } : one));
      }, false);
    },
    [isFull, start, update, whyNot],
  );

  useEffect(() => {
    const running = requests.current;
    return () => {
      for (const request of running.values()) request.abort();
    };
  }, []);

  const busy = uploads.some((upload) => !upload.stored && !upload.failure);
  // What is not here yet goes with its page: the browser asks.
  useEffect(() => (busy ? askToStay(() => true) : undefined), [busy]);

  const used = uploads.reduce((sum, upload) => sum + (upload.failure ? 0 : upload.sizeBytes), 0);
  return { uploads, add, remove, retry, asFiles, used, limit, busy };
}
