/** The name of the database in a connection URL: "postgresql://u@h:5432/postamt" → "postamt". */
export const databaseName = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1));

/** The same server and user, another database. */
export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(name)}`;
  return changed.toString();
}

/** A name as it may stand in a statement that takes no parameters (CREATE DATABASE …). */
export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
