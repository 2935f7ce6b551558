import { createHash } from 'node:crypto';
import { parseAppPassword } from './random-password.ts';

/** SHA-256 of an app password in its canonical form (what app_password.hash holds), or null if it does not look like one. */
export function appPasswordHash(typed: string): Buffer | null {
  const canonical = parseAppPassword(typed);
  return canonical === null ? null : createHash('sha256').update(canonical).digest();
}
