import { bodyCharset } from './body-charset.ts';
import { decodeParameter } from './decode-parameter.ts';
import { type Entity, isMultipart } from './entity.ts';
import { type Parameter, parseParameterised } from './parse-content-type.ts';
import { findField } from './parse-header.ts';

/** A part of a letter as a reader needs it, from a scanned message or from BODYSTRUCTURE. Parameters hold one byte a character. */
export interface LetterPart {
  /** IMAP section number inside its message (RFC 9051 section 6.4.5), "1" for the body of a message without parts; "" for a multipart message */
  section: string;
  /** lower case */
  type: string;
  subtype: string;
  parameters: readonly Parameter[];
  /** lower case */
  encoding: string;
  /** without angle brackets */
  contentId: string;
  location: string;
  /** lower case, empty if none */
  disposition: string;
  dispositionParameters: readonly Parameter[];
  /** bytes as they stand in the message, encoded */
  sizeBytes: number;
  children: readonly LetterPart[];
  /** subject of the letter inside message/rfc822, as it stands there; else empty */
  innerSubject: string;
  /** charset of the letter's text, which raw bytes in its names are in too */
  textCharset?: string | undefined;
}

export function toLetterPart(
  entity: Entity,
  maxParameters: number,
  path: readonly number[] = [],
  textCharset = bodyCharset(entity),
): LetterPart {
  const field = findField(entity.fields, 'content-disposition');
  const disposition = field === undefined ? null : parseParameterised(field, maxParameters);
  const multipart = isMultipart(entity);
  return {
    section: path.length > 0 ? path.join('.') : multipart ? '' : '1',
    type: entity.type,
    subtype: entity.subtype,
    parameters: entity.parameters,
    encoding: entity.encoding,
    contentId: bareId(findField(entity.fields, 'content-id')),
    location: findField(entity.fields, 'content-location') ?? '',
    disposition: disposition === null ? '' : disposition.value.toLowerCase() || 'attachment',
    dispositionParameters: disposition?.parameters ?? [],
    sizeBytes: entity.bodyEnd - entity.bodyStart,
    children: entity.children.map((child, at) => toLetterPart(child, maxParameters, [...path, at + 1], textCharset)),
    textCharset,
    innerSubject: entity.message === null ? '' : (findField(entity.message.fields, 'subject') ?? ''),
  };
}

/** The entity of a section number below a message, or null. Letters inside letters are not entered: they are messages of their own. */
export function findEntity(root: Entity, section: string): Entity | null {
  if (!isMultipart(root)) return section === '1' ? root : null;
  let entity: Entity | undefined = root;
  for (const number of section.split('.')) entity = entity?.children[Number(number) - 1];
  return entity ?? null;
}

export function findLetterPart(root: LetterPart, section: string): LetterPart | null {
  if (root.section === section) return root;
  for (const child of root.children) {
    const found = child.section === section || section.startsWith(`${child.section}.`) ? findLetterPart(child, section) : null;
    if (found) return found;
  }
  return null;
}

/** Everything in it that has a content of its own. */
export const leavesOf = (part: LetterPart): LetterPart[] => (part.type === 'multipart' ? part.children.flatMap(leavesOf) : [part]);

export const bareId = (field: string | undefined): string => (field ?? '').trim().replace(/^<|>$/g, '').trim();

/** File name as the sender gave it, decoded; empty if none. */
export const givenName = (part: LetterPart): string =>
  decodeParameter(part.dispositionParameters, 'filename', part.textCharset) ??
  decodeParameter(part.parameters, 'name', part.textCharset) ??
  '';
