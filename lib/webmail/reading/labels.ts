/**
 * Keywords of a letter that people gave it, themselves, by a filter or in another program, and not marks that programs leave for each other.
 * Thunderbird's five have names of their own in each language.
 */

/** IANA's registry of IMAP keywords, and what programs of old wrote. */
const marks = new Set([
  'nonjunk',
  'notjunk',
  'junk',
  'forwarded',
  'redirected',
  'attachment',
  'old',
  'recent',
  'receipt-handled',
  'unknown-0',
  'unknown-1',
]);

export const isLabel = (keyword: string): boolean =>
  /^\$label[1-5]$/i.test(keyword) || (!/^[$\\]/.test(keyword) && !marks.has(keyword.toLowerCase()));

/** One that may be given: of the characters of an IMAP atom (RFC 9051 section 9). */
export const isLabelName = (keyword: string): boolean => isLabel(keyword) && /^[!#$&'+,./0-9:;<=>?@A-Z[^_`a-z|}~-]{1,60}$/.test(keyword);

/** Thunderbird's five, which other programs know too. */
export const knownLabels = ['$label1', '$label2', '$label3', '$label4', '$label5'] as const;

/** Each once, whatever its capitals; "$label1" in small letters. */
export function labelsOf(flags: Iterable<string>): string[] {
  const found = new Map<string, string>();
  for (const flag of flags) {
    const key = flag.toLowerCase();
    if (isLabel(flag) && !found.has(key)) found.set(key, key.startsWith('$') ? key : flag);
  }
  return [...found.values()].sort((a, b) => Number(b.startsWith('$')) - Number(a.startsWith('$')) || a.localeCompare(b));
}

/** Thunderbird's five, as the pages call them in both languages; the names in the message files, mail.labels. */
const labelWords: ReadonlyMap<string, string> = new Map([
  ['wichtig', '$label1'],
  ['important', '$label1'],
  ['dienstlich', '$label2'],
  ['work', '$label2'],
  ['persönlich', '$label3'],
  ['personal', '$label3'],
  ['zu erledigen', '$label4'],
  ['to do', '$label4'],
  ['später', '$label5'],
  ['later', '$label5'],
]);

/** The keyword of a label that somebody wrote by its name: one word, one label. */
export const labelNamed = (typed: string): string => {
  const words = typed.trim().replace(/\s+/g, ' ');
  return labelWords.get(words.toLowerCase()) ?? words.replaceAll(' ', '-');
};

/** What the flags of a message say of it to its reader. */
export const marksOf = (flags: ReadonlySet<string>) => ({
  unread: !flags.has('\\Seen'),
  flagged: flags.has('\\Flagged'),
  answered: flags.has('\\Answered'),
  draft: flags.has('\\Draft'),
  labels: labelsOf(flags),
});
