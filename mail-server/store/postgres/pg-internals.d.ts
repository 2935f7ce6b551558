// The inner modules of pg that binary-client.ts extends; they ship without types.
declare module 'pg/lib/connection.js' {
  import { EventEmitter } from 'node:events';
  export default class Connection extends EventEmitter {
    constructor(config: { keepAlive?: boolean; ssl?: unknown; sslNegotiation?: string | undefined });
    readonly stream: import('node:stream').Writable;
    readonly parsedStatements: Record<string, string>;
    readonly submittedNamedStatements: Record<string, string>;
    protected _emitMessage: boolean;
  }
}
declare module 'pg/lib/connection-parameters.js' {
  export default class ConnectionParameters {
    constructor(config: import('pg').ClientConfig);
    readonly ssl: unknown;
    readonly sslnegotiation?: string;
  }
}
declare module 'pg-protocol/dist/parser.js' {
  export class Parser {
    parse(chunk: Buffer, callback: (message: { name: string }) => void): void;
    handlePacket(offset: number, code: number, length: number, bytes: Buffer): unknown;
  }
}
declare module 'pg/lib/utils.js' {
  export function prepareValue(value: unknown): Buffer | string | null;
}
