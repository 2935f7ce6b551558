import NextAuth, { CredentialsSignin } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import { installation } from '../../config/installation.ts';
import { database } from '../../db/prisma.ts';
import { checkSignIn } from '../check-sign-in.ts';
import { deriveKey } from '../derive-key.ts';
import type { SignInFailure, SignInIdentity } from '../sign-in-identity.ts';
import { remoteAddress } from './remote-address.ts';

declare module 'next-auth' {
  interface User {
    identity?: SignInIdentity;
  }
  interface Session {
    identity?: SignInIdentity;
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

const signedInForS = 30 * 24 * 3600;

/**
 * Sessions are encrypted JWTs in an HttpOnly, SameSite=Lax cookie (Secure over HTTPS). The library's HTTP routes are not mounted: signing in
 * and out happens in server actions, which Next protects against requests from other origins.
 */
export const { auth, signIn, signOut } = NextAuth(() => {
  const { secret, webUrl, loginFailures, loginWaitS } = installation();
  return {
    secret: deriveKey(secret, 'web session v1').toString('base64url'),
    trustHost: true,
    useSecureCookies: webUrl.startsWith('https:'),
    session: { strategy: 'jwt', maxAge: signedInForS },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    // refused sign-ins are counted and throttled; the library would print each one with its stack
    logger: {
      error: (error) =>
        error instanceof CredentialsSignin
          ? undefined
          : process.stderr.write(`${JSON.stringify({ level: 'error', msg: error.message })}\n`),
    },
    providers: [
      Credentials({
        credentials: { address: {}, password: {} },
        authorize: async ({ address, password }) => {
          const attempt = { address: String(address ?? ''), password: String(password ?? ''), remoteAddress: await remoteAddress() };
          const result = await checkSignIn(database(), attempt, { failures: loginFailures, waitS: loginWaitS, secret });
          if (!result.ok) throw new SignInRefused(result.failure);
          return { id: result.identity.address, identity: result.identity };
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => (user?.identity ? { sub: user.identity.address, identity: user.identity } : token),
      session: ({ session, token }) => {
        const identity = token['identity'] as SignInIdentity | undefined;
        return { expires: session.expires, ...(identity ? { identity } : {}) };
      },
    },
  };
});
