import type { Letter } from '#lib/webmail/writing/letter.ts';

/**
 * Every letter being written, in this browser's storage, with each keystroke: what is lost when the server, the network or the browser
 * fails is nothing. An entry goes when the letter was sent or thrown away, or when the server has it and the window is closed. What is
 * carried in a letter may be large and never changes: it stands beside the entry and is written once.
 */
export interface JournalEntry {
  letter: Letter;
  /** leaving: the person has pressed Send and the letter was on its way */
  state: 'writing' | 'leaving';
  /** leaving: when it should leave; null: soon */
  leaveAt: string | null;
  /** leaving: the press of "Send" it left by; writing: by that press it was taken back, and nothing was written since */
  press: string;
  at: number;
}

const prefix = (owner: string): string => `postamt:letter:${owner}:`;
const blocksPrefix = (owner: string): string => `postamt:blocks:${owner}:`;
const keepMs = 30 * 86_400_000;
const written = new Map<string, Letter['blocks']>();
let closed = false;

/** This document's person has left: a field that is left with them writes nothing more down. */
export const closeJournal = (): void => {
  closed = true;
};

/** False: there was no room for it, and what lies there is older. */
export function keepInJournal(
  owner: string,
  letter: Letter,
  state: JournalEntry['state'],
  { at: leaveAt = null, press = '' }: { at?: string | null; press?: string } = {},
): boolean {
  if (closed) return true;
  const entry: JournalEntry = { letter: { ...letter, blocks: [] }, state, leaveAt, press, at: Date.now() };
  try {
    localStorage.setItem(prefix(owner) + letter.id, JSON.stringify(entry));
  } catch {
    // Storage is full or switched off: the draft on the server is the copy then.
    return false;
  }
  try {
    keepBlocks(owner, letter);
  } catch {
    // They are fetched again.
  }
  return true;
}

function keepBlocks(owner: string, letter: Letter): void {
  const before = written.get(letter.id);
  const same = before?.length === letter.blocks.length && letter.blocks.every((block, at) => before[at]?.id === block.id);
  if (same || (letter.blocks.length === 0 && before === undefined)) return;
  localStorage.setItem(blocksPrefix(owner) + letter.id, JSON.stringify(letter.blocks));
  written.set(letter.id, letter.blocks);
}

export function dropFromJournal(owner: string, id: string): void {
  localStorage.removeItem(prefix(owner) + id);
  localStorage.removeItem(blocksPrefix(owner) + id);
  written.delete(id);
}

/** Letters that were left behind, newest first. Broken and old entries are swept out. */
export function readJournal(owner: string): JournalEntry[] {
  const found: JournalEntry[] = [];
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(prefix(owner))) continue;
    const id = key.slice(prefix(owner).length);
    const entry = parse(localStorage.getItem(key));
    if (entry && entry.at > Date.now() - keepMs) found.push({ ...entry, letter: { ...entry.letter, blocks: readBlocks(owner, id) } });
    else dropFromJournal(owner, id);
  }
  return found.sort((a, b) => b.at - a.at);
}

function readBlocks(owner: string, id: string): Letter['blocks'] {
  try {
    const blocks = JSON.parse(localStorage.getItem(blocksPrefix(owner) + id) ?? '[]') as Letter['blocks'];
    return Array.isArray(blocks) ? blocks : [];
  } catch {
    return [];
  }
}

function parse(value: string | null): JournalEntry | null {
  try {
    const entry = JSON.parse(value ?? 'null') as JournalEntry | null;
    if (!entry || typeof entry.letter?.id !== 'string' || !Array.isArray(entry.letter.to)) return null;
    // An entry of an earlier version knows neither From nor what is carried, nor its press.
    return {
      ...entry,
      leaveAt: entry.leaveAt ?? null,
      press: entry.press ?? '',
      letter: { ...entry.letter, from: entry.letter.from ?? null, blocks: [] },
    };
  } catch {
    return null;
  }
}
