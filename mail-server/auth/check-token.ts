import { verifyMailboxToken } from '../../lib/auth/mailbox-token.ts';
import { parseEmailAddress, type EmailAddress } from '../../lib/addresses/email-address.ts';
import type { Directory, MailboxLogin } from '../store/types.ts';

/** The web opens several connections a page; a changed password or a suspension takes hold within so long. */
const keptForMs = 5_000;
const mostKept = 10_000;

/** The mailbox that a token of the web stands for, or null: not valid, credentials changed since, or for another than `user` (may be empty). */
export function createTokenCheck({ directory, secret }: { directory: Directory; secret: string }) {
  const known = new Map<EmailAddress, { login: Promise<MailboxLogin | null>; until: number }>();

  const loginOf = (address: EmailAddress): Promise<MailboxLogin | null> => {
    const now = Date.now();
    const cached = known.get(address);
    if (cached && cached.until > now) return cached.login;
    if (known.size >= mostKept) known.clear();
    const login = directory.login(address);
    known.set(address, { login, until: now + keptForMs });
    login.catch(() => known.delete(address));
    return login;
  };

  return async (user: string, token: string): Promise<MailboxLogin | null> => {
    const claim = await verifyMailboxToken(token, secret);
    if (!claim || (user !== '' && parseEmailAddress(user) !== claim.address)) return null;
    const login = await loginOf(claim.address);
    if (!login || login.status === 'deleted') return null;
    return login.accountId === claim.accountId && login.credentialVersion === claim.credentialVersion ? login : null;
  };
}
