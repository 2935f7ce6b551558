import { verifyMailboxToken } from '../../lib/auth/mailbox-token.ts';
import { parseEmailAddress } from '../../lib/addresses/email-address.ts';
import type { Directory, MailboxLogin } from '../store/mail-directory.ts';

export interface TokenLogin {
  login: MailboxLogin;
  /** the web's session that the token was made for */
  sessionId: number | null;
}

/**
 * The mailbox that a token of the web stands for, or null: not valid, signed out, credentials changed since, or for another than `user` (may
 * be empty). The database is asked each time: a token must not outlive by a second what it was made from.
 */
export function createTokenCheck({ directory, secret }: { directory: Directory; secret: string }) {
  return async (user: string, token: string): Promise<TokenLogin | null> => {
    const claim = await verifyMailboxToken(token, secret);
    if (!claim || (user !== '' && parseEmailAddress(user) !== claim.address)) return null;
    const { sessionId = null } = claim;
    const [login, signedIn] = await Promise.all([
      directory.login(claim.address),
      sessionId === null ? true : directory.hasWebSession(claim.accountId, sessionId),
    ]);
    if (!login || !signedIn || login.status === 'deleted') return null;
    return login.accountId === claim.accountId && login.credentialVersion === claim.credentialVersion ? { login, sessionId } : null;
  };
}
