import { hkdfSync } from 'node:crypto';

/** 32 bytes for one purpose from the installation's secret (HKDF-SHA-256, RFC 5869), so that no two purposes share a key. */
export const deriveKey = (secret: string, purpose: string, salt: Buffer = Buffer.alloc(0)): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, `postamt ${purpose}`, 32));
