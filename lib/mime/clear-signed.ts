/**
 * Text under an OpenPGP signature as it was before MIME (RFC 9580 section 7): the text alone, without the armour around it. Null where it does not
 * begin with one: of an answer above somebody's signed text nobody is told that it is signed. What a list added behind it stays. Linear time.
 */
export function withoutArmour(source: string): string | null {
  const begin = BEGIN.exec(source);
  if (!begin || source.slice(0, begin.index).trim() !== '') return null;
  const signature = source.indexOf('\n-----BEGIN PGP SIGNATURE-----', begin.index);
  if (signature < 0) return null;
  const end = source.indexOf(END, signature);
  const signed = source.slice(begin.index + begin[0].length, signature).replace(ESCAPED, '$1');
  const behind = end < 0 ? '' : source.slice(end + END.length);
  return signed + behind;
}

/** Whether text that is encrypted stands somewhere in it, at the beginning of a line. */
export const holdsPgpMessage = (source: string): boolean => MESSAGE.test(source);

/** the line, its "Hash:" lines, the empty line behind them */
const BEGIN = /^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\r?\n(?:[A-Za-z-]{1,40}: [^\n]{0,200}\n){0,10}\r?\n?/m;
const END = '-----END PGP SIGNATURE-----';
const ESCAPED = /(^|\n)- (?=[-\n]|From )/g;
const MESSAGE = /^-----BEGIN PGP MESSAGE-----/m;
