import type { Entity } from '../../../lib/mime/entity.ts';
import { DEFAULT_MIME_LIMITS, type MimeLimits } from '../../../lib/mime/limits.ts';
import { parseHeader } from '../../../lib/mime/parse-header.ts';
import { headerEnd } from '../../../lib/mime/read-header.ts';
import { scanEntities } from '../../../lib/mime/scan-entity.ts';
import { TooMuch } from '../script-error.ts';
import { Header } from './header.ts';

/** A letter as rules see it: read once, whatever asks. */
export class Letter {
  readonly raw: Buffer;
  /** octets, as it is stored */
  readonly size: number;
  readonly limits: MimeLimits;
  private readonly mostBytes: number;
  private entities: Entity | null = null;
  private own: Header | null = null;
  private readonly headers = new Map<Entity, Header>();
  private readonly texts = new Map<Entity, Map<string, string>>();

  /** @param mostBytes a larger letter has only its header looked at; who asks for more gets TooMuch */
  constructor(raw: Buffer, limits: MimeLimits = DEFAULT_MIME_LIMITS, mostBytes = Number.POSITIVE_INFINITY) {
    this.raw = raw;
    this.size = raw.length;
    this.mostBytes = mostBytes;
    this.limits = limits;
  }

  get root(): Entity {
    if (this.raw.length > this.mostBytes) throw new TooMuch();
    this.entities ??= scanEntities(this.raw, this.limits);
    return this.entities;
  }

  /** Header of the letter itself as it came; the rest of the letter is not looked at for it. */
  get header(): Header {
    if (this.own !== null) return this.own;
    const end = headerEnd(this.raw);
    const block = this.raw.toString('latin1', 0, Math.min(end, this.limits.headerBytes));
    this.own = Header.of(parseHeader(block, this.limits.headerFields), () => block);
    return this.own;
  }

  /** Header of a part as it came; that of the letter itself may be edited in a run (see Run.header). */
  headerOf(entity: Entity): Header {
    if (entity === this.entities) return this.header;
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
function childrenOf(entity: Entity): readonly Entity[] {
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
