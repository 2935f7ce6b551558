import { z } from 'zod';
import { variables } from './config.ts';

/** The default as a person reads it; empty for a variable that may be left out. */
function fallback(schema: z.ZodType): string {
  const { default: value } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as { default?: unknown };
  return value === undefined || value === '' ? '' : `\`${String(value)}\``;
}

/** Every variable as a Markdown table, of which docs/operations.md holds a copy. Run: `node lib/config/print-table.ts`. */
export function configurationTable(): string {
  const rows = Object.entries(variables).map(
    ([name, [schema, meaning]]) => `| \`${name}\` | ${fallback(schema)} | ${meaning.replaceAll('|', '\\|')} |`,
  );
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

if (import.meta.main) process.stdout.write(`${configurationTable()}\n`);
