import { languageOf } from '../../i18n/locales.ts';
import type { ImapWork } from '../connection/imap-pool.ts';
import { foldersOf } from '../folders/list-folders.ts';
import { isScheduledFolder, scheduledNames } from './scheduled-name.ts';

/** Made when the first letter waits. Looked for anew: another program may have deleted it while none did. */
export async function scheduledFolder(imap: ImapWork, locale: string): Promise<string> {
  const found = (await foldersOf(imap)).find((folder) => isScheduledFolder(folder.path));
  if (found) return found.path;
  const path = scheduledNames[languageOf(locale)];
  await imap.client.mailboxCreate(path);
  await foldersOf(imap);
  return path;
}
