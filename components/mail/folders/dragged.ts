import type { DragEvent } from 'react';
import type { ConversationRow } from '#lib/webmail/reading/conversation-list.ts';

/** What is dragged over the folders: letters, or a folder. Only this window can take it, and its kind is all that the browser tells on the way. */
export type Dragged =
  | { kind: 'letters'; rows: readonly ConversationRow[] /** they were dropped on a folder */; taken: () => void }
  | { kind: 'folder'; path: string };

/** The last one, and the name that the browser knows it by. */
let latest: { dragged: Dragged; name: string } | null = null;

/** Begins a drag, with these words at the pointer instead of a picture of the row. */
export function beginDrag(event: DragEvent, dragged: Dragged, words: string): void {
  // Each has a name of its own: what another window drags over this one is not what this one dragged before.
  latest = { dragged, name: `application/x-postamt-${crypto.randomUUID()}` };
  const { dataTransfer } = event;
  // A link's own address would be written into a letter that it is dropped on.
  dataTransfer.clearData();
  dataTransfer.setData(latest.name, dragged.kind);
  dataTransfer.effectAllowed = 'move';
  const note = document.createElement('div');
  note.className = 'drag-note';
  note.textContent = words;
  document.body.append(note);
  dataTransfer.setDragImage(note, -14, -10);
  // The browser has its picture when this event is over.
  setTimeout(() => note.remove());
}

/** What this window drags, as long as the event is about that: a row that was scrolled away cannot say that its drag has ended. */
export const draggedBy = ({ dataTransfer }: DragEvent): Dragged | null =>
  latest && dataTransfer.types.includes(latest.name) ? latest.dragged : null;
