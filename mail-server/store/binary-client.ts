// pg 8.23 with real binary results. Its own `binary: true` decodes every field as UTF-8 first, which corrupts bytea; text mode is
// half as fast and hex-encodes bytea. The parser hook reaches into pg-protocol: versions are pinned and tests/unit/binary-client.test.ts
// sends all 256 byte values there and back.
import pg from 'pg';
import Connection from 'pg/lib/connection.js';
import { Parser } from 'pg-protocol/dist/parser.js';

const DATA_ROW = 68;

class BinaryParser extends Parser {
  override handlePacket(offset: number, code: number, length: number, bytes: Buffer): unknown {
    if (code !== DATA_ROW) return super.handlePacket(offset, code, length, bytes);
    const count = bytes.readInt16BE(offset);
    const fields = new Array<Buffer | null>(count);
    let position = offset + 2;
    for (let index = 0; index < count; index++) {
      const size = bytes.readInt32BE(position);
      position += 4;
      if (size === -1) {
        fields[index] = null;
        continue;
      }
      // a copy: the parser moves data inside its receive buffer, a view would be overwritten
      fields[index] = Buffer.from(bytes.subarray(position, position + size));
      position += size;
    }
    return { name: 'dataRow', length, fieldCount: count, fields };
  }
}

class BinaryConnection extends Connection {
  attachListeners(stream: NodeJS.ReadableStream): void {
    const parser = new BinaryParser();
    stream.on('data', (chunk: Buffer) =>
      parser.parse(chunk, (message: { name: string }) => {
        if (this._emitMessage) this.emit('message', message);
        this.emit(message.name === 'error' ? 'errorMessage' : message.name, message);
      }),
    );
  }
}

const int8 = (field: Buffer): number => Number(field.readBigInt64BE());
const array =
  (read: (field: Buffer, at: number) => number, width: number) =>
  (field: Buffer): number[] => {
    const count = field.readInt32BE(0) === 0 ? 0 : field.readInt32BE(12);
    return Array.from({ length: count }, (_, index) => read(field, 24 + index * (4 + width)));
  };
const millisecondsTo2000 = 946_684_800_000;

const parsers = new Map<number, (field: Buffer) => unknown>([
  [16, (field) => field[0] === 1],
  [17, (field) => field],
  [20, int8],
  [21, (field) => field.readInt16BE()],
  [23, (field) => field.readInt32BE()],
  [25, (field) => field.toString()],
  [1043, (field) => field.toString()],
  [2278, () => null],
  [1184, (field) => new Date(Number(field.readBigInt64BE() / 1000n) + millisecondsTo2000)],
  [1007, array((field, at) => field.readInt32BE(at), 4)],
  [1016, array((field, at) => Number(field.readBigInt64BE(at)), 8)],
]);

const types = {
  getTypeParser: (oid: number) =>
    parsers.get(oid) ??
    (() => {
      throw new Error(`no binary parser for type oid ${oid}: cast it in the statement`);
    }),
};

/** A pg client that pipelines and carries every value in binary. Unknown result types throw, so nothing is ever misread. */
export class BinaryClient extends pg.Client {
  constructor(config: pg.ClientConfig) {
    super({
      ...config,
      connection: new BinaryConnection({ keepAlive: true, ssl: config.ssl }),
      binary: true,
      pipeline: true,
      types,
    } as pg.ClientConfig);
  }

  /** The server process of this connection, once it is open. */
  get processId(): number | null {
    return 'processID' in this && typeof this.processID === 'number' ? this.processID : null;
  }

  /** Ends the connection without a word to the server; what waits for an answer fails. */
  destroy(): void {
    this.connection.stream.destroy();
  }
}

/** An int4[] parameter in binary form: JS arrays would travel as text. */
export function int4Array(values: readonly number[]): Buffer {
  return binaryArray(23, 4, values.length, (buffer, at, index) => buffer.writeInt32BE(values[index] ?? 0, at));
}

/** An int8[] parameter in binary form. */
export function int8Array(values: readonly (number | bigint)[]): Buffer {
  return binaryArray(20, 8, values.length, (buffer, at, index) => buffer.writeBigInt64BE(BigInt(values[index] ?? 0), at));
}

function binaryArray(oid: number, width: number, count: number, write: (buffer: Buffer, at: number, index: number) => void): Buffer {
  if (count === 0) {
    const empty = Buffer.alloc(12);
    empty.writeInt32BE(oid, 8);
    return empty;
  }
  const buffer = Buffer.allocUnsafe(20 + count * (4 + width));
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(0, 4);
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(count, 12);
  buffer.writeInt32BE(1, 16);
  for (let index = 0; index < count; index++) {
    buffer.writeInt32BE(width, 20 + index * (4 + width));
    write(buffer, 24 + index * (4 + width), index);
  }
  return buffer;
}
