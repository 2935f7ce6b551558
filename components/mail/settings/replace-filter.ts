import type { Filter, FilterItem } from '#lib/webmail/filters/filter.ts';

/** Its folders by what they are called, or by their ids where it has any. */
const written = (one: FilterItem, by: 'name' | 'id'): string => {
  if (one.kind !== 'filter') return '';
  const actions = one.actions.map((action) => {
    if (action.kind !== 'move' && action.kind !== 'copy') return action;
    return [action.kind, (by === 'id' && action.folderId) || action.folder];
  });
  return JSON.stringify([one.name, one.join, one.conditions, actions]);
};

/** A filter that was just made has no ids yet, and the name of a folder may be another by now. */
const isSame = (one: FilterItem, other: Filter): boolean =>
  one.kind === 'filter' && (['name', 'id'] as const).some((by) => written(one, by) === written(other, by));

/**
 * The filters with one written anew. Meanwhile it may have been moved, switched off (which stays) or removed: then it is a new one, the last;
 * and not one more when Enter was pressed twice.
 */
export function replaceFilter(items: readonly FilterItem[], before: Filter, after: Filter): FilterItem[] {
  const at = items.findIndex((one) => isSame(one, before));
  const now = items[at];
  if (now?.kind === 'filter') return items.with(at, { ...after, on: now.on });
  return items.some((one) => isSame(one, after)) ? [...items] : [...items, after];
}
