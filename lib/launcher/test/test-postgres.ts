import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../ports.ts';
import { preparePostgres } from '../postgres/embedded-postgres.ts';
import { postgresProcess } from '../postgres-process.ts';
import { projectRoot } from '../project.ts';
import { SupervisedProcess } from '../supervised-process.ts';

/** A Postgres for tests below .test/, empty at each start and careless of crashes of the machine. Returns its URL and how to stop it. */
export async function startTestPostgres(): Promise<{ url: string; stop: () => Promise<void> }> {
  const directory = join(projectRoot, '.test', `postgres-${process.pid}`);
  mkdirSync(directory, { recursive: true });
  const port = await freePort();
  const prepared = await preparePostgres({ home: join(directory, 'home'), port, password: 'test', durability: 'careless' });
  const server = new SupervisedProcess(postgresProcess(prepared, await prepared.start()), () => {});
  await server.start();
  return {
    url: prepared.url,
    stop: async () => {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
