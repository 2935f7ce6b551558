import type { Language } from '../../i18n/locales.ts';

/** The folder of letters that wait for their time, by the name people read in every program. */
export const scheduledNames: Record<Language, string> = { de: 'Geplant', en: 'Scheduled' };

export const isScheduledFolder = (path: string): boolean => Object.values(scheduledNames).includes(path);
