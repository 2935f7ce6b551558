import { createHash, randomBytes } from 'node:crypto';

const keyBytes = 32;
const form = /^[\w-]{43}$/;

/** What a browser's cookie carries: 256 random bits that name one row of web_session. */
export const randomSessionKey = (): string => randomBytes(keyBytes).toString('base64url');

/** What web_session.hash holds, or null if it is no key. The table alone signs nobody in. */
export const sessionKeyHash = (key: string): Uint8Array<ArrayBuffer> | null =>
  form.test(key) ? new Uint8Array(createHash('sha256').update(key).digest()) : null;
