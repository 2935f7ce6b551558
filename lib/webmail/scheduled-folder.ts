import { languageOf, type Language } from '../i18n/locales.ts';
import type { ImapWork } from './imap-pool.ts';
import { foldersOf, knownFolders } from './list-folders.ts';

/** The folder of letters that wait for their time, by the name people read in every program. */
const names: Record<Language, string> = { de: 'Geplant', en: 'Scheduled' };

export const isScheduledFolder = (path: string): boolean => Object.values(names).includes(path);

/** Made when the first letter waits. */
export async function scheduledFolder(imap: ImapWork, locale: string): Promise<string> {
  const found = (await knownFolders(imap)).find((folder) => isScheduledFolder(folder.path));
  if (found) return found.path;
  const path = names[languageOf(locale)];
  await imap.client.mailboxCreate(path);
  await foldersOf(imap);
  return path;
}
