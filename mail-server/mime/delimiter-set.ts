/** The boundaries that can end a part right now, found by one look-up however many there are. */
export class DelimiterSet {
  private readonly levels = new Map<string, number[]>();
  private readonly boundaries = new Map<number, string>();
  private longest = 0;

  get empty(): boolean {
    return this.boundaries.size === 0;
  }

  /** The same boundary may be in use at several levels: the innermost counts. */
  add(boundary: string, level: number): void {
    this.boundaries.set(level, boundary);
    const levels = this.levels.get(boundary);
    if (levels === undefined) this.levels.set(boundary, [level]);
    else levels.push(level);
    this.longest = Math.max(this.longest, boundary.length);
  }

  remove(level: number): void {
    const boundary = this.boundaries.get(level);
    if (boundary === undefined) return;
    this.boundaries.delete(level);
    const levels = this.levels.get(boundary) ?? [];
    levels.splice(levels.indexOf(level), 1);
    if (levels.length === 0) this.levels.delete(boundary);
  }

  clear(): void {
    this.boundaries.clear();
    this.levels.clear();
  }

  /** Whether the line raw[start, end), which begins with "--", is a delimiter (RFC 2046 section 5.1.1), white space behind it ignored. */
  match(raw: Buffer, start: number, end: number): { level: number; closing: boolean } | null {
    let to = end;
    while (to > start + 2 && isPadding(raw[to - 1])) to--;
    const length = to - start - 2;
    if (length > this.longest + 2) return null;
    const line = raw.toString('latin1', start + 2, to);
    const opening = this.levels.get(line)?.at(-1);
    if (opening !== undefined) return { level: opening, closing: false };
    if (!line.endsWith('--')) return null;
    const level = this.levels.get(line.slice(0, -2))?.at(-1);
    return level === undefined ? null : { level, closing: true };
  }
}

const isPadding = (byte: number | undefined): boolean => byte === 32 || byte === 9 || byte === 13 || byte === 10;
