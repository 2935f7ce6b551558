import type { FolderSnapshot } from '../../store/mail-store.ts';
import { StoreError } from '../../store/store-error.ts';
import type { ImapSession } from '../context.ts';
import { announce } from './announce.ts';
import type { AnnounceOptions } from './announce-options.ts';

/** What telling a client of its folder needs. */
export type Viewer = Pick<ImapSession, 'account' | 'bye' | 'condstore' | 'isRev2' | 'pace' | 'signal' | 'store' | 'view' | 'writer'>;

/** Brings the view of the open folder, if one is open, up to date and tells the client. `fresh`: as of now, else as far as this process knows. */
export async function updateView(session: Viewer, fresh: boolean, options: AnnounceOptions): Promise<void> {
  const { view } = session;
  if (!view) return;
  const newer = await newestPicture(session, view.folderId, fresh);
  // it may be gone, or another folder may be open, by the time the picture is there
  if (newer && session.view === view) await announce(session, view, newer, options);
}

/** As `updateView`, where the command at hand can do without: what others did is told with the next one. */
export async function updateViewQuietly(session: Viewer, expunge: boolean, fresh = false): Promise<void> {
  try {
    await updateView(session, fresh, { expunge });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
  }
}

async function newestPicture(session: Viewer, folderId: number, fresh: boolean): Promise<FolderSnapshot | null> {
  const { account, store } = session;
  try {
    return fresh ? await store.snapshot(account, folderId) : await store.cachedSnapshot(account, folderId);
  } catch (error) {
    if (!(error instanceof StoreError) || (error.code !== 'UnknownFolder' && error.code !== 'UnknownAccount')) throw error;
    session.bye('The selected mailbox was deleted');
    return null;
  }
}
