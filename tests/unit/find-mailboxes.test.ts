import { expect, it } from 'vitest';
import type { MailboxView } from '#components/admin/mailboxes/mailbox-board.tsx';
import { findMailboxes } from '#components/admin/mailboxes/find-mailboxes.ts';

const mailbox = (localPart: string, name: string, usedBytes: number, lastLoginAt: number | null = null): MailboxView => ({
  id: 1,
  address: `${localPart}@muster.at`,
  localPart,
  domain: 'muster.at',
  name,
  status: 'active',
  usedBytes,
  quotaBytes: 10,
  lastLoginAt,
  purgeAfter: null,
  aliases: 0,
  role: 'none',
});
const all = [mailbox('p10', 'Anna Huber', 1, 5), mailbox('p9', 'Max Mayr', 9), mailbox('chef', '', 3, 7)];
const found = (...given: [string, Parameters<typeof findMailboxes>[2]]) => findMailboxes(all, ...given).map(({ localPart }) => localPart);

it('mailboxes are found by words of address and name, in the order that was chosen', () => {
  expect(found('', 'newest')).toEqual(['p10', 'p9', 'chef']);
  expect(found('MUSTER huber', 'newest')).toEqual(['p10']);
  expect(found('niemand', 'newest')).toEqual([]);
  expect(found('', 'byAddress')).toEqual(['chef', 'p9', 'p10']);
  expect(found('', 'bySpace')).toEqual(['p9', 'chef', 'p10']);
  expect(found('', 'byLogin')).toEqual(['chef', 'p10', 'p9']);
});
