import { parameter, parseContentType } from './parse-content-type.ts';
import { splitFields, unfold } from './read-header.ts';

/**
 * Where a header block that was not ended goes over into its own multipart: offset of the line that is its delimiter, or -1. Behind it stands the
 * header of the first part and nothing else: no field that a signature covers or that says something of the message is hidden by a line above it.
 */
export function ownDelimiter(block: string, most: { headerFields: number; parameters: number }): number {
  if (!block.includes('\n--')) return -1;
  const spans = splitFields(block, most.headerFields);
  const at = spans.findIndex(({ key, start }) => key === '' && block.startsWith('--', start));
  const line = spans[at];
  if (!line || spans.slice(at).some(({ key }) => key !== '' && !key.startsWith('content-'))) return -1;
  const field = spans.slice(0, at).findLast(({ key }) => key === 'content-type');
  if (!field) return -1;
  const { type, parameters } = parseContentType(unfold(block, field.valueStart, field.end), 'text/plain', most.parameters);
  const boundary = (parameter(parameters, 'boundary') ?? '').trimEnd();
  return type === 'multipart' && boundary !== '' && unfold(block, line.start, line.end) === `--${boundary}` ? line.start : -1;
}

/** The boundary that a body itself begins with, for a header that names none or one which does not occur; "" where it begins with none. */
export const firstBoundary = (raw: Buffer, bodyStart: number): string =>
  FIRST_DELIMITER.exec(raw.toString('latin1', bodyStart, bodyStart + 500))?.[1] ?? '';

/** A line that begins with two dashes, and a part's header behind it. */
const FIRST_DELIMITER = /^(?:\r?\n){0,5}--([^\r\n]{1,70}?)[ \t]{0,10}\r?\ncontent-[a-z-]{1,30}:/i;
