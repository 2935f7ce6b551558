'use client';

import { useState, type DragEvent } from 'react';
import type { MailFolder } from '#lib/webmail/reading/conversation-list.ts';
import { useMail } from '../mail-context.ts';
import { type Dragged, draggedBy } from './dragged.ts';
import { isOwn, pathBelow, takesLetters } from './folder-places.ts';
import { useFolderMove } from './use-folder-move.ts';

/** A folder as a place to drop letters and folders on; null: the heading above the folders that people make, below which none lies. */
export function useFolderDrop(folder: MailFolder | null) {
  const { actions } = useMail();
  const moveFolder = useFolderMove();
  const [over, setOver] = useState(false);
  /** what to do with it; null: it cannot be dropped here */
  const stepFor = (dragged: Dragged | null): (() => void) | null => {
    if (dragged?.kind === 'letters') {
      const { rows, taken } = dragged;
      if (!folder || !takesLetters(folder, rows)) return null;
      return () => {
        if (folder.specialUse === 'junk') actions.junk(rows);
        else actions.move(rows, folder.path);
        taken();
      };
    }
    if (!dragged || (folder && !isOwn(folder))) return null;
    const to = pathBelow(dragged.path, folder?.path ?? '');
    return to === null ? null : () => moveFolder(dragged.path, to);
  };
  return {
    over,
    handlers: {
      onDragOver: (event: DragEvent) => {
        if (!stepFor(draggedBy(event))) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'move';
        setOver(true);
      },
      onDragLeave: ({ currentTarget, relatedTarget }: DragEvent) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setOver(false);
      },
      onDrop: (event: DragEvent) => {
        setOver(false);
        const step = stepFor(draggedBy(event));
        if (!step) return;
        event.preventDefault();
        step();
      },
    },
  };
}
