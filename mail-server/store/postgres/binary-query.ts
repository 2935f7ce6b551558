import { serialize } from 'pg-protocol';
import { prepareValue } from 'pg/lib/utils.js';
import type { Row, Statement } from './statement.ts';

type Decode = (bytes: Buffer, at: number, size: number) => unknown;

const int2: Decode = (bytes, at) => bytes.readInt16BE(at);
const int4: Decode = (bytes, at) => bytes.readInt32BE(at);
const int8 = (bytes: Buffer, at: number): number => bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
const text: Decode = (bytes, at, size) => bytes.toString('utf8', at, at + size);
const array =
  (read: Decode, width: number): Decode =>
  (bytes, at, size) => {
    const count = bytes.readInt32BE(at) === 0 ? 0 : bytes.readInt32BE(at + 12);
    if (size !== (count === 0 ? 12 : 20 + count * (4 + width))) throw new TypeError('an array with NULL in it, or of arrays, is not read');
    return Array.from({ length: count }, (_, index) => read(bytes, at + 24 + index * (4 + width), width));
  };
const millisecondsTo2000 = 946_684_800_000;

const decoders = new Map<number, Decode>([
  [16, (bytes, at) => bytes[at] === 1],
  // a copy: the parser moves data inside its receive buffer, a view would be overwritten
  [17, (bytes, at, size) => Buffer.from(bytes.subarray(at, at + size))],
  [20, int8],
  [21, int2],
  [23, int4],
  [25, text],
  [1043, text],
  [2278, () => null],
  [1184, (bytes, at) => new Date(Number(bytes.readBigInt64BE(at) / 1000n) + millisecondsTo2000)],
  [1007, array(int4, 4)],
  [1016, array(int8, 8)],
]);

/** What the rows of a statement look like on a connection: it is asked with the plan, once, since Postgres refuses a plan whose rows have changed. */
export type Shape = readonly Decode[];

/** The connection that a query goes over. */
export interface QueryWire {
  readonly shapes: Map<string, Shape>;
  readonly parsedStatements: Readonly<Record<string, string>>;
  readonly submittedNamedStatements: Record<string, string>;
  send(message: Buffer): void;
}

/** A row as the parser found it; valid while it is handled. */
export interface RawRow {
  bytes: Buffer;
  at: number;
}

const runIt = Buffer.concat([serialize.execute(), serialize.sync()]);
const describeAndRunIt = Buffer.concat([serialize.describe({ type: 'P', name: '' }), runIt]);

/**
 * Bind (PostgreSQL's manual, "Message Formats") and what follows it, in a buffer of just the size: the serializer of pg-protocol grows one,
 * and leaves several times the size of a letter to the garbage collector.
 */
function bindAnd(name: string, values: readonly unknown[], rest: Buffer): Buffer {
  const given = values.map((value) => prepareValue(value));
  const sizes = given.map((value) => (value === null ? 0 : typeof value === 'string' ? Buffer.byteLength(value) : value.length));
  const size = 15 + Buffer.byteLength(name) + sizes.reduce((sum, each) => sum + 6 + each, 0);
  const message = Buffer.allocUnsafe(size + rest.length);
  let at = message.writeUInt8(0x42, 0);
  at = message.writeInt32BE(size - 1, at);
  at = message.writeUInt8(0, at); // the portal without a name
  at += message.write(name, at);
  at = message.writeUInt8(0, at);
  at = message.writeInt16BE(given.length, at);
  for (const value of given) at = message.writeInt16BE(Buffer.isBuffer(value) ? 1 : 0, at);
  at = message.writeInt16BE(given.length, at);
  for (const [index, value] of given.entries()) {
    at = message.writeInt32BE(value === null ? -1 : (sizes[index] ?? 0), at);
    if (typeof value === 'string') at += message.write(value, at);
    else if (value) at += value.copy(message, at);
  }
  at = message.writeInt16BE(1, at); // all results in one format: binary
  at = message.writeInt16BE(1, at);
  rest.copy(message, at);
  return message;
}

function readRow(shape: Shape, bytes: Buffer, at: number): Row {
  const row: Row = new Array(shape.length);
  let position = at + 2;
  for (let index = 0; index < shape.length; index++) {
    const size = bytes.readInt32BE(position);
    position += 4;
    row[index] = size === -1 ? null : shape[index]?.(bytes, position, size);
    if (size > 0) position += size;
  }
  return row;
}

/** One run of a named statement, as pg's client takes what it runs; every value comes back in binary. */
export class BinaryQuery {
  readonly name: string;
  readonly text: string;
  readonly #values: readonly unknown[];
  readonly #wire: QueryWire;
  readonly #resolve: (rows: Row[]) => void;
  readonly #reject: (error: unknown) => void;
  readonly #rows: Row[] = [];
  #shape: Shape | undefined;
  #failure: unknown = null;

  constructor(
    wire: QueryWire,
    statement: Statement,
    values: readonly unknown[],
    resolve: (rows: Row[]) => void,
    reject: (error: unknown) => void,
  ) {
    this.name = statement.name;
    this.text = statement.text;
    this.#values = values;
    this.#wire = wire;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** One write for all of it; an error that is returned goes to handleError, and nothing was sent. */
  submit(): Error | null {
    const { name, text } = this;
    const wire = this.#wire;
    const sent = wire.parsedStatements[name] ?? wire.submittedNamedStatements[name];
    if (sent !== undefined && sent !== text) return new TypeError(`two statements are named ${name}`);
    this.#shape = wire.shapes.get(name);
    try {
      const bound = bindAnd(name, this.#values, this.#shape ? runIt : describeAndRunIt);
      if (sent !== undefined) wire.send(bound);
      else {
        wire.send(Buffer.concat([serialize.parse({ name, text }), bound]));
        wire.submittedNamedStatements[name] = text;
      }
      return null;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  handleRowDescription({ fields }: { fields: readonly { dataTypeID: number }[] }): void {
    const shape: Decode[] = [];
    for (const { dataTypeID } of fields) {
      const decode = decoders.get(dataTypeID);
      if (decode) shape.push(decode);
      else this.#failure = new TypeError(`no binary parser for type oid ${dataTypeID}: cast it in the statement`);
    }
    if (this.#failure === null) this.#learn(shape);
  }

  handleDataRow({ bytes, at }: RawRow): void {
    const shape = this.#shape;
    if (!shape || this.#failure !== null) return;
    try {
      this.#rows.push(readRow(shape, bytes, at));
    } catch (error) {
      // thrown on, it would come out of the socket and end the process
      this.#failure = error;
    }
  }

  handleCommandComplete(): void {
    if (!this.#shape && this.#failure === null) this.#learn([]);
  }

  handleError(error: unknown): void {
    this.#reject(this.#failure ?? error);
  }

  handleReadyForQuery(): void {
    if (this.#failure === null) this.#resolve(this.#rows);
    else this.#reject(this.#failure);
  }

  handleEmptyQuery(): void {}

  handlePortalSuspended(): void {}

  #learn(shape: Shape): void {
    this.#shape = shape;
    this.#wire.shapes.set(this.name, shape);
  }
}
