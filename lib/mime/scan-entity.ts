import type { Entity } from './entity.ts';
import type { MimeLimits } from './limits.ts';
import { type HeaderField, findField, parseHeader } from './parse-header.ts';
import { firstBoundary, ownDelimiter } from './own-delimiter.ts';
import { parameter, parseContentType, removeComments } from './parse-content-type.ts';
import { DelimiterSet } from './delimiter-set.ts';
import { countLines } from './count-lines.ts';
import { wordTable } from './word-table.ts';

/** A multipart whose parts are being read, or the message of a message/rfc822: what is open when a delimiter line comes. */
interface Open {
  entity: Entity;
  /** multipart only */
  boundary: string | null;
}

/**
 * Finds all entities of a message in one pass over its bytes (RFC 2046 section 5.1), without recursion and in linear time. Both CRLF
 * and bare LF end a line. The rules for broken input:
 * - A delimiter of an outer multipart ends all inner ones; the end of the message ends everything.
 * - A delimiter inside a part's header ends the header; the body is empty then.
 * - A multipart whose own delimiter stands in its header, since the empty line was forgotten or holds a blank, begins there.
 * - A multipart whose header names no boundary has the one that its body begins with, if that looks like one; so has a letter that names one
 *   which does not occur.
 * - A multipart without a boundary or without any delimiter has its whole body as one text/plain part, so that it can be read.
 * - Beyond `limits.parts` the rest of the message is one application/octet-stream part; beyond `limits.depth` a multipart or message is one.
 */
export function scanEntities(raw: Buffer, limits: MimeLimits): Entity {
  return new Scan(raw, limits).run();
}

class Scan {
  private readonly raw: Buffer;
  private readonly limits: MimeLimits;
  private readonly delimiters = new DelimiterSet();
  private readonly open: Open[] = [];
  private readonly counted: Entity[] = [];
  private parts = 0;

  constructor(raw: Buffer, limits: MimeLimits) {
    this.raw = raw;
    this.limits = limits;
  }

  run(): Entity {
    const root = this.enter(0, 'text/plain');
    let from = this.descend(root);
    for (let found = this.nextDelimiter(from); found !== null; found = this.nextDelimiter(from)) {
      this.close(found.level + 1, this.bodyEndBefore(found.start));
      from = found.end;
      const multipart = this.open[found.level];
      if (multipart === undefined) break;
      if (found.closing) {
        this.delimiters.remove(found.level);
        continue;
      }
      const part = this.enter(from, multipart.entity.subtype === 'digest' ? 'message/rfc822' : 'text/plain');
      multipart.entity.children.push(part);
      from = this.descend(part);
    }
    this.close(0, this.raw.length);
    countLines(this.raw, this.counted);
    return root;
  }

  /** Reads the header at `start`; everything about the entity is known then but its end. */
  private enter(start: number, fallback: 'text/plain' | 'message/rfc822'): Entity {
    this.parts++;
    if (this.parts > this.limits.parts) {
      this.delimiters.clear();
      return newEntity(start, start, [], 'application', 'octet-stream');
    }
    const end = this.headerEnd(start);
    const block = this.raw.toString('latin1', start, Math.min(end, start + this.limits.headerBytes));
    const delimiter = ownDelimiter(block, this.limits);
    const bodyStart = delimiter < 0 ? end : start + delimiter;
    const fields = parseHeader(delimiter < 0 ? block : block.slice(0, delimiter), this.limits.headerFields);
    const { type, subtype, parameters } = parseContentType(findField(fields, 'content-type'), fallback, this.limits.parameters);
    const entity = newEntity(start, bodyStart, fields, type, subtype);
    entity.parameters = parameters;
    entity.encoding = transferEncoding(findField(fields, 'content-transfer-encoding'));
    return entity;
  }

  /** Opens the entity and, while it is a message, what is inside it. Returns where to look for the next delimiter. */
  private descend(first: Entity): number {
    let entity = first;
    for (;;) {
      if (entity.type === 'text') this.counted.push(entity);
      const boundary = entity.type === 'multipart' ? this.boundaryOf(entity) : null;
      const container = boundary !== null || isMessage(entity);
      if (container && this.open.length >= this.limits.depth) {
        entity.type = 'application';
        entity.subtype = 'octet-stream';
        entity.parameters = [];
        this.open.push({ entity, boundary: null });
        return entity.bodyStart;
      }
      this.open.push({ entity, boundary });
      if (boundary) this.delimiters.add(boundary, this.open.length - 1);
      if (!isMessage(entity)) return entity.bodyStart;
      this.counted.push(entity);
      entity.message = this.enter(entity.bodyStart, 'text/plain');
      entity = entity.message;
    }
  }

