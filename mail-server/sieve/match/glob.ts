import { findSegment, type Segment, makeSegment, matchesAt } from './segment.ts';

/** Pattern of `:matches` (RFC 5228 section 2.7.1), cut at its stars. */
export interface Glob {
  /** at least one; the first must stand at the start and the last at the end */
  segments: readonly Segment[];
}

/** `fold` is that of the comparator; wildcards are none of its business. */
export function compileGlob(pattern: string, fold: (text: string) => string): Glob {
  const segments: Segment[] = [];
  let chars: (string | null)[] = [];
  let escaped = false;
  for (const char of pattern) {
    if (escaped) {
      chars.push(char);
      escaped = false;
    } else if (char === '\\') escaped = true;
    else if (char === '*') {
      segments.push(makeSegment(chars, fold));
      chars = [];
    } else chars.push(char === '?' ? null : char);
  }
  if (escaped) chars.push('\\');
  segments.push(makeSegment(chars, fold));
  return { segments };
}

/** A value as it is compared: one character a place. */
export type Subject = string | readonly string[];

/**
 * Where each wildcard matched, in order, or null if the pattern does not match. Every star takes as little as it can, the first ones
 * before the later ones: each segment is found at its first place behind the one before. So no star is ever tried twice.
 */
export function matchGlob({ segments }: Glob, text: Subject): [start: number, end: number][] | null {
  const [first] = segments;
  const last = segments.at(-1);
  if (first === undefined || last === undefined || first.length > text.length || !matchesAt(first, text, 0)) return null;
  const values: [number, number][] = first.wildcards.map((offset) => [offset, offset + 1]);
  if (segments.length === 1) return first.length === text.length ? values : null;
  let at = first.length;
  for (const segment of segments.slice(1, -1)) {
    const found = findSegment(segment, text, at);
    if (found < 0) return null;
    values.push([at, found]);
    for (const offset of segment.wildcards) values.push([found + offset, found + offset + 1]);
    at = found + segment.length;
  }
  const start = text.length - last.length;
  if (start < at || !matchesAt(last, text, start)) return null;
  values.push([at, start]);
  for (const offset of last.wildcards) values.push([start + offset, start + offset + 1]);
  return values;
}
