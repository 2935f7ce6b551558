import { createSecretKey, type KeyObject } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { parseEmailAddress, type EmailAddress } from '../addresses/email-address.ts';
import { accountId, type AccountId } from '../db/ids.ts';
import { deriveKey } from './derive-key.ts';

/** What the web proves to the mail server with OAUTHBEARER: this mailbox signed in, with this version of its credentials. */
export interface MailboxToken {
  address: EmailAddress;
  accountId: AccountId;
  credentialVersion: number;
  /** the web's session that the connection is opened for, and that it ends with */
  sessionId?: number;
}

const issuer = 'postamt-web';
const audience = 'postamt-mail';
const algorithm = 'HS256';
/** A token is made for the connection that is about to be opened; it need not outlive that by much. */
const longestLifetimeS = 300;
const clockToleranceS = 5;

let known: { secret: string; key: KeyObject } | null = null;

function tokenKey(secret: string): KeyObject {
  if (known?.secret !== secret) known = { secret, key: createSecretKey(deriveKey(secret, 'mailbox token v1')) };
  return known.key;
}

/** A signed token (JWT, HS256) good for `lifetimeS` seconds, at most 300. */
export async function signMailboxToken(token: MailboxToken, secret: string, lifetimeS: number): Promise<string> {
  if (!(lifetimeS > 0 && lifetimeS <= longestLifetimeS))
    throw new RangeError(`lifetimeS ${lifetimeS} is not within 1 to ${longestLifetimeS}`);
  const nowS = Math.floor(Date.now() / 1000);
  return new SignJWT({ address: token.address, version: token.credentialVersion, session: token.sessionId })
    .setProtectedHeader({ alg: algorithm })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(String(token.accountId))
    .setIssuedAt(nowS)
    .setExpirationTime(nowS + Math.ceil(lifetimeS))
    .sign(tokenKey(secret));
}

/** What a token says, or null if it is not ours, altered or past its time. Whether the version is still the newest is the caller's to ask. */
export async function verifyMailboxToken(token: string, secret: string): Promise<MailboxToken | null> {
  try {
    const { payload } = await jwtVerify(token, tokenKey(secret), {
      algorithms: [algorithm],
      issuer,
      audience,
      clockTolerance: clockToleranceS,
      maxTokenAge: longestLifetimeS,
      requiredClaims: ['sub', 'exp'],
    });
    const address = typeof payload['address'] === 'string' ? parseEmailAddress(payload['address']) : null;
    const version = payload['version'];
    const session = payload['session'];
    const account = Number(payload.sub);
    if (address === null || typeof version !== 'number' || !Number.isSafeInteger(account)) return null;
    const claim = { address, accountId: accountId(account), credentialVersion: version };
    if (session === undefined) return claim;
    return typeof session === 'number' ? { ...claim, sessionId: session } : null;
  } catch {
    return null;
  }
}
