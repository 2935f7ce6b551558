import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { deriveKey } from './derive-key.ts';

const version = 'v1';
const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
const purpose = 'secret box v1';

/** The text cannot be opened: made with another secret, altered, or not of this form. */
export class SecretBoxError extends Error {
  constructor() {
    super('sealed with another secret, or damaged');
    this.name = 'SecretBoxError';
  }
}

/** Encrypts text (UTF-8) with AES-256-GCM under a key that only this one text has. Result: "v1." and base64url of salt, nonce, tag, bytes. */
export function sealSecret(plain: string, secret: string): string {
  const salt = randomBytes(saltBytes);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(secret, purpose, salt), nonce);
  const bytes = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return `${version}.${Buffer.concat([salt, nonce, cipher.getAuthTag(), bytes]).toString('base64url')}`;
}

/** The text that sealSecret was given. Throws SecretBoxError. */
export function openSecret(sealed: string, secret: string): string {
  const [given, encoded] = sealed.split('.');
  const box = Buffer.from(encoded ?? '', 'base64url');
  if (given !== version || box.length < saltBytes + nonceBytes + tagBytes) throw new SecretBoxError();
  const nonceEnd = saltBytes + nonceBytes;
  const key = deriveKey(secret, purpose, box.subarray(0, saltBytes));
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(saltBytes, nonceEnd), { authTagLength: tagBytes });
  decipher.setAuthTag(box.subarray(nonceEnd, nonceEnd + tagBytes));
  try {
    return Buffer.concat([decipher.update(box.subarray(nonceEnd + tagBytes)), decipher.final()]).toString('utf8');
  } catch {
    throw new SecretBoxError();
  }
}
