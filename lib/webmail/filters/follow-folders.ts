import type { FilterItem } from './filter.ts';
import { normalForm } from '../../mime/normal-form.ts';

/**
 * Filters with each folder as it is called now. Which one is meant its id says; where there is none, or no such folder any more, its name. So a
 * filter follows a folder that is renamed or moved, by any program. INBOX has no other name, and no id is written for it.
 */
export function followFolders(items: readonly FilterItem[], ids: ReadonlyMap<string, string>): FilterItem[] {
  const paths = new Map([...ids].map(([path, id]) => [id, path]));
  return items.map((item) => {
    if (item.kind !== 'filter') return item;
    const actions = item.actions.map((action) => {
      if (action.kind !== 'move' && action.kind !== 'copy') return action;
      const written = asFolder(action.folder);
      const folder = (action.folderId !== undefined && paths.get(action.folderId)) || (ids.has(written) ? written : action.folder);
      const folderId = folder === 'INBOX' ? undefined : ids.get(folder);
      return { kind: action.kind, folder, ...(folderId === undefined ? {} : { folderId }) };
    });
    return { ...item, actions };
  });
}

/** A name as the server takes it: other programs write "Inbox", and letters in pieces. */
const asFolder = (name: string): string => normalForm(name, 'NFC').replace(/^inbox(?=\/|$)/i, 'INBOX');
