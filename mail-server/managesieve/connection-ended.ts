import type { Connection } from '../wire/connection.ts';

/** The client is gone, or said more than it may: then the message is a last word for it. */
export class ConnectionEnded extends Error {
  readonly gone: boolean;

  constructor(lastWord: string | null) {
    super(lastWord ?? 'gone');
    this.gone = lastWord === null;
  }
}

/** The next line of the client. Throws ConnectionEnded. */
export async function readLine(connection: Connection): Promise<Buffer> {
  const line = await connection.readLine();
  if (line === null) throw new ConnectionEnded(null);
  if (line === 'too long') throw new ConnectionEnded('Line too long');
  return line;
}

/** The bytes of a literal. Throws ConnectionEnded. */
export async function readLiteral(connection: Connection, bytes: number): Promise<Buffer> {
  const literal = await connection.readBytes(bytes);
  if (literal === null) throw new ConnectionEnded(null);
  return literal;
}
