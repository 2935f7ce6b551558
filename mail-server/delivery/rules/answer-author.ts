import type { EmailAddress } from '../../../lib/addresses/email-address.ts';
import { domainOf, parseEmailAddress } from '../../../lib/addresses/email-address.ts';
import { decodeEncodedWords } from '../../../lib/mime/decode-encoded-words.ts';
import { determineAuthors, parseAuthors } from '../../../lib/mime/parse-authors.ts';
import { writtenAddress } from '../../../lib/mime/read-author.ts';
import type { Services } from '../../services.ts';
import type { AccountId } from '../../../lib/db/ids.ts';
import type { MailboxRules } from './mailbox-rules.ts';

/** As whom a mailbox answers by itself. */
export interface AnswerAuthor {
  name: string;
  address: EmailAddress;
  /** its domain is confirmed: what it writes may leave to the world */
  domainVerified: boolean;
}

/**
 * The author of an answer that a script wants written in a name (`:from` of vacation and notify). Who may be one is who may be one of a
 * submitted letter: an address of the mailbox's own, on a domain that is confirmed. For any other the answer is written in the mailbox's name, as RFC 5230 section 4.2 has it.
 */
export async function answerAuthor(
  { directory }: Pick<Services, 'directory'>,
  account: AccountId,
  { name, address, domainVerified }: Pick<MailboxRules, 'name' | 'address' | 'domainVerified'>,
  wished: string | null,
): Promise<AnswerAuthor> {
  const itself = { name, address: address as EmailAddress, domainVerified };
  const written = wished === null ? null : readWished(wished);
  if (!written) return itself;
  const own = await directory.senderAddresses(account);
  if (!own.has(written.address) || own.isOnBehalf(written.address)) return itself;
  const isVerified = (await directory.domain(domainOf(written.address)))?.verified ?? false;
  return isVerified ? { ...written, domainVerified: true } : itself;
}

/** One author whom all programs read alike. */
function readWished(wished: string): { name: string; address: EmailAddress } | null {
  const field = Buffer.from(wished).toString('latin1');
  const authors = determineAuthors(field);
  const address = authors?.candidates.length === 1 ? parseEmailAddress(writtenAddress(authors.mailboxes[0])) : null;
  const [author] = parseAuthors(field, 1);
  return address && author ? { name: decodeEncodedWords(author.name ?? ''), address } : null;
}
