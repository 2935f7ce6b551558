import { parseEmailAddress } from '../../addresses/email-address.ts';
import type { Provenance } from '../../mime/judgement.ts';
import { database } from '../../db/prisma.ts';
import { addressesWrittenTo } from '../people/find-people.ts';
import type { ImapWork } from '../connection/imap-pool.ts';
import { MailError } from '../connection/mail-error.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { readSettings } from '../mailbox-settings.ts';

type Box = Pick<MailboxIdentity, 'mailboxId'>;
const mostSenders = 5000;

/**
 * `known`: people the reader has written to, where their pictures are to be loaded; else null.
 *
 * Whether the remote pictures of this letter are loaded without asking: the reader said so of all letters, or of this author. Of one whose
 * check failed never: he may be anybody.
 */
export async function picturesTrusted(
  box: Box,
  { author, origin, judgement }: Provenance,
  known: ReadonlySet<string> | null,
): Promise<boolean> {
  if (judgement?.verdict === 'failed' || judgement?.verdict === 'undecided') return false;
  if ((await readSettings(box)).pictures === 'always') return true;
  if (author === null || (origin === 'outside' && judgement?.verdict !== 'attested')) return false;
  if (known?.has(author.toLowerCase())) return true;
  const row = await database().pictureSender.findUnique({
    where: { mailboxId_address: { mailboxId: box.mailboxId, address: keyOf(author) } },
  });
  return row !== null;
}

/** The people whose pictures are loaded because the reader has written to them; null: that was not chosen. Selects folders. */
export const knownForPictures = async (imap: ImapWork, box: Box): Promise<ReadonlySet<string> | null> =>
  (await readSettings(box)).pictures === 'known' ? addressesWrittenTo(imap) : null;

const keyOf = (address: string): string => parseEmailAddress(address) ?? address.toLowerCase();

/** Throws MailError InvalidRequest, TooLarge. */
export async function trustPictures(box: Box, given: string, on: boolean): Promise<void> {
  const address = parseEmailAddress(given);
  if (address === null) throw new MailError('InvalidRequest', given);
  const mailboxId = BigInt(box.mailboxId);
  if (!on) {
    await database().pictureSender.deleteMany({ where: { mailboxId, address } });
    return;
  }
  if ((await database().pictureSender.count({ where: { mailboxId } })) >= mostSenders) throw new MailError('TooLarge', String(mostSenders));
  await database().pictureSender.upsert({
    where: { mailboxId_address: { mailboxId, address } },
    create: { mailboxId, address },
    update: {},
  });
}
