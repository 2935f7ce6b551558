/** Flags of a list of strings, each of which may hold several parted by spaces; none twice, whatever its case (RFC 5232 section 2). */
export function splitFlags(texts: readonly string[]): string[] {
  const flags = new Map<string, string>();
  for (const text of texts) {
    for (const flag of text.split(' ')) if (isFlag(flag) && !flags.has(flag.toLowerCase())) flags.set(flag.toLowerCase(), flag);
  }
  return [...flags.values()];
}

/** Keys of hasflag: parted as flags are; with :contains they may be less than a flag (RFC 5232 section 4). */
export function splitFlagKeys(texts: readonly string[]): string[] {
  const keys = texts.flatMap((text) => text.split(' '));
  return keys.filter((key) => key !== '' && (!/^\\[A-Za-z]+$/.test(key) || SYSTEM_FLAGS.has(key.toLowerCase())));
}

/** System flags that a client may set, and keywords: atoms of RFC 9051. */
function isFlag(flag: string): boolean {
  if (flag.startsWith('\\')) return SYSTEM_FLAGS.has(flag.toLowerCase());
  return /^[!#$&'+,\-./0-9:;<=>?@A-Z^_`a-z|}~[]+$/.test(flag);
}

const SYSTEM_FLAGS = new Set(['\\answered', '\\flagged', '\\deleted', '\\seen', '\\draft']);
