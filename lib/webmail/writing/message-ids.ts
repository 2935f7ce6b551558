const longestId = 900;
/** Message-IDs as they may be written; programs put words and worse beside them. */
export const idsIn = (field: string): string[] => (field.match(/<[^<>\s]+>/g) ?? []).filter((id) => id.length <= longestId);

/** The first says where the conversation began, the last what it is about. */
const mostReferences = 30;
export const shortened = (ids: readonly string[]): string[] =>
  ids.length <= mostReferences ? [...ids] : [...ids.slice(0, 1), ...ids.slice(1 - mostReferences)];
