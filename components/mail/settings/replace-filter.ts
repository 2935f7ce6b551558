import type { Filter, FilterItem } from '#lib/webmail/filters/filter.ts';

const isSame = (one: FilterItem, other: Filter): boolean => JSON.stringify({ ...one, on: true }) === JSON.stringify({ ...other, on: true });

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
