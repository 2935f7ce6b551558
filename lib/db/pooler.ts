import type pg from 'pg';

/**
 * Whether something between us and Postgres lends its connections out (pgbouncer): it names another server process than the one that answers.
 * What belongs to a session (its locks, what it listens to, its settings) would be somebody else's by the next statement.
 */
export async function isPooled(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ process: number }>('SELECT pg_backend_pid() AS process');
  return 'processID' in client && client.processID !== rows[0]?.process;
}

export function poolerSentence(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  const where = `${hostname}:${port || '5432'}${pathname}`;
  return `At ${where} a pooler answers (pgbouncer?): Postamt keeps its own connections to Postgres, so give it the address of Postgres itself.`;
}
