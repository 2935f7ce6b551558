export interface ByteRange {
  /** first and last octet, both included (RFC 9110 section 14.1.2) */
  first: number;
  last: number;
}

const one = /^bytes\s*=\s*(?:(\d{1,15})\s*-(?:\s*(\d{1,15}))?|-\s*(\d{1,15}))$/i;

/**
 * What of a file of `size` octets a request wants: a range, null for the whole, or 'unsatisfiable' (416). A field that is no range of
 * octets, or names several, asks for the whole: a server may leave it unheeded (RFC 9110 section 14.2).
 */
export function wantedRange(field: string | null, size: number): ByteRange | null | 'unsatisfiable' {
  const match = one.exec((field ?? '').trim());
  if (!match) return null;
  const [, from, to, suffix] = match;
  if (suffix !== undefined) {
    const length = Math.min(size, Number(suffix));
    return length === 0 ? 'unsatisfiable' : { first: size - length, last: size - 1 };
  }
  const first = Number(from);
  if (to !== undefined && Number(to) < first) return null;
  if (first >= size) return 'unsatisfiable';
  return { first, last: Math.min(size - 1, to === undefined ? size - 1 : Number(to)) };
}
