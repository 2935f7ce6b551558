/** The boundaries that can end a part right now. */
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

  /**
   * Whether the line raw[start, end), which begins with "--", is a delimiter. White space behind it counts for nothing, and so does
   * anything else: it is enough that the line begins with the boundary (RFC 2046 section 5.1.1, note to implementors). Where one boundary
   * begins with another, the longest wins.
   */
  match(raw: Buffer, start: number, end: number): { level: number; closing: boolean } | null {
    let to = end;
    while (to > start + 2 && isPadding(raw[to - 1])) to--;
    const line = raw.toString('latin1', start + 2, Math.min(to, start + 2 + this.longest + 3));
    const opening = this.levels.get(line)?.at(-1);
    if (opening !== undefined) return { level: opening, closing: false };
    if (line.endsWith('--')) {
      const level = this.levels.get(line.slice(0, -2))?.at(-1);
      if (level !== undefined) return { level, closing: true };
    }
    let best = '';
    for (const boundary of this.levels.keys()) if (boundary.length > best.length && line.startsWith(boundary)) best = boundary;
    const level = this.levels.get(best)?.at(-1);
    return level === undefined ? null : { level, closing: line.startsWith('--', best.length) };
  }
}

const isPadding = (byte: number | undefined): boolean => byte === 32 || byte === 9 || byte === 13 || byte === 10;
