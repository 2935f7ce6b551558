const longestId = 900;
/**
 * Message-IDs as they may be written; programs put words and worse beside them. One that is not ASCII has no other form (RFC 2047 section 5), and an
 * answer that names it would be for hosts with SMTPUTF8 alone.
 */
export const idsIn = (field: string): string[] => (field.match(/<[!-;=?-~]+>/g) ?? []).filter((id) => id.length <= longestId);

/** The first says where the conversation began, the last what it is about. */
const mostReferences = 30;
export const shortened = (ids: readonly string[]): string[] =>
  ids.length <= mostReferences ? [...ids] : [...ids.slice(0, 1), ...ids.slice(1 - mostReferences)];

/** What an answer to a letter says of it. RFC 5322 section 3.6.4: a parent without References lends its In-Reply-To, where that names one letter. */
export function threadOf(parent: { messageId: string; inReplyTo: string; references: string }): {
  inReplyTo: string;
  references: string[];
} {
  const [id] = idsIn(parent.messageId);
  if (id === undefined) return { inReplyTo: '', references: [] };
  const answered = idsIn(parent.inReplyTo);
  const before = idsIn(parent.references);
  return {
    inReplyTo: id,
    references: shortened([...new Set([...(before.length > 0 || answered.length > 1 ? before : answered), id])]),
  };
}
