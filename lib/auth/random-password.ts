import { randomInt } from 'node:crypto';

// no 0 o, 1 l i: what is read aloud or copied by hand must not be mistaken
const alphabet = '23456789abcdefghjkmnpqrstuvwxyz';
const groupLength = 4;
const mailboxGroups = 5; // 20 characters of 31: 99 bits
const appGroups = 7; // 28 characters of 31: 138 bits

const randomGroups = (groups: number): string =>
  Array.from({ length: groups }, () => Array.from({ length: groupLength }, () => alphabet[randomInt(alphabet.length)]).join('')).join('-');

/** A readable password for a mailbox: "k7mp-29ft-w3xz-h8ra-q5nd", 99 bits. */
export const randomPassword = (): string => randomGroups(mailboxGroups);

/** A password for one device, 138 bits: SHA-256 is hash enough for it (app-password-hash.ts). Shown once, in this form. */
export const randomAppPassword = (): string => randomGroups(appGroups);

const appPassword = new RegExp(`^[${alphabet}]{${groupLength * appGroups}}$`);

/** The one form of an app password however it was typed (capitals, spaces, no dashes), or null if it does not look like one. */
export function parseAppPassword(typed: string): string | null {
  if (typed.length > 100) return null;
  const canonical = typed.toLowerCase().replace(/[\s-]/g, '');
  return appPassword.test(canonical) ? canonical : null;
}
