import { decodeText } from './decode-text.ts';
import type { Entity } from './entity.ts';
import type { MimeLimits } from './limits.ts';
import { scanEntities } from './scan-entity.ts';

/** A message whose entities were found; what its index and the spam filter both read is decoded once. */
export interface ScannedLetter {
  raw: Buffer;
  root: Entity;
  /** characters of a text part, from the first `bytes` of its body */
  textOf(entity: Entity, bytes: number): string;
}

export function scanLetter(raw: Buffer, limits: MimeLimits): ScannedLetter {
  const texts = new Map<Entity, { bytes: number; text: string }>();
  return {
    raw,
    root: scanEntities(raw, limits),
    textOf(entity, bytes) {
      const known = texts.get(entity);
      if (known?.bytes === bytes) return known.text;
      const text = decodeText(raw.subarray(entity.bodyStart, entity.bodyStart + bytes), entity);
      texts.set(entity, { bytes, text });
      return text;
    },
  };
}
