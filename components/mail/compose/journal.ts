import type { Letter } from '#lib/webmail/types.ts';

/**
 * Every letter being written, in this browser's storage, with each keystroke: what is lost when the server, the network or the browser
 * fails is nothing. An entry goes when the letter was sent or thrown away, or when the server has it and the window is closed.
 */
export interface JournalEntry {
  letter: Letter;
  /** leaving: the person has pressed Send and the letter was waiting to go */
  state: 'writing' | 'leaving';
  at: number;
}

const prefix = (owner: string): string => `postamt:letter:${owner}:`;
const keepMs = 30 * 86_400_000;

export function keepInJournal(owner: string, letter: Letter, state: JournalEntry['state']): void {
  try {
    localStorage.setItem(prefix(owner) + letter.id, JSON.stringify({ letter, state, at: Date.now() } satisfies JournalEntry));
  } catch {
    // Storage is full or switched off: the draft on the server is the copy then.
  }
}

export const dropFromJournal = (owner: string, id: string): void => localStorage.removeItem(prefix(owner) + id);

/** Letters that were left behind, newest first. Broken and old entries are swept out. */
export function readJournal(owner: string): JournalEntry[] {
  const found: JournalEntry[] = [];
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(prefix(owner))) continue;
    const entry = parse(localStorage.getItem(key));
    if (entry && entry.at > Date.now() - keepMs) found.push(entry);
    else localStorage.removeItem(key);
  }
  return found.sort((a, b) => b.at - a.at);
}

function parse(value: string | null): JournalEntry | null {
  try {
    const entry = JSON.parse(value ?? 'null') as JournalEntry | null;
    return entry && typeof entry.letter?.id === 'string' && Array.isArray(entry.letter.to) ? entry : null;
  } catch {
    return null;
  }
}
