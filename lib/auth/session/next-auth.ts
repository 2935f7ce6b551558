import NextAuth, { CredentialsSignin } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import { parseEmailAddress } from '../../addresses/email-address.ts';
import { installation } from '../../config/installation.ts';
import { database } from '../../db/prisma.ts';
import { webLog } from '../../http/web-log.ts';
import { checkSignIn, type SignInAttempt } from '../check-sign-in.ts';
import type { SignInFailure, SignInResult } from '../sign-in-identity.ts';
import { beginSession } from '../web-session/begin-session.ts';
import { cookieSettings } from './cookie-settings.ts';
import { browserOfRequest } from './remote-address.ts';

declare module 'next-auth' {
  interface User {
    sessionKey?: string;
  }
}

/** Carries the reason of a refused sign-in through the library. */
export class SignInRefused extends CredentialsSignin {
  readonly failure: SignInFailure;
  constructor(failure: SignInFailure) {
    super(failure);
    this.failure = failure;
    this.code = failure;
  }
}

const logFailure = (error: unknown): void => webLog().error({ err: error }, 'a sign-in could not be decided');

/** In the words of the mail server (mail-server/auth/authenticator.ts). What is no address may be a password in the wrong field. */
function logSignIn({ address, remoteAddress }: SignInAttempt, result: SignInResult): void {
  const about = { protocol: 'web', remoteAddress, user: parseEmailAddress(address) ?? 'no address' };
  if (result.ok) webLog().info({ ...about, account: result.identity.mailboxId }, 'login');
  else webLog().info({ ...about, failure: result.failure }, 'login failed');
}

/** As long as browsers keep a cookie; the row says how long a session really is (find-session.ts), and use prolongs it. */
const cookieS = 400 * 24 * 3600;

/**
 * Sessions are rows of web_session. The cookie (HttpOnly, SameSite=Lax, Secure over HTTPS, an encrypted JWT) carries a row's key and says
 * nothing by itself. The library's HTTP routes are not mounted: signing in and out happens in server actions, which Next protects against
 * requests from other origins.
 */
export const { signIn, signOut } = NextAuth(() => {
  const { login } = installation();
  const cookie = cookieSettings();
  return {
    secret: cookie.secret,
    trustHost: true,
    useSecureCookies: cookie.secureCookie,
    cookies: { sessionToken: { name: cookie.name }, callbackUrl: { name: cookie.callbackName } },
    session: { strategy: 'jwt', maxAge: cookieS },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    // refused sign-ins are counted and throttled; the library would print each one with its stack
    logger: { error: (error) => (error instanceof CredentialsSignin ? undefined : logFailure(error)) },
    providers: [
      Credentials({
        credentials: { address: {}, password: {}, proved: {} },
        authorize: async ({ address, password, proved }) => {
          const browser = await browserOfRequest();
          const attempt = { address: String(address ?? ''), password: String(password ?? ''), remoteAddress: browser.remoteAddress };
          try {
            const result = await checkSignIn(database(), attempt, login);
            logSignIn(attempt, result);
            if (!result.ok) throw new SignInRefused(result.failure);
            const sessionKey = await beginSession(database(), result.identity, browser, { proved: proved !== 'no' });
            return { id: result.identity.address, sessionKey };
          } catch (error) {
            if (error instanceof SignInRefused) throw error;
            // a database that is away, most often: whoever signs in is told to come again, and keeps what was typed
            logFailure(error);
            throw new SignInRefused('Unavailable');
          }
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => (user?.sessionKey ? { key: user.sessionKey } : token),
    },
  };
});
