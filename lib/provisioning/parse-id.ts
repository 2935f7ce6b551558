/** An id as it came in a request ("12" or 12), or null. */
export const parseId = (value: unknown): number | null => (/^[1-9]\d{0,14}$/.test(String(value)) ? Number(value) : null);

/** The same for an operation: what is no id becomes 0, which nothing has, so it is answered like one that is unknown. */
export const idOf = (value: unknown): number => parseId(value) ?? 0;
