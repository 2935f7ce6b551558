/** A prepared statement; the name is its identity on a connection, so one name stands for one text. */
export interface Statement {
  name: string;
  text: string;
}

export type Row = unknown[];
export type Query = (statement: Statement, values?: readonly unknown[], signal?: AbortSignal) => Promise<Row[]>;
