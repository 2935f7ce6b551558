import { z } from 'zod';
import type { ImapResponse } from 'imapflow';
import { pairs, textOf } from '../connection/imap-attributes.ts';
import type { MailFolder } from './conversation-list.ts';
import type { MessageReference } from './mail-message.ts';

/** Our own server's data item (docs/protocols.md): where the letters of a conversation lie. */
export const conversationItem = 'X-POSTAMT-CONVERSATION';

export interface Place extends MessageReference {
  /** the same for what is the same letter */
  letter: string;
}

const places = z.array(z.tuple([z.string(), z.number().int(), z.string()]));

/** Oldest first; empty where the server says nothing of it. */
export function placesIn(response: ImapResponse): Place[] {
  for (const [name, value] of pairs(response)) {
    if (name !== conversationItem) continue;
    return places.parse(JSON.parse(textOf(value))).map(([folder, uid, letter]) => ({ folder, uid, letter }));
  }
  return [];
}

/**
 * Which of them are the conversation, seen from a folder: not those in Trash and Junk, unless one is looking there. A letter to oneself, or to
 * a list one is on, lies in Sent and in the inbox: it counts once, where one is. What lies twice in one folder is two.
 */
export function shownPlaces(all: readonly Place[], folders: readonly MailFolder[], current: string): Place[] {
  const hidden = new Set(folders.filter(({ specialUse }) => specialUse === 'trash' || specialUse === 'junk').map(({ path }) => path));
  hidden.delete(current);
  const visible = all.filter(({ folder }) => !hidden.has(folder));
  const homes = new Map<string, string>();
  for (const { letter, folder } of visible) if (!homes.has(letter) || folder === current) homes.set(letter, folder);
  return visible.filter(({ letter, folder }) => homes.get(letter) === folder);
}
