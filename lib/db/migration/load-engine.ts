import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import { migrationAdapterFactory } from './adapter-factory.ts';

let loaded: Promise<void> | undefined;

/** Instantiates the WebAssembly once. The package's own entry imports it as a module, which Node answers with a warning. */
async function load(): Promise<void> {
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => process.stderr.write(`${message}\n`) } });
  const file = fileURLToPath(new URL('schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg')));
  const imports = { './schema_engine_bg.js': bindings as unknown as WebAssembly.ModuleImports };
  const { instance } = await WebAssembly.instantiate(await readFile(file), imports);
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
}

/**
 * Prisma's schema engine on one database; call `close` when done. The native engine is a download of its own; this is the same program as WebAssembly, with
 * connections through `pg`.
 */
export async function schemaEngine(
  url: string,
  options: { shadowUrl?: string | undefined; datamodels?: [string, string][] } = {},
): Promise<{ engine: bindings.SchemaEngine; close: () => Promise<void> }> {
  loaded ??= load();
  await loaded;
  const { factory, close } = migrationAdapterFactory(url, options.shadowUrl);
  const datamodels = options.datamodels?.length ? options.datamodels : undefined;
  const engine = await bindings.SchemaEngine.new({ datamodels }, () => {}, bindMigrationAwareSqlAdapterFactory(factory));
  return { engine, close };
}
