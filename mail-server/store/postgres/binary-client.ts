// pg 8.23 with real binary results. Its own `binary: true` decodes every field as UTF-8 first, which corrupts bytea; text mode is
// half as fast and hex-encodes bytea. The parser hook reaches into pg-protocol: versions are pinned and tests/unit/binary-client.test.ts
// sends all 256 byte values there and back.
import pg from 'pg';
import Connection from 'pg/lib/connection.js';
import ConnectionParameters from 'pg/lib/connection-parameters.js';
import { Parser } from 'pg-protocol/dist/parser.js';
import { BinaryQuery, type QueryWire, type Shape } from './binary-query.ts';
import type { Row, Statement } from './statement.ts';

const DATA_ROW = 68;

class BinaryParser extends Parser {
  override handlePacket(offset: number, code: number, length: number, bytes: Buffer): unknown {
    if (code !== DATA_ROW) return super.handlePacket(offset, code, length, bytes);
    return { name: 'dataRow', length, bytes, at: offset };
  }
}

class BinaryConnection extends Connection implements QueryWire {
  readonly shapes = new Map<string, Shape>();

  attachListeners(stream: NodeJS.ReadableStream): void {
    const parser = new BinaryParser();
    stream.on('data', (chunk: Buffer) =>
      parser.parse(chunk, (message: { name: string }) => {
        if (this._emitMessage) this.emit('message', message);
        this.emit(message.name === 'error' ? 'errorMessage' : message.name, message);
      }),
    );
  }

  send(message: Buffer): void {
    if (this.stream.writable) this.stream.write(message);
  }
}

/** A pg client that pipelines and carries every value in binary. Unknown result types throw, so nothing is ever misread. */
export class BinaryClient extends pg.Client {
  readonly #wire: BinaryConnection;

  constructor(config: pg.ClientConfig) {
    // TLS may be asked for in the address of the database (sslmode): the client reads it, and tells only a connection that it makes itself
    const { ssl, sslnegotiation } = new ConnectionParameters(config);
    const connection = new BinaryConnection({ keepAlive: true, ssl, sslNegotiation: sslnegotiation });
    super({ ...config, connection, pipeline: true } as pg.ClientConfig);
    this.#wire = connection;
  }

  /** The only way to ask it: `query` of pg cannot read what the parser of this connection gives. */
  run(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.query(new BinaryQuery(this.#wire, statement, values, resolve, reject));
    });
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
  return binaryArray(20, 8, values.length, (buffer, at, index) => writeInt8(buffer, at, values[index] ?? 0));
}

/** What a number holds exactly takes no way through a bigint, which is six times as long: the filter asks for hundreds of words. */
function writeInt8(buffer: Buffer, at: number, value: number | bigint): void {
  if (!Number.isSafeInteger(value)) {
    buffer.writeBigInt64BE(BigInt(value), at);
    return;
  }
  const exact = Number(value);
  buffer.writeInt32BE(Math.floor(exact / 2 ** 32), at);
  buffer.writeUInt32BE(exact >>> 0, at + 4);
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
