import { commonPasswords } from './common-passwords.ts';

/**
 * Why a new password is refused:
 * - TooShort: fewer than 10 characters.
 * - TooLong: more than 256 characters.
 * - IsAddress: it is the address, its local part or its domain (also with digits before or behind).
 * - TooCommon: one of those that every attacker tries first, or hardly more than one character or a row of the keyboard.
 * - ControlCharacter: NUL, line breaks and the like, which IMAP and SASL cannot carry.
 */
export type NewPasswordProblem = 'TooShort' | 'TooLong' | 'IsAddress' | 'TooCommon' | 'ControlCharacter';

export const minimumPasswordLength = 10;
const maximumPasswordLength = 256;

/** Null if the password may be used. `address`: the login name that it is for. */
export function checkNewPassword(plain: string, { address }: { address: string }): NewPasswordProblem | null {
  const length = [...plain].length;
  if (length < minimumPasswordLength) return 'TooShort';
  if (length > maximumPasswordLength) return 'TooLong';
  if (/\p{Cc}/u.test(plain)) return 'ControlCharacter';
  if (isMadeOfAddress(plain, address)) return 'IsAddress';
  return isCommon(plain.toLowerCase()) ? 'TooCommon' : null;
}

const lettersOnly = (text: string): string => text.toLowerCase().replace(/[^\p{L}]/gu, '');

function isMadeOfAddress(plain: string, address: string): boolean {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  const name = domain.slice(0, domain.lastIndexOf('.'));
  const pieces = [address, local, domain, name, `${local}${name}`];
  const letters = lettersOnly(plain);
  return letters !== '' && pieces.some((piece) => lettersOnly(piece) === letters);
}

const rows = ['01234567890123456789', 'abcdefghijklmnopqrstuvwxyz', 'qwertzuiopasdfghjklyxcvbnm', 'qwertyuiopasdfghjklzxcvbnm'];
const reversed = (text: string): string => [...text].reverse().join('');

function isCommon(lower: string): boolean {
  if (new Set(lower).size < 4) return true;
  if (rows.some((row) => row.includes(lower) || reversed(row).includes(lower))) return true;
  return commonPasswords.has(lower) || commonPasswords.has(lower.replace(/[\d\W_]+$/, '')) || isDoubled(lower);
}

/** "max1!max1!": one short piece over and over again. */
const isDoubled = (lower: string): boolean => /^(.{1,5})\1+$/su.test(lower);