  private boundaryOf({ parameters, bodyStart }: Entity): string {
    const named = (parameter(parameters, 'boundary') ?? '').trimEnd();
    // looked for once, since that reads the whole letter
    if (named && (this.open.length > 0 || this.raw.includes(`--${named}`, bodyStart, 'latin1'))) return named;
    const first = firstBoundary(this.raw, bodyStart);
    // that of an outer multipart ends this one, which is empty
    return this.open.some(({ boundary }) => boundary === first) ? '' : first || named;
  }

  /** Ends all that is open from `level` on. A multipart that got no part gets one here. What is inside never ends behind what it is in. */
  private close(level: number, end: number): void {
    let bodyEnd = end;
    for (let i = this.open.length - 1; i >= level; i--) {
      const closing = this.open.pop();
      if (closing === undefined) return;
      const { entity, boundary } = closing;
      bodyEnd = Math.max(bodyEnd, entity.bodyStart);
      entity.bodyEnd = bodyEnd;
      if (boundary === null) continue;
      this.delimiters.remove(i);
      if (entity.children.length > 0) continue;
      const whole = newEntity(entity.bodyStart, entity.bodyStart, [], 'text', 'plain');
      whole.bodyEnd = entity.bodyEnd;
      whole.encoding = entity.encoding;
      entity.children.push(whole);
      this.counted.push(whole);
    }
  }

  private nextDelimiter(from: number): { level: number; closing: boolean; start: number; end: number } | null {
    if (this.delimiters.empty) return null;
    const { raw } = this;
    let start = raw[from] === 45 && raw[from + 1] === 45 ? from : lineOfDashes(raw, from);
    while (start >= 0) {
      const newline = raw.indexOf(10, start);
      const end = newline < 0 ? raw.length : newline + 1;
      const match = this.delimiters.match(raw, start, end);
      if (match !== null) return { ...match, start, end };
      start = lineOfDashes(raw, end - 1);
    }
    return null;
  }

  /** End of the header block that starts at `start`: behind its empty line, at a delimiter, or the end of the message. */
  private headerEnd(start: number): number {
    const { raw } = this;
    let at = start;
    while (at < raw.length) {
      const first = raw[at];
      if (first === 10) return at + 1;
      if (first === 13 && raw[at + 1] === 10) return at + 2;
      const newline = raw.indexOf(10, at);
      const end = newline < 0 ? raw.length : newline + 1;
      if (first === 45 && raw[at + 1] === 45 && this.delimiters.match(raw, at, end) !== null) return at;
      at = end;
    }
    return raw.length;
  }

  /** The line end before a delimiter belongs to the delimiter. */
  private bodyEndBefore(delimiter: number): number {
    if (delimiter === 0 || this.raw[delimiter - 1] !== 10) return delimiter;
    return delimiter >= 2 && this.raw[delimiter - 2] === 13 ? delimiter - 2 : delimiter - 1;
  }
}

function newEntity(headerStart: number, bodyStart: number, fields: HeaderField[], type: string, subtype: string): Entity {
  return {
    headerStart,
    bodyStart,
    bodyEnd: bodyStart,
    fields,
    type,
    subtype,
    parameters: [],
    encoding: '7bit',
    children: [],
    message: null,
    lines: 0,
  };
}

/** message/rfc822 and its UTF-8 sibling (RFC 6532): both have envelope and structure of their own (RFC 9051 media-message). */
function isMessage(entity: Entity): boolean {
  return entity.type === 'message' && (entity.subtype === 'rfc822' || entity.subtype === 'global');
}

function transferEncoding(field: string | undefined): string {
  if (field === undefined) return '7bit';
  const text = field.includes('(') ? removeComments(field) : field;
  // seen: `8bit;`, `"7bit"`, `quoted printable`
  if (/^[\s"]*quoted[-_ ]?printable/i.test(text)) return 'quoted-printable';
  const token = (/^[\s"]*([!#-:<-~]*)/.exec(text)?.[1] ?? '').toLowerCase();
  return ENCODINGS.get(token) ?? (token || '7bit');
}

/** other names that programs gave to an encoding */
const ENCODINGS = wordTable<string>({
  'base-64': 'base64',
  b: 'base64',
  q: 'quoted-printable',
  uuencode: 'x-uuencode',
  'x-uue': 'x-uuencode',
  uue: 'x-uuencode',
});

const LINE_OF_DASHES = Buffer.from('\n--');
function lineOfDashes(raw: Buffer, from: number): number {
  const found = raw.indexOf(LINE_OF_DASHES, from);
  return found < 0 ? -1 : found + 1;
}
