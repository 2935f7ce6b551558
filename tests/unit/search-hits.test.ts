import { expect, it } from 'vitest';
import { rowKey } from '#components/mail/list/row-key.ts';
import { withHits, withoutHits } from '#components/mail/list/search-hits.ts';
import type { ConversationRow } from '#lib/webmail/reading/conversation-list.ts';

const row = (uid: number): ConversationRow =>
  ({ uid, threadId: `t${uid}`, folder: 'INBOX', date: new Date(uid * 1000).toISOString() }) as ConversationRow;

it('a hit that was deleted while the search goes on comes back with no later answer; others do, newest first and once', () => {
  const found = withoutHits({ rows: [row(3), row(1)], gone: new Set<string>() }, new Set([row(3), row(2)].map(rowKey)));
  expect(found.rows.map(({ uid }) => uid)).toEqual([1]);
  expect(withHits(found, [row(2), row(3), row(4), row(1)]).map(({ uid }) => uid)).toEqual([4, 1]);
});
