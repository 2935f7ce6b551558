import { displayAddress, parseEmailAddress } from '../../addresses/email-address.ts';
import { parseEnvelopePath } from '../../addresses/envelope-path.ts';
import { withoutDetail } from '../../addresses/without-detail.ts';
import { database } from '../../db/prisma.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { MailError } from '../connection/mail-error.ts';
import { isOwnAddress, type OwnAddresses } from './own-addresses.ts';
import type { Person } from '../reading/mail-message.ts';
import type { WritesAs } from './letter.ts';

/** Its own addresses, and those of forwards and groups that it may write as. */
const writtenAs = ({ mailboxId }: MailboxIdentity) => ({ OR: [{ mailboxId }, { senders: { some: { mailboxId } } }] });

/** Every address that this mailbox writes from, the one of new letters first: name, reply-to and signature as its user gave them. */
export async function readIdentities(mailbox: MailboxIdentity): Promise<WritesAs[]> {
  const [addresses, rows, settings] = await Promise.all([
    database().address.findMany({ where: writtenAs(mailbox), orderBy: [{ isPrimary: 'desc' }, { address: 'asc' }] }),
    database().identity.findMany({ where: { mailboxId: mailbox.mailboxId } }),
    database().mailboxSettings.findUnique({ where: { mailboxId: mailbox.mailboxId }, select: { defaultFrom: true } }),
  ]);
  const known = new Map(rows.map((row) => [row.address, row]));
  const first = settings?.defaultFrom ?? mailbox.address;
  return addresses
    .map(({ address }) => {
      const row = known.get(address);
      return { address, name: row?.name || mailbox.name, replyTo: row?.replyTo ?? '', signature: row?.signature ?? '' };
    })
    .sort((a, b) => Number(b.address === first) - Number(a.address === first));
}

export const addressesOf = (identities: readonly WritesAs[]): OwnAddresses => new Set(identities.map(({ address }) => address));

/**
 * Whom an answer is written as: the address the letter was written to. One that stands in To is meant more than one in Cc; an answer
 * to a subaddress leaves from it. Without any (a list, Bcc) it is the one of new letters.
 */
export function identityFor(identities: readonly WritesAs[], recipients: readonly Person[]): WritesAs | undefined {
  const own = addressesOf(identities);
  const written = recipients.find((person) => isOwnAddress(own, person.address));
  if (!written) return identities[0];
  const identity = identities.find((one) => isOwnAddress(new Set([one.address]), written.address));
  return identity && { ...identity, address: parseEmailAddress(written.address) ?? identity.address };
}

/** The chosen From as it may be written; the mailbox's own where none was chosen. Throws MailError InvalidRequest for a foreign one. */
export async function senderOf(mailbox: MailboxIdentity, from: Person | null): Promise<WritesAs> {
  const identities = await readIdentities(mailbox);
  const own = { address: mailbox.address as string, name: mailbox.name, replyTo: '', signature: '' };
  if (from === null) return identities[0] ?? own;
  const address = parseEmailAddress(from.address);
  const found = address && identities.find((identity) => identity.address === address || identity.address === withoutDetail(address));
  if (!found) throw new MailError('InvalidRequest', displayAddress(from.address));
  return { ...found, address };
}

/** Keeps name, reply-to and signature of an address. Throws MailError NotFound, InvalidRecipient. */
export async function saveIdentity(mailbox: MailboxIdentity, given: WritesAs): Promise<void> {
  const address = parseEmailAddress(given.address);
  const mailboxId = BigInt(mailbox.mailboxId);
  const owned = address && (await database().address.findFirst({ where: { address, ...writtenAs(mailbox) } }));
  if (!owned) throw new MailError('NotFound', given.address);
  const replyTo = given.replyTo.trim() === '' ? '' : parseEnvelopePath(given.replyTo.trim())?.text;
  if (replyTo === undefined) throw new MailError('InvalidRecipient', given.replyTo);
  const kept = { name: given.name.trim(), replyTo, signature: given.signature };
  await database().identity.upsert({
    where: { mailboxId_address: { mailboxId, address } },
    create: { mailboxId, address, ...kept },
    update: kept,
  });
}
