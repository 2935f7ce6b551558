import type { Database } from '../../db/prisma.ts';
import { auditOf, isAboveCaller, heldMailbox, type EitherScope } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/**
 * - UnknownMailbox: none, or not the caller's
 * - OwnersOnly: an administrator would answer in an owner's name
 * - InvalidText: empty while it is switched on, or longer than 10,000 characters; a subject of more than 200
 * - InvalidPeriod: it ends before it begins
 * - InvalidDays: not 1 to 365
 */
export type SetAbsenceCode = 'UnknownMailbox' | 'OwnersOnly' | 'InvalidText' | 'InvalidPeriod' | 'InvalidDays';

export interface AbsenceInput {
  enabled: boolean;
  /** from when and until when; null: at once, until it is switched off */
  startsAt: Date | null;
  endsAt: Date | null;
  /** empty: "Automatische Antwort: " and the subject of the letter */
  subject: string;
  text: string;
  /** answer only who was written to before, or is a colleague */
  onlyContacts: boolean;
  /** one answer to each person in so many days */
  everyDays: number;
}

const longestText = 10_000;
const longestSubject = 200;

/** Writes the absence note of a mailbox. What was answered before is forgotten, so that everybody reads the new text. */
export async function setAbsence(
  database: Database,
  scope: EitherScope,
  mailboxId: number,
  input: AbsenceInput,
): Promise<Result<null, SetAbsenceCode>> {
  const text = input.text.replace(/\r\n?/g, '\n').replaceAll('\0', '').trim();
  const subject = input.subject.replace(/\p{Cc}/gu, ' ').trim();
  if ((input.enabled && text === '') || text.length > longestText || subject.length > longestSubject) return refused('InvalidText');
  if (input.startsAt && input.endsAt && input.endsAt <= input.startsAt) return refused('InvalidPeriod');
  if (!Number.isInteger(input.everyDays) || input.everyDays < 1 || input.everyDays > 365) return refused('InvalidDays');
  const { enabled, startsAt, endsAt, onlyContacts, everyDays } = input;
  return database.$transaction(async (transaction): Promise<Result<null, SetAbsenceCode>> => {
    const mailbox = await heldMailbox(transaction, scope, mailboxId);
    if (!mailbox || mailbox.status === 'deleted') return refused('UnknownMailbox');
    if (isAboveCaller(scope, mailbox)) return refused('OwnersOnly');
    const data = { enabled, startsAt, endsAt, subject, text, onlyContacts, everyDays, setBy: scope.actor, updatedAt: new Date() };
    await transaction.absence.upsert({ where: { mailboxId: mailbox.id }, create: { mailboxId: mailbox.id, ...data }, update: data });
    await recordAudit(transaction, { ...auditOf(scope), action: 'absence.set', subject: mailbox.address, details: { enabled } });
    return done(null);
  });
}
