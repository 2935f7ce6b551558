import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withDatabase } from '../../db/database-url.ts';
import { schemaEngine } from '../../db/migration/load-engine.ts';
import { migrationList } from '../../db/migration/read-migrations.ts';
import { projectRoot } from '../project.ts';
import { runCommand } from '../run-command.ts';

const CHECK_MS = 300_000;

export interface Check {
  name: string;
  /** Null if all is well, else what is wrong, for the terminal. */
  run(): Promise<string | null>;
}

const program = (file: string, args: string[]) => async (): Promise<string | null> => {
  const { status, output } = await runCommand(process.execPath, [join(projectRoot, 'node_modules', file), ...args], {
    timeoutMs: CHECK_MS,
  });
  return status === 0 ? null : output;
};

/** What is checked before any test runs. `server` is a Postgres on which databases may be made. */
export const checksFor = (server: string): Check[] => [
  { name: 'format and lint', run: program('@biomejs/biome/bin/biome', ['check', '--max-diagnostics=50', '.']) },
  { name: 'types', run: program('typescript/bin/tsc', ['--noEmit', '-p', 'tsconfig.json']) },
  { name: 'types of the tests', run: program('typescript/bin/tsc', ['--noEmit', '-p', 'tests/tsconfig.json']) },
  { name: 'schema.prisma and migrations agree', run: () => compareSchema(server) },
];

/** Asks the schema engine itself: Prisma's command line ends with 0 also when its engine crashed. */
async function compareSchema(server: string): Promise<string | null> {
  const path = join(projectRoot, 'prisma', 'schema.prisma');
  const { engine, close } = await schemaEngine(withDatabase(server, 'postgres'));
  try {
    const { exitCode, stdout } = await engine.diff({
      from: { tag: 'migrations', ...(await migrationList()) },
      to: { tag: 'schemaDatamodel', files: [{ path, content: await readFile(path, 'utf8') }] },
      script: false,
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    });
    return exitCode === 0 ? null : `The migrations and prisma/schema.prisma differ:\n${stdout ?? ''}`;
  } finally {
    await close();
  }
}
