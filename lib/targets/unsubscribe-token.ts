import { createHmac, timingSafeEqual } from 'node:crypto';
import { parseEmailAddress, type EmailAddress } from '../addresses/email-address.ts';
import { deriveKey } from '../auth/derive-key.ts';

/** Who leaves which group. */
export interface Leaving {
  /** id of the group's address */
  group: number;
  member: EmailAddress;
}

/** The secret part of a member's link out of a group (RFC 8058): no link can be made for somebody else from one's own. */
export function unsubscribeToken(secret: string, { group, member }: Leaving): string {
  const signed = `${group.toString(36)}.${Buffer.from(member).toString('base64url')}`;
  return `${signed}.${macOf(signed, secret)}`;
}

/** Null for what we did not write. */
export function readUnsubscribeToken(secret: string, token: string): Leaving | null {
  const matched = /^(([0-9a-z]{1,11})\.([\w-]{4,600}))\.([\w-]{32})$/.exec(token);
  if (!matched) return null;
  const [, signed = '', group = '', member = '', mac = ''] = matched;
  if (!timingSafeEqual(Buffer.from(macOf(signed, secret)), Buffer.from(mac))) return null;
  const address = parseEmailAddress(Buffer.from(member, 'base64url').toString());
  return address && { group: Number.parseInt(group, 36), member: address };
}

const macOf = (signed: string, secret: string): string =>
  createHmac('sha256', deriveKey(secret, 'group unsubscribe v1')).update(signed).digest('base64url').slice(0, 32);
