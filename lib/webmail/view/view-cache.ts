import { viewLimits } from '../../config/view-limits.ts';
import type { LetterView } from './letter-view.ts';
import { onceInProcess } from '../../config/once-in-process.ts';

/**
 * Views that were built a moment ago: a letter that is opened again, in a window that was loaded anew or because its conversation grew, and
 * the letter whose words an answer quotes. A message never changes; that it is still there and may be read was asked before.
 */
interface Kept {
  view: LetterView;
  characters: number;
  until: number;
}

interface Cache {
  views: Map<string, Kept>;
  characters: number;
  sweeper: NodeJS.Timeout | null;
}

const cache = onceInProcess('webmail.view-cache', (): Cache => ({ views: new Map(), characters: 0, sweeper: null }));

export function keptView(key: string): LetterView | null {
  const kept = cache.views.get(key);
  if (!kept) return null;
  forget(key, kept);
  if (kept.until < Date.now()) return null;
  keep(key, kept);
  return kept.view;
}

export function keepView(key: string, view: LetterView): void {
  const characters = weightOf(view);
  if (characters > viewLimits.keptCharacters / 4) return;
  const known = cache.views.get(key);
  if (known) forget(key, known);
  keep(key, { view, characters, until: Date.now() + viewLimits.keptMs });
  for (const [oldest, kept] of cache.views) {
    if (cache.characters <= viewLimits.keptCharacters) break;
    forget(oldest, kept);
  }
}

/** Paragraphs, files and people of an invitation are objects, which take some times the room of what they say. */
const weightOf = (view: LetterView): number =>
  view.html.length + view.text.length + 4 * JSON.stringify({ ...view, html: '', text: '' }).length;

function keep(key: string, kept: Kept): void {
  cache.views.set(key, kept);
  cache.characters += kept.characters;
  cache.sweeper ??= setInterval(sweep, sweepMs).unref();
}

function forget(key: string, kept: Kept): void {
  cache.views.delete(key);
  cache.characters -= kept.characters;
}

const sweepMs = 30_000;
/** Nothing of a letter stays longer than it may, also where nobody asks for it. */
function sweep(): void {
  const now = Date.now();
  for (const [key, kept] of cache.views) if (kept.until < now) forget(key, kept);
  if (cache.views.size > 0 || !cache.sweeper) return;
  clearInterval(cache.sweeper);
  cache.sweeper = null;
}
