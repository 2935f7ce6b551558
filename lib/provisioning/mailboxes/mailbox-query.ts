/** What the address of the page of mailboxes asks for. */
export interface MailboxQuery {
  /** each of them stands in address or name */
  words: string;
  show: (typeof mailboxKinds)[number];
  order: (typeof mailboxOrders)[number];
  /** from 1 */
  page: number;
}

export const mailboxKinds = ['all', 'attention', 'suspended', 'deleted'] as const;
export const mailboxOrders = ['newest', 'byAddress', 'bySpace', 'byLogin'] as const;
export const mailboxesAtOnce = 100;
const mostPages = 10_000;

type Given = Partial<Record<string, string | string[]>>;

/** What is not understood is as if it did not stand there. */
export function parseMailboxQuery({ q, show, order, page }: Given): MailboxQuery {
  const number = typeof page === 'string' && /^\d{1,6}$/.test(page) ? Number(page) : 1;
  return {
    words: typeof q === 'string' ? q.replaceAll('\0', '').slice(0, 254) : '',
    show: mailboxKinds.find((kind) => kind === show) ?? 'all',
    order: mailboxOrders.find((one) => one === order) ?? 'newest',
    page: Math.min(Math.max(number, 1), mostPages),
  };
}

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
