/** What the address of a page with a long list asks for. */
export interface ListQuery {
  /** each of them stands in a name */
  words: string;
  /** from 1 */
  page: number;
}

const mostPages = 10_000;

export type GivenQuery = Partial<Record<string, string | string[]>>;

/** What is not understood is as if it did not stand there. */
export function parseListQuery({ q, page }: GivenQuery): ListQuery {
  const number = typeof page === 'string' && /^\d{1,6}$/.test(page) ? Number(page) : 1;
  return {
    words: typeof q === 'string' ? q.replaceAll('\0', '').slice(0, 254) : '',
    page: Math.min(Math.max(number, 1), mostPages),
  };
}
