import type { Entity } from '../../../lib/mime/entity.ts';
import { DEFAULT_MIME_LIMITS, type MimeLimits } from '../../../lib/mime/limits.ts';
import { scanEntities } from '../../../lib/mime/scan-entity.ts';
import { Header } from './header.ts';

/** A letter as rules see it: read once, whatever asks. */
export class Letter {
  readonly raw: Buffer;
  /** octets, as it is stored */
  readonly size: number;
  readonly limits: MimeLimits;
  private entities: Entity | null = null;
  private readonly headers = new Map<Entity, Header>();
  private readonly texts = new Map<Entity, Map<string, string>>();

  constructor(raw: Buffer, limits: MimeLimits = DEFAULT_MIME_LIMITS) {
    this.raw = raw;
    this.size = raw.length;
    this.limits = limits;
  }

  get root(): Entity {
    this.entities ??= scanEntities(this.raw, this.limits);
    return this.entities;
  }

  /** Header of a part as it came; that of the letter itself may be edited in a run (see Run.header). */
  headerOf(entity: Entity): Header {
    const known = this.headers.get(entity);
    if (known) return known;
    const header = Header.of(entity.fields, () => this.raw.toString('latin1', entity.headerStart, entity.bodyStart));
    this.headers.set(entity, header);
    return header;
  }

  /** A text of a part, made once however many rules look at it. */
  text(entity: Entity, kind: 'decoded' | 'readable' | 'raw', make: () => string): string {
    const known = this.texts.get(entity) ?? new Map<string, string>();
    this.texts.set(entity, known);
    const text = known.get(kind) ?? make();
    known.set(kind, text);
    return text;
  }

  body(entity: Entity): Buffer {
    return this.raw.subarray(entity.bodyStart, entity.bodyEnd);
  }
}

/** Parts inside an entity: of a multipart its parts, of a message/rfc822 the message. */
export function childrenOf(entity: Entity): readonly Entity[] {
  return entity.message === null ? entity.children : [entity.message];
}

/** The entity and all inside it, depth first. */
export function* withDescendants(entity: Entity): Generator<Entity> {
  const waiting: Entity[] = [entity];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    for (const child of childrenOf(next).toReversed()) waiting.push(child);
  }
}
