import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import pg from 'pg';
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import { databaseName, quoteIdentifier } from '../database-url.ts';
import { onServer } from './adapter-factory.ts';
import { schemaEngine } from './load-engine.ts';

/** The methods of the wire protocol that the WebAssembly engine has under the same name and with the same parameters. */
const engineMethods = [
  'applyMigrations',
  'createMigration',
  'dbExecute',
  'devDiagnostic',
  'diagnoseMigrationHistory',
  'ensureConnectionValidity',
  'evaluateDataLoss',
  'introspect',
  'introspectSql',
  'markMigrationApplied',
  'markMigrationRolledBack',
  'reset',
  'schemaPush',
] as const;

interface Request {
  id: number;
  method: string;
  params?: unknown;
}

/**
 * The native engine's command line as Prisma 7.10 uses it: `cli can-connect-to-database | create-database | drop-database` once, or
 * JSON-RPC 2.0 on standard input and output, a message a line. Returns the exit code.
 */
export async function serveSchemaEngine(args: string[]): Promise<number> {
  if (args.includes('--version')) {
    process.stdout.write('schema-engine-cli (WebAssembly)\n');
    return 0;
  }
  const source = JSON.parse(option(args, '--datasource')[0] ?? '{}') as { url?: string; shadowDatabaseUrl?: string };
  const command = args.indexOf('cli');
  if (command >= 0) return runCommand(args[command + 1] ?? '', source.url ?? '');
  const datamodels = await Promise.all(
    option(args, '--datamodels').map(async (path): Promise<[string, string]> => [path, await readFile(path, 'utf8')]),
  );
  await serveRequests(source, datamodels);
  return 0;
}

const option = (args: string[], name: string): string[] => args.flatMap((arg, index) => (arg === name ? [args[index + 1] ?? ''] : []));

/** Prisma reads the outcome from a log line on standard error: the second one where it starts with "Starting", else the error's code. */
async function runCommand(command: string, url: string): Promise<number> {
  const log = (level: string, message: string, code?: string): void => {
    const fields = code ? { message, error_code: code } : { message };
    process.stderr.write(`${JSON.stringify({ timestamp: new Date().toISOString(), level, fields, target: 'schema_engine::logger' })}\n`);
  };
  try {
    if (command === 'can-connect-to-database') await checkConnection(url);
    else if (command === 'create-database') await onServer(url, `CREATE DATABASE ${quoteIdentifier(databaseName(url))}`);
    else if (command === 'drop-database') await onServer(url, `DROP DATABASE ${quoteIdentifier(databaseName(url))}`);
    else throw new Error(`Unknown command ${command}.`);
    log('INFO', 'Starting');
    log('INFO', 'Done');
    return 0;
  } catch (error) {
    process.stderr.write('\n');
    log('ERROR', error instanceof Error ? error.message : String(error), prismaCode(error));
    return 1;
  }
}

async function checkConnection(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  await client.end();
}

/** P1003 no such database, P1000 wrong password, P1001 not reachable. */
function prismaCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === '3D000') return 'P1003';
  return code === '28P01' ? 'P1000' : 'P1001';
}

async function serveRequests(source: { url?: string; shadowDatabaseUrl?: string }, datamodels: [string, string][]): Promise<void> {
  const engines = new Map<string, ReturnType<typeof schemaEngine>>();
  const engineFor = (url: string): ReturnType<typeof schemaEngine> => {
    const engine = engines.get(url) ?? schemaEngine(url, { shadowUrl: source.shadowDatabaseUrl, datamodels });
    engines.set(url, engine);
    return engine;
  };
  // one after the other: the engine has one connection
  for await (const line of createInterface({ input: process.stdin })) {
    const request = parseRequest(line);
    if (!request) continue;
    try {
      const { engine } = await engineFor(connectionString(request.params) ?? source.url ?? '');
      send({ id: request.id, result: await answer(engine, request, source.url ?? '') });
    } catch (error) {
      send({ id: request.id, error: rpcError(error) });
    }
  }
  for (const engine of engines.values()) await engine.then(({ close }) => close()).catch(() => {});
}

/** A request; null for the answers that Prisma sends to our "print", and for noise. */
function parseRequest(line: string): Request | null {
  try {
    const message = JSON.parse(line) as Partial<Request>;
    return typeof message.method === 'string' && typeof message.id === 'number' ? (message as Request) : null;
  } catch {
    return null;
  }
}

/** A request may name another database than the program was started with. */
function connectionString(params: unknown): string | undefined {
  for (const value of Object.values(params ?? {}) as { tag?: string; url?: string }[]) {
    if (value && (value.tag === 'url' || value.tag === 'ConnectionString')) return value.url;
  }
  return undefined;
}

async function answer(engine: SchemaEngine, { method, params }: Request, url: string): Promise<unknown> {
  if (method === 'getDatabaseVersion') return engine.version(params as Parameters<SchemaEngine['version']>[0]);
  if (method === 'createDatabase') {
    await onServer(url, `CREATE DATABASE ${quoteIdentifier(databaseName(url))}`);
    return { databaseName: databaseName(url) };
  }
  if (method === 'diff') {
    const result = await engine.diff(params as Parameters<SchemaEngine['diff']>[0]);
    if (result.stdout !== null) send({ id: 900_001, method: 'print', params: { content: result.stdout } });
    return { exitCode: result.exitCode, stdout: null };
  }
  const name = engineMethods.find((known) => known === method);
  if (!name) throw new Error(`Unknown method ${method}.`);
  const call = engine[name] as (input: unknown) => Promise<unknown>;
  return (await call.call(engine, params)) ?? {};
}

function rpcError(error: unknown): object {
  const known = (error instanceof Error ? error : new Error(String(error))) as Error & { code?: unknown; meta?: unknown };
  const data = { is_panic: false, message: known.message, meta: known.meta ?? null, error_code: known.code ?? null };
  return { code: 4466, message: 'An error happened. Check the data field for details.', data };
}

const send = (message: object): void => {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
};
