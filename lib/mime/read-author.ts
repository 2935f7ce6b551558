import type { AuthorMailbox, FieldAuthors } from './parse-authors.ts';
import { determineAuthors } from './parse-authors.ts';
import { type MessageHeader, nameToSome } from './read-header.ts';

/**
 * The author of a message, determined once at the door (RFC 5322 section 3.6.2: exactly one From field). `missing`: no From field;
 * `repeated`: more than one, and programs show different ones; `unreadable`: one that names nobody, or nobody that all read alike.
 */
export type Author = ({ kind: 'known' } & FieldAuthors) | { kind: 'missing' | 'repeated' | 'unreadable' };

/** A line that is no field, but a From field to some programs: they would show another author than the one who was judged. */
export const hasDisguisedFrom = (header: MessageHeader): boolean =>
  header.fields.some((field) => field.key === '' && nameToSome(header, field) === 'from');

export function readAuthor(header: MessageHeader): Author {
  const [from, ...others] = header.named('from');
  if (!from) return { kind: 'missing' };
  if (others.length > 0 || hasDisguisedFrom(header)) return { kind: 'repeated' };
  const authors = determineAuthors(header.value(from));
  return authors ? { kind: 'known', ...authors } : { kind: 'unreadable' };
}

/** The one address that stands for the author, null where there are several or none. */
export const soleAuthor = (author: Author): AuthorMailbox | null =>
  author.kind === 'known' && author.candidates.length === 1 ? author.mailboxes[0] : null;

export const writtenAddress = ({ local, domain }: AuthorMailbox): string => `${local}@${domain}`;
