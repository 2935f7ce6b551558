import { parseEmailAddress } from '../addresses/email-address.ts';
import { database } from '../db/prisma.ts';
import type { MailboxIdentity } from './connection/mailbox-identity.ts';
import { MailError } from './connection/mail-error.ts';
import type { MailSettings } from './writing/letter.ts';

const defaultSettings: MailSettings = {
  timeZone: '',
  defaultFrom: '',
  undoSeconds: 10,
  shortcuts: true,
  plainText: false,
  pictures: 'ask',
  darkLetters: true,
};

/** What the mailbox's user has chosen. */
export async function readSettings(mailbox: { mailboxId: number }): Promise<MailSettings> {
  const row = await database().mailboxSettings.findUnique({ where: { mailboxId: mailbox.mailboxId } });
  if (!row) return defaultSettings;
  return {
    timeZone: row.timeZone ?? '',
    defaultFrom: row.defaultFrom ?? '',
    undoSeconds: row.undoSeconds,
    shortcuts: row.shortcuts,
    plainText: row.plainText,
    pictures: row.pictures === 'always' || row.pictures === 'known' ? row.pictures : 'ask',
    darkLetters: row.darkLetters,
  };
}

const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

/** Keeps what was chosen; what is not given stays, whatever became of it. Throws MailError InvalidRequest. */
export async function saveSettings(mailbox: Pick<MailboxIdentity, 'mailboxId'>, given: Partial<MailSettings>): Promise<MailSettings> {
  const { mailboxId } = mailbox;
  const { timeZone, defaultFrom, ...plain } = given;
  if (timeZone && !isTimeZone(timeZone)) throw new MailError('InvalidRequest', timeZone);
  const from = defaultFrom ? parseEmailAddress(defaultFrom) : null;
  if (defaultFrom && (from === null || !(await database().address.findFirst({ where: { mailboxId, address: from } })))) {
    throw new MailError('InvalidRequest', defaultFrom);
  }
  const kept = {
    ...plain,
    ...(timeZone === undefined ? {} : { timeZone: timeZone || null }),
    ...(defaultFrom === undefined ? {} : { defaultFrom: from }),
  };
  await database().mailboxSettings.upsert({ where: { mailboxId }, create: { mailboxId, ...kept }, update: kept });
  return readSettings(mailbox);
}
