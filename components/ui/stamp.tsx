import { classes } from './classes.ts';

/** First letters of the first and last word; of an address, of its first part. At most two. */
function initialsOf(name: string): string {
  const words = (name.includes('@') ? name.slice(0, name.indexOf('@')) : name)
    .split(/[\s._-]+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = words[0]?.match(/[\p{L}\p{N}]/u)?.[0] ?? '';
  const last = words.length > 1 ? (words.at(-1)?.match(/[\p{L}\p{N}]/u)?.[0] ?? '') : '';
  return (first + last).toLocaleUpperCase('de-AT');
}

/**
 * A person: initials in a stamp's frame; oneself in solid ink. The letters come from the style sheet: they are a picture, not a text, and
 * the control around them is named after the person.
 */
export function Stamp({ name, me = false, className }: { name: string; me?: boolean; className?: string }) {
  return <span className={classes('stamp', me && 'me', className)} aria-hidden="true" data-initials={initialsOf(name)} />;
}
