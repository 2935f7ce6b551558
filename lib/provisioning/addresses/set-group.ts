import type { EmailAddress } from '../../addresses/email-address.ts';
import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { GroupModeration, GroupPosting, GroupReplyTo } from '../../db/generated/enums.ts';
import type { Database } from '../../db/prisma.ts';
import { openAddress, type OpenAddressCode } from './open-address.ts';
import { auditOf } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';
import { undoneWhereRefused } from '../roll-back.ts';
import { setModerators } from './set-moderators.ts';
import { setTargets, type SetTargetsCode } from './set-targets.ts';

/** UnknownModerator: one of them is no mailbox of the customer */
export type SetGroupCode = OpenAddressCode | SetTargetsCode | 'InvalidName' | 'UnknownModerator';

const mostMembers = 2_000;

export interface GroupInput {
  localPart: string;
  domain: string;
  /** as it stands in List-Id and on pages, up to 120 characters */
  name: string;
  members: readonly string[];
  posting: GroupPosting;
  replyTo: GroupReplyTo;
  /** "[Team] " in front of each subject, or empty */
  subjectPrefix: string;
  /** whose letters wait for a moderator; left out: as it is, and of a new group nobody's */
  moderation?: GroupModeration;
  /** addresses of mailboxes of the customer; left out: as they are; nobody: the customer's people */
  moderators?: readonly string[];
  mustBeNew?: boolean;
}

/** Makes a group, or changes its members and rules. */
export function setGroup(database: Database, scope: CustomerScope, input: GroupInput): Promise<Result<EmailAddress, SetGroupCode>> {
  return undoneWhereRefused<EmailAddress, SetGroupCode>(database, async (transaction) => {
    const name = input.name.replace(/\p{Cc}/gu, ' ').trim();
    const subjectPrefix = input.subjectPrefix.replace(/\p{Cc}/gu, ' ').trim();
    if (name.length > 120 || subjectPrefix.length > 40) return refused('InvalidName');
    const entry = await openAddress(transaction, scope, 'group', input);
    if (!entry.ok) return entry;
    const { id, address } = entry.value;
    const settings = {
      name: name || address,
      posting: input.posting,
      replyTo: input.replyTo,
      subjectPrefix,
      ...(input.moderation ? { moderation: input.moderation } : {}),
    };
    await transaction.mailGroup.upsert({ where: { addressId: id }, create: { addressId: id, ...settings }, update: settings });
    if (input.moderators && !(await setModerators(transaction, scope, id, input.moderators))) return refused('UnknownModerator');
    const set = await setTargets(transaction, scope, entry.value, input.members, mostMembers);
    if (!set.ok) return set;
    const details = { members: set.value.length, posting: input.posting, replyTo: input.replyTo, moderation: input.moderation ?? null };
    await recordAudit(transaction, { ...auditOf(scope), action: 'group.set', subject: address, details });
    return done(address);
  });
}
