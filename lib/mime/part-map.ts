import type { Entity } from './entity.ts';
import type { MimeLimits } from './limits.ts';
import { storable } from './decode-charset.ts';
import { decodeParameter } from './decode-parameter.ts';
import { parameter, parseParameterised } from './parse-content-type.ts';
import { findField } from './parse-header.ts';

/** A part as the part map has it. Offsets and lengths are bytes of the whole message. The root is the message itself. */
export interface Part {
  /** the part's MIME header with its empty line; for the root and inside message/rfc822 the message's header */
  headerOffset: number;
  headerLength: number;
  bodyOffset: number;
  bodyLength: number;
  /** line ends in the body, for text and message/rfc822; else 0 */
  lines: number;
  /** lower case */
  type: string;
  subtype: string;
  /** as given, lower case; empty if none */
  charset: string;
  /** Content-Transfer-Encoding, lower case, "7bit" if none */
  encoding: string;
  /** decoded file name, empty if none */
  filename: string;
  /** lower case, "attachment" or "inline" mostly; empty if none */
  disposition: string;
  /** with its angle brackets, empty if none */
  contentId: string;
  /** parts of a multipart, otherwise empty */
  children: Part[];
  /** what is inside message/rfc822 */
  message: Part | null;
}

export interface Section {
  offset: number;
  length: number;
}

/** part: BODY[1.2]; mime: BODY[1.2.MIME]; header, text: BODY[1.2.HEADER], BODY[1.2.TEXT], and BODY[HEADER], BODY[TEXT] for an empty path. */
export type SectionKind = 'part' | 'mime' | 'header' | 'text';

/**
 * Where a section lies (RFC 9051 section 6.4.5), or null if the message has none of that number. Part 1 of a message that is no multipart
 * is its body; the parts of a message/rfc822 are those of the message inside it; HEADER and TEXT belong to messages only.
 */
export function findSection(map: Part, path: readonly number[], kind: SectionKind): Section | null {
  if (path.length === 0) {
    if (kind === 'mime') return null;
    if (kind === 'part') return { offset: map.headerOffset, length: map.headerLength + map.bodyLength };
    return kind === 'header' ? header(map) : body(map);
  }
  const part = findPart(map, path);
  if (part === null) return null;
  if (kind === 'part') return body(part);
  if (kind === 'mime') return header(part);
  if (part.message === null) return null;
  return kind === 'header' ? header(part.message) : body(part.message);
}

/** The part of that number, or null. */
export function findPart(map: Part, path: readonly number[]): Part | null {
  let message: Part | null = map;
  let part: Part | null = null;
  for (const number of path) {
    const parent: Part | null = part !== null && part.message === null ? part : message;
    if (parent === null) return null;
    if (parent.children.length > 0) part = parent.children[number - 1] ?? null;
    // the only part of a message that is no multipart; below a part that is no message there is nothing
    else part = parent === message && number === 1 ? message : null;
    if (part === null) return null;
    message = part.message;
  }
  return part;
}

/** Serialised form: JSON arrays in the order of `Part`, without what follows from the rest. */
type Row = [number, number, number, number, string, string, string, string, string, string, string, Row[], Row | null];

export function serialisePartMap(root: Entity, limits: MimeLimits): Buffer {
  return Buffer.from(JSON.stringify(toRow(root, limits)));
}

/** Reads what `serialisePartMap` wrote. */
export function parsePartMap(buffer: Buffer): Part {
  return fromRow(JSON.parse(buffer.toString()) as Row);
}

function toRow(entity: Entity, limits: MimeLimits): Row {
  const disposition = findField(entity.fields, 'content-disposition');
  const parsed = disposition === undefined ? null : parseParameterised(disposition, limits.parameters);
  return [
    entity.headerStart,
    entity.bodyStart - entity.headerStart,
    entity.bodyEnd - entity.bodyStart,
    entity.lines,
    entity.type,
    entity.subtype,
    storable((parameter(entity.parameters, 'charset') ?? '').toLowerCase()),
    entity.encoding,
    (parsed === null ? undefined : decodeParameter(parsed.parameters, 'filename')) ?? decodeParameter(entity.parameters, 'name') ?? '',
    parsed === null ? '' : storable(parsed.value.toLowerCase()) || 'attachment',
    storable(findField(entity.fields, 'content-id') ?? ''),
    entity.children.map((child) => toRow(child, limits)),
    entity.message === null ? null : toRow(entity.message, limits),
  ];
}

function fromRow(row: Row): Part {
  const [
    headerOffset,
    headerLength,
    bodyLength,
    lines,
    type,
    subtype,
    charset,
    encoding,
    filename,
    disposition,
    contentId,
    children,
    message,
  ] = row;
  return {
    headerOffset,
    headerLength,
    bodyOffset: headerOffset + headerLength,
    bodyLength,
    lines,
    type,
    subtype,
    charset,
    encoding,
    filename,
    disposition,
    contentId,
    children: children.map(fromRow),
    message: message === null ? null : fromRow(message),
  };
}

const header = (part: Part): Section => ({ offset: part.headerOffset, length: part.headerLength });
const body = (part: Part): Section => ({ offset: part.bodyOffset, length: part.bodyLength });
