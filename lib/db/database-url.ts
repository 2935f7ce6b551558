/** The name of the database in a connection URL: "postgresql://u@h:5432/postamt" → "postamt". */
export const databaseName = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1));

/** The same server and user, another database. */
export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(name)}`;
  return changed.toString();
}

/** The same database through the server's socket in `directory`, '' for none: the host of the query counts before that of the address. */
export function throughSocket(url: string, directory: string): string {
  const changed = new URL(url);
  if (directory !== '') changed.searchParams.set('host', directory);
  return changed.toString();
}

/** A name as it may stand in a statement that takes no parameters (CREATE DATABASE …). */
export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
