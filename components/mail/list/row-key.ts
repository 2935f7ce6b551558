import type { ConversationRow } from '#lib/webmail/reading/conversation-list.ts';

/** What a row of a list or of what was found is known by, also when it is asked for again. */
export const rowKey = (row: ConversationRow): string => `${row.folder} ${row.threadId}`;
