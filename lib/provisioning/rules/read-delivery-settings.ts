import type { SenderVerdict } from '../../db/generated/enums.ts';
import type { Database } from '../../db/prisma.ts';
import { ownMailbox, type EitherScope } from '../mailboxes/own-mailbox.ts';
import type { AbsenceInput } from './set-absence.ts';

/** What is done with a mailbox's letters beside its filters, and who set it ("user:12", "mailbox:7"). */
export interface DeliverySettings {
  forwards: {
    id: number;
    target: string;
    keep: boolean;
    setBy: string;
    confirmedAt: Date | null;
    pausedAt: Date | null;
    pauseReason: string | null;
    /** the customer keeps letters in the house, and this goes elsewhere */
    forbidden: boolean;
  }[];
  absence: (AbsenceInput & { setBy: string; updatedAt: Date }) | null;
  senders: { sender: string; verdict: SenderVerdict }[];
  /** whether the customer lets letters go to addresses outside */
  forwardsOutside: boolean;
}

/** Null: no mailbox of the caller's. */
export async function readDeliverySettings(database: Database, scope: EitherScope, mailboxId: number): Promise<DeliverySettings | null> {
  const own = await ownMailbox(database, scope, mailboxId);
  if (!own) return null;
  const { forwards, absence, senderRules, customer } = await database.mailbox.findUniqueOrThrow({
    where: { id: own.id },
    select: {
      forwards: { orderBy: { id: 'asc' } },
      absence: true,
      senderRules: { orderBy: { sender: 'asc' } },
      customer: { select: { forwardsOutside: true, domains: { select: { name: true } } } },
    },
  });
  const inside = new Set<string>(customer.domains.map(({ name }) => name));
  return {
    forwards: forwards.map(({ id, target, keep, setBy, confirmedAt, pausedAt, pauseReason }) => ({
      id: Number(id),
      target,
      keep,
      setBy,
      confirmedAt,
      pausedAt,
      pauseReason,
      forbidden: !customer.forwardsOutside && !inside.has(target.slice(target.lastIndexOf('@') + 1)),
    })),
    absence: absence && {
      enabled: absence.enabled,
      startsAt: absence.startsAt,
      endsAt: absence.endsAt,
      subject: absence.subject,
      text: absence.text,
      onlyContacts: absence.onlyContacts,
      everyDays: absence.everyDays,
      setBy: absence.setBy,
      updatedAt: absence.updatedAt,
    },
    senders: senderRules.map(({ sender, verdict }) => ({ sender, verdict })),
    forwardsOutside: customer.forwardsOutside,
  };
}
