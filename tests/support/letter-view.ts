import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findEntity, toLetterPart } from '#lib/mime/letter-part.ts';
import { DEFAULT_MIME_LIMITS as limits } from '#lib/mime/limits.ts';
import { planLetter } from '#lib/mime/plan-letter.ts';
import { scanEntities } from '#lib/mime/scan-entity.ts';
import type { InnerLetterView, LetterSource } from '#lib/webmail/view/letter-view.ts';
import { neededParts } from '#lib/webmail/view/needed-parts.ts';
import work from '#lib/webmail/view/view-worker.ts';

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

/** The text and the files within parts, as an answer and a forward take them over. */
export function sourceOf(raw: Buffer): LetterSource {
  const entity = scanEntities(raw, limits);
  const root = toLetterPart(entity, limits.parameters);
  const parts = neededParts(planLetter(root), options.characters).map(({ section }) => {
    const part = findEntity(entity, section);
    return { section, bytes: raw.subarray(part?.bodyStart, part?.bodyEnd), cut: false };
  });
  const source = work({ kind: 'source', root, parts, characters: options.characters });
  if (!source || !('opened' in source)) throw new Error('no source');
  return source;
}

/** What can be read of it, as one line. */
export const readable = (view: InnerLetterView): string => view.text.replace(/\s+/g, ' ').trim();
