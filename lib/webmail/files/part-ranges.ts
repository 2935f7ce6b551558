/** More than the parts of a letter that are looked at (lib/mime/limits.ts), since some hold files. */
const most = 10_000;
const range = /^((?:.*[./])?)(\d{1,5})-(\d{1,5})$/;

/** Parts of a letter for an address, which has no room for thousands: "2-301,303" and "2/1-9". */
export function asRanges(parts: readonly string[]): string {
  const ranges: { before: string; first: number; last: number }[] = [];
  for (const part of parts) {
    const [number = ''] = /\d{1,5}$/.exec(part) ?? [];
    const before = part.slice(0, part.length - number.length);
    const open = ranges.at(-1);
    if (open && open.before === before && open.last + 1 === Number(number)) open.last += 1;
    else ranges.push({ before, first: Number(number), last: Number(number) });
  }
  return ranges.map(({ before, first, last }) => `${before}${first}${last > first ? `-${last}` : ''}`).join(',');
}

/** Each part by itself; what is no range stays as it is written. */
export function fromRanges(list: string): string[] {
  const parts: string[] = [];
  for (const piece of list.split(',')) {
    const [, before = '', first, last] = range.exec(piece) ?? [];
    const count = Number(last) - Number(first) + 1;
    if (!(count > 0) || parts.length + count > most) parts.push(piece);
    else for (let at = 0; at < count; at++) parts.push(`${before}${Number(first) + at}`);
  }
  return parts;
}
