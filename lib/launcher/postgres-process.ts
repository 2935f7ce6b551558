import type { PreparedPostgres, RunningPostgres } from './postgres/embedded-postgres.ts';
import type { ProcessKind } from './supervised-process.ts';

/** A fast shutdown ends all sessions and writes a checkpoint. */
const STOP_MS = 60_000;

/** The embedded Postgres under supervision; its first start has happened already. */
export function postgresProcess(prepared: PreparedPostgres, running: RunningPostgres): ProcessKind {
  let first: RunningPostgres | null = running;
  return {
    name: 'Postgres',
    stopSignal: 'SIGINT',
    stopMs: STOP_MS,
    start: async () => {
      const started = first ?? (await prepared.start());
      first = null;
      return { child: started.process, ready: Promise.resolve() };
    },
  };
}
