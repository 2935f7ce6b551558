import { JoinedBytes } from '../../lib/mime/joined-bytes.ts';
import { headerEnd } from '../../lib/mime/read-header.ts';
import { hasLoneNewline } from '../../lib/mime/lone-newline.ts';
import type { DataLimits, MessageFault } from './data-reader.ts';

const LF = 10;
/** more than this many commands for one message are no mail any more */
const mostChunks = 20_000;

/** Takes the chunks of one message (RFC 3030). After the first fault nothing is kept any more; the octets still have to be read. */
export class ChunkReader {
  fault: MessageFault | null = null;
  readonly #limits: DataLimits;
  /** a client may send each octet as a chunk of its own */
  readonly #kept = new JoinedBytes();
  #bytes = 0;
  #chunks = 0;

  constructor(limits: DataLimits) {
    this.#limits = limits;
  }

  beginChunk(): void {
    if (++this.#chunks > mostChunks) this.#fail('too-many-chunks');
  }

  push(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#bytes > this.#limits.messageBytes) this.#fail('message-too-large');
    else if (!this.fault && !this.#limits.reserve(piece.length)) this.#fail('no-memory');
    if (!this.fault) this.#kept.push(piece);
  }

  giveUp(): void {
    this.#fail('no-memory');
  }

  /** The message, octet by octet as it came. `binary`: BODY=BINARYMIME, whose bodies have no lines; the header has them always. */
  content(binary: boolean): Buffer {
    const content = this.#kept.take();
    const lined = binary ? content.subarray(0, headerEnd(content)) : content;
    if (hasLongerLine(lined, this.#limits.lineBytes)) this.#fail('line-too-long');
    else if ((this.#limits.strictLineEnds || binary) && hasLoneNewline(lined)) this.#fail('bare-newline');
    return content;
  }

  #fail(fault: MessageFault): void {
    this.fault ??= fault;
    this.#kept.clear();
  }
}

function hasLongerLine(bytes: Buffer, lineBytes: number): boolean {
  for (let start = 0; ; ) {
    const lineFeed = bytes.indexOf(LF, start);
    const end = lineFeed < 0 ? bytes.length : lineFeed + 1;
    if (end - start > lineBytes) return true;
    if (lineFeed < 0) return false;
    start = end;
  }
}
