export interface HeaderField {
  /** lower case; "" for a line that is no header field */
  name: string;
  /** offsets in the message; `end` lies behind the line end of the last folded line */
  start: number;
  end: number;
}

const LF = 10;
const CR = 13;
const mostFields = 10_000;
const mostHeaderBytes = 4 * 1024 * 1024;

/** The fields of a message's header in their order, with folded lines, up to the empty line. Bytes are only looked at, never changed. */
export function headerFields(message: Buffer): { fields: HeaderField[]; headerEnd: number } {
  const fields: HeaderField[] = [];
  let position = 0;
  while (position < message.length && fields.length < mostFields) {
    const lineFeed = message.indexOf(LF, position);
    const end = lineFeed < 0 ? message.length : lineFeed + 1;
    const first = message[position];
    if (first === LF || (first === CR && end === position + 2)) return { fields, headerEnd: position };
    const last = fields.at(-1);
    if ((first === 0x20 || first === 0x09) && last) last.end = end;
    else fields.push({ name: nameAt(message, position, end), start: position, end });
    position = end;
  }
  return { fields, headerEnd: position };
}

/**
 * True for a header that no mail program writes. Such mail is refused: a field behind the last one that is looked at would pass every
 * check (of the author, of blind copies, of results forged in our name) and still be shown.
 */
export function isExcessiveHeader(message: Buffer): boolean {
  const { fields, headerEnd } = headerFields(message);
  return fields.length >= mostFields || headerEnd > mostHeaderBytes;
}

function nameAt(message: Buffer, start: number, end: number): string {
  const colon = message.subarray(start, Math.min(end, start + 1000)).indexOf(0x3a);
  return colon < 1
    ? ''
    : message
        .toString('latin1', start, start + colon)
        .trimEnd()
        .toLowerCase();
}

/** The unfolded value of a field. */
export function fieldValue(message: Buffer, field: HeaderField): string {
  const line = message.toString('utf8', field.start, field.end);
  return line
    .slice(line.indexOf(':') + 1)
    .replace(/\r?\n(?=[ \t])/g, '')
    .trim();
}

/** The message without these fields, every other byte as it was. */
export function withoutFields(message: Buffer, fields: readonly HeaderField[]): Buffer {
  if (fields.length === 0) return message;
  const pieces: Buffer[] = [];
  let position = 0;
  for (const field of fields) {
    pieces.push(message.subarray(position, field.start));
    position = field.end;
  }
  pieces.push(message.subarray(position));
  return Buffer.concat(pieces);
}
