import type { FilterState } from '#lib/webmail/filters/mailbox-filters.ts';
import { getMail } from '../mail-api.ts';

/** whoever deletes a folder waits for no more than this to be asked, ms */
const patienceMs = 3000;

/** The names of the filters that put letters into a folder or one below it; one without a name is ''. None where that cannot be asked in time. */
export async function filtersInto(path: string): Promise<string[]> {
  const state = await getMail<FilterState>('filters', {}, null, patienceMs).catch(() => null);
  const isInto = (folder: string): boolean => folder === path || folder.startsWith(`${path}/`);
  return (state?.items ?? []).flatMap((item) =>
    item.kind === 'filter' && item.actions.some((action) => 'folder' in action && isInto(action.folder)) ? item.name : [],
  );
}
