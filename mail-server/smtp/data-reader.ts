import { JoinedBytes } from '../../lib/mime/joined-bytes.ts';

export type MessageFault = 'message-too-large' | 'line-too-long' | 'bare-newline' | 'no-memory' | 'too-many-chunks';

export interface DataLimits {
  messageBytes: number;
  lineBytes: number;
  /** refuse CR or LF that stand alone; without it they are kept as they came */
  strictLineEnds: boolean;
  /** the client ends its commands with LF alone: a dot between two of them ends the message too */
  bareEnd?: boolean;
  /** asked before bytes are kept; false when the process holds too much already */
  reserve(bytes: number): boolean;
}

const CR = 13;
const LF = 10;
const DOT = 46;
/** dot, CR, LF */
const END_BYTES = 3;
/** a line so many times longer than allowed is no mail any more, and its end is not waited for */
const FLOOD_LINES = 8;

/**
 * Takes the bytes behind DATA and finds their end, which is CRLF "." CRLF and nothing else: a lone CR or LF beside the dot ends
 * nothing (SMTP smuggling), but for who ended the command DATA so (`bareEnd`). Dots doubled by the client (RFC 5321 section 4.5.2) are halved again, but only behind a CRLF.
 *
 * After the first fault nothing is kept any more, only the end is looked for, so memory stays bounded whatever comes.
 * Lines that lie whole in a chunk are kept in runs, not one by one (but doubled dots, which part them); the unfinished line at the end of a
 * chunk waits in `carry`.
 */
export class DataReader {
  fault: MessageFault | null = null;
  /** bytes of the message so far, also of those that were not kept */
  bytes = 0;
  #limits: DataLimits;
  readonly #kept = new JoinedBytes();
  #carry: Buffer[] = [];
  #carryBytes = 0;
  /** bytes of the unfinished line that were thrown away */
  #lost = 0;
  /** what was before the present line ended with CRLF */
  #atLineStart = true;

  constructor(limits: DataLimits) {
    this.#limits = limits;
  }

  /** True in the middle of a line that seems to have no end. */
  get flooded(): boolean {
    return this.#lost > FLOOD_LINES * this.#limits.lineBytes;
  }

  /** Returns what follows the end of the message, or null if the end has not come yet. */
  push(chunk: Buffer): Buffer | null {
    let rest = chunk;
    if (this.#carryBytes > 0) {
      const lineFeed = chunk.indexOf(LF);
      if (lineFeed < 0) {
        this.#keepCarry(chunk);
        return null;
      }
      const line = Buffer.concat([...this.#carry, chunk.subarray(0, lineFeed + 1)]);
      this.#carry = [];
      this.#carryBytes = 0;
      this.#lost = 0;
      rest = chunk.subarray(lineFeed + 1);
      if (this.#scan(line) >= 0) return rest;
    }
    const end = this.#scan(rest);
    return end < 0 ? null : rest.subarray(end);
  }

  /** Lets go of what was kept; the end is still looked for. */
  giveUp(): void {
    this.#fail('no-memory');
  }

  /** The message, once push has found its end. */
  content(): Buffer {
    return this.#kept.take();
  }

  /** Consumes the whole lines of a chunk and carries the rest. Returns the offset behind the end of the message, or -1. */
  #scan(chunk: Buffer): number {
    let position = 0;
    let kept = 0;
    for (;;) {
      const lineFeed = nextLineFeed(chunk, position);
      if (lineFeed < 0) break;
      const endsWithCrLf = lineFeed > position && chunk[lineFeed - 1] === CR;
      if (this.#limits.bareEnd && chunk[position] === DOT && lineFeed === position + 1) {
        this.#keep(chunk, kept, position);
        return lineFeed + 1;
      }
      if (this.#atLineStart && chunk[position] === DOT) {
        if (endsWithCrLf && lineFeed === position + 2) {
          this.#keep(chunk, kept, position);
          return lineFeed + 1;
        }
        this.#keep(chunk, kept, position);
        kept = position + 1;
      }
      if (lineFeed + 1 - position > this.#limits.lineBytes) this.#fail('line-too-long');
      if (this.#limits.strictLineEnds && !this.fault && (!endsWithCrLf || hasReturn(chunk, position, lineFeed - 1))) {
        this.#fail('bare-newline');
      }
      this.#atLineStart = endsWithCrLf;
      position = lineFeed + 1;
    }
    this.#keep(chunk, kept, position);
    if (position < chunk.length) this.#keepCarry(chunk.subarray(position));
    return -1;
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    if (end <= start) return;
    this.bytes += end - start;
    if (this.bytes > this.#limits.messageBytes) this.#fail('message-too-large');
    else if (!this.fault && !this.#limits.reserve(end - start)) this.#fail('no-memory');
    if (this.fault) return;
    this.#kept.push(chunk, start, end);
  }

  /**
   * Of a line too long, and after a fault of any line, the last byte is enough: it shows whether the line ends with CRLF, and a line of
   * more than three bytes is not the end. (Pieces that waited here would outlive the young generation, and a flood would grow the heap.)
   */
  #keepCarry(piece: Buffer): void {
    const length = this.#carryBytes + piece.length;
    if (length > this.#limits.lineBytes || (this.fault && length > END_BYTES)) {
      this.bytes += length - 1;
      this.#lost += piece.length;
      if (length > this.#limits.lineBytes) this.#fail('line-too-long');
      const filler = Buffer.from([0x78, 0x78, 0x78, piece.at(-1) ?? 0x78]);
      this.#carry = [filler];
      this.#carryBytes = filler.length;
      return;
    }
    this.#carry.push(piece);
    this.#carryBytes += piece.length;
  }

  #fail(fault: MessageFault): void {
    this.fault ??= fault;
    this.#kept.clear();
  }
}

/** a call for each of many short lines costs more than looking at their bytes */
const shortLine = 24;

function nextLineFeed(chunk: Buffer, from: number): number {
  const near = Math.min(chunk.length, from + shortLine);
  for (let at = from; at < near; at++) if (chunk[at] === LF) return at;
  return near < chunk.length ? chunk.indexOf(LF, near) : -1;
}

/** Whether a CR stands before `end`, where one does. */
function hasReturn(chunk: Buffer, from: number, end: number): boolean {
  if (end - from > shortLine) return chunk.indexOf(CR, from) !== end;
  for (let at = from; at < end; at++) if (chunk[at] === CR) return true;
  return false;
}
