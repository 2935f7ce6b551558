import type { Entity } from './entity.ts';

/**
 * Sets `lines` (line ends in the body) of the given entities. Bodies lie apart or inside one another, so every byte is looked at once,
 * however deep messages are nested.
 */
export function countLines(raw: Buffer, entities: readonly Entity[]): void {
  const edges = new Set<number>();
  const depthChange = new Map<number, number>();
  for (const { bodyStart, bodyEnd } of entities) {
    edges.add(bodyStart).add(bodyEnd);
    depthChange.set(bodyStart, (depthChange.get(bodyStart) ?? 0) + 1);
    depthChange.set(bodyEnd, (depthChange.get(bodyEnd) ?? 0) - 1);
  }
  const before = new Map<number, number>();
  let count = 0;
  let depth = 0;
  let last = 0;
  for (const edge of [...edges].sort((a, b) => a - b)) {
    if (depth > 0) count += lineEnds(raw, last, edge);
    before.set(edge, count);
    depth += depthChange.get(edge) ?? 0;
    last = edge;
  }
  for (const entity of entities) entity.lines = (before.get(entity.bodyEnd) ?? 0) - (before.get(entity.bodyStart) ?? 0);
}

function lineEnds(raw: Buffer, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) if (raw[at] === 10) count++;
  return count;
}
