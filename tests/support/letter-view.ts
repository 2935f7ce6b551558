import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InnerLetterView } from '#lib/webmail/letter-view.ts';
import work from '#lib/webmail/view-worker.ts';

const folder = join(import.meta.dirname, '../fixtures/letters');

export const oddLetters = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.eml'));
export const oddLetter = (name: string): Buffer => readFileSync(join(folder, name));

const options = {
  partAddress: '/api/mail/part?part=',
  partPrefix: '',
  images: 'blocked' as const,
  imageKey: Buffer.alloc(32),
  characters: 1_500_000,
  dark: true,
};

/** The view of a letter, as the worker builds it from its bytes. */
export function viewOf(raw: Buffer | string, images: 'blocked' | 'shown' = 'blocked'): InnerLetterView {
  const container = typeof raw === 'string' ? Buffer.from(raw.replace(/\r?\n/g, '\r\n')) : raw;
  const view = work({ kind: 'inner', container, encoding: 'binary', path: [], options: { ...options, images } });
  if (!view || !('subject' in view)) throw new Error('no view');
  return view;
}

/** What can be read of it, as one line. */
export const readable = (view: InnerLetterView): string => view.text.replace(/\s+/g, ' ').trim();
