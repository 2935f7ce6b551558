import type { Database } from '../../db/prisma.ts';
import { ownMailbox, type EitherScope } from '../mailboxes/own-mailbox.ts';
import { refused, type Result } from '../result.ts';
import { setAbsence, type SetAbsenceCode } from './set-absence.ts';

/** Switches the absence note that is there on or off; text and period stay for the next time. */
export async function switchAbsence(
  database: Database,
  scope: EitherScope,
  mailboxId: number,
  enabled: boolean,
): Promise<Result<null, SetAbsenceCode>> {
  const mailbox = await ownMailbox(database, scope, mailboxId);
  const known = mailbox && (await database.absence.findUnique({ where: { mailboxId: mailbox.id } }));
  if (!known) return refused('UnknownMailbox');
  const { startsAt, endsAt, subject, text, onlyContacts, everyDays } = known;
  return setAbsence(database, scope, mailboxId, { enabled, startsAt, endsAt, subject, text, onlyContacts, everyDays });
}
