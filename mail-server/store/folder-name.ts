const mostBytes = 1_000;
const mostLevels = 20;

/** Whether rules may make a folder of this name: what IMAP would make too (imap/names/mailbox-name.ts). */
export function isUsableName(name: string): boolean {
  const pieces = name.split('/');
  const isClean = !/[\p{Cc}\u2028\u2029]/u.test(name);
  return isClean && Buffer.byteLength(name) <= mostBytes && pieces.length <= mostLevels && pieces.every((piece) => piece !== '');
}
