import type { HeaderField } from './parse-header.ts';
import type { Parameter } from './parse-content-type.ts';

/** A MIME entity (RFC 2045 section 2.4) as found in a message: offsets are bytes of the whole message, names are lower case. */
export interface Entity {
  headerStart: number;
  /** behind the empty line; also the end of the header */
  bodyStart: number;
  bodyEnd: number;
  fields: HeaderField[];
  type: string;
  subtype: string;
  parameters: Parameter[];
  /** Content-Transfer-Encoding in lower case, "7bit" if absent */
  encoding: string;
  /** parts of a multipart; a multipart always has at least one */
  children: Entity[];
  /** the message inside message/rfc822 or message/global */
  message: Entity | null;
  /** line ends in the body, counted for text and message/rfc822 only */
  lines: number;
}

export function isMultipart(entity: Entity): boolean {
  return entity.children.length > 0;
}
