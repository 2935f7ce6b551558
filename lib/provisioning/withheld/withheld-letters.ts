import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { WithheldCause } from '../../db/generated/enums.ts';
import type { Database } from '../../db/prisma.ts';
import type { EitherScope } from '../mailboxes/own-mailbox.ts';

/** A letter that waits for somebody's word, as lists show it: text, never the letter itself. */
export interface ListedWithheld {
  id: number;
  cause: WithheldCause;
  detail: string;
  suspicious: boolean;
  createdAt: Date;
  expiresAt: Date;
  recipient: string;
  from: string;
  subject: string;
  preview: string;
  size: number;
  /** of the group whose moderators decide; null: in quarantine */
  group: string | null;
  /** it is certain that the author wrote it */
  isProved: boolean;
}

/**
 * What the caller decides about: people of a customer all of it, a mailbox's user what waits for the groups that it moderates. A quarantine is
 * nobody's else.
 */
export const mayDecide = (scope: EitherScope) =>
  'mailboxId' in scope
    ? { customerId: scope.customerId, group: { moderators: { some: { mailboxId: scope.mailboxId } } } }
    : { customerId: scope.customerId };

const mostListed = 500;

/** The newest first; what looks like Junk behind. */
export async function listWithheld(database: Database, scope: EitherScope): Promise<ListedWithheld[]> {
  const rows = await database.withheldLetter.findMany({
    where: mayDecide(scope),
    // never the content: a list of letters is not the letters
    omit: { content: true },
    include: { group: { select: { name: true } } },
    orderBy: [{ suspicious: 'asc' }, { id: 'desc' }],
    take: mostListed,
  });
  return rows.map(({ id, shownAuthor, group, judgement, origin, ...row }) => ({
    id: Number(id),
    cause: row.cause,
    detail: row.detail,
    suspicious: row.suspicious,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    recipient: row.recipient,
    from: shownAuthor,
    subject: row.subject,
    preview: row.preview,
    size: row.size,
    group: group?.name ?? null,
    isProved: origin === 'submitted' || (isObject(judgement) && judgement['verdict'] === 'attested'),
  }));
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Whether a mailbox moderates a group. */
export const isModerator = async (database: Database, mailboxId: number): Promise<boolean> =>
  (await database.groupModerator.findFirst({ where: { mailboxId }, select: { addressId: true } })) !== null;

export interface QuarantineSettings {
  viruses: boolean;
  programs: boolean;
}

export async function readQuarantineSettings(database: Database, scope: CustomerScope): Promise<QuarantineSettings> {
  const { quarantinesViruses, quarantinesPrograms } = await database.customer.findUniqueOrThrow({
    where: { id: scope.customerId },
    select: { quarantinesViruses: true, quarantinesPrograms: true },
  });
  return { viruses: quarantinesViruses, programs: quarantinesPrograms };
}
