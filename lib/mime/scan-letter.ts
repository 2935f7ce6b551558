import { decodeText } from './decode-text.ts';
import type { Entity } from './entity.ts';
import type { MimeLimits } from './limits.ts';
import { forgottenText } from './parse-header.ts';
import { scanEntities } from './scan-entity.ts';

/** A message whose entities were found; what its index and the spam filter both read is decoded once. */
export interface ScannedLetter {
  raw: Buffer;
  root: Entity;
  /** characters of a text part, from the first `bytes` of its body and what of it stands in the header */
  textOf(entity: Entity, bytes: number): string;
}

export function scanLetter(raw: Buffer, limits: MimeLimits): ScannedLetter {
  const texts = new Map<Entity, { bytes: number; text: string }>();
  const root = scanEntities(raw, limits);
  return {
    raw,
    root,
    textOf(entity, bytes) {
      const known = texts.get(entity);
      if (known?.bytes === bytes) return known.text;
      const body = raw.subarray(entity.bodyStart, entity.bodyStart + bytes);
      const forgotten = entity === root ? forgottenText(entity, entity.fields) : '';
      const text = decodeText(forgotten === '' ? body : Buffer.concat([Buffer.from(forgotten, 'latin1'), body]), entity);
      texts.set(entity, { bytes, text });
      return text;
    },
  };
}
