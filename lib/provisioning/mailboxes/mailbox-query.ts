import { type GivenQuery, type ListQuery, parseListQuery } from '../list-query.ts';

/** What the address of the page of mailboxes asks for. */
export interface MailboxQuery extends ListQuery {
  show: (typeof mailboxKinds)[number];
  order: (typeof mailboxOrders)[number];
}

export const mailboxKinds = ['all', 'attention', 'suspended', 'deleted'] as const;
export const mailboxOrders = ['newest', 'byAddress', 'bySpace', 'byLogin'] as const;
export const mailboxesAtOnce = 100;

/** What is not understood is as if it did not stand there. */
export const parseMailboxQuery = ({ show, order, ...list }: GivenQuery): MailboxQuery => ({
  ...parseListQuery(list),
  show: mailboxKinds.find((kind) => kind === show) ?? 'all',
  order: mailboxOrders.find((one) => one === order) ?? 'newest',
});

/** The address of the page that shows this; with another question it begins at its first page. */
export function mailboxesHref(domain: string | null, { words, show, order, page }: MailboxQuery): string {
  const query = new URLSearchParams({
    ...(domain === null ? {} : { domain }),
    ...(words === '' ? {} : { q: words }),
    ...(show === 'all' ? {} : { show }),
    ...(order === 'newest' ? {} : { order }),
    ...(page === 1 ? {} : { page: String(page) }),
  }).toString();
  return query === '' ? '/panel/mailboxes' : `/panel/mailboxes?${query}`;
}
