import { compile } from '../sieve/compile.ts';
import { DEFAULT_SIEVE_LIMITS } from '../sieve/limits.ts';
import { type Fault, ScriptError } from '../sieve/script-error.ts';

/**
 * Says whether a script may be stored, and what a person should know of it: a line for each fault or warning. What it includes may be
 * stored later.
 */
export function checkScript(
  name: string,
  content: string,
  sieve: { bytes: number; redirects: number },
  others: ReadonlyMap<string, string>,
): { valid: boolean; text: string } {
  const limits = { ...DEFAULT_SIEVE_LIMITS, scriptBytes: sieve.bytes, redirects: sieve.redirects };
  const load = (location: string, wanted: string): Buffer | null => {
    const included = location === 'personal' ? others.get(wanted) : undefined;
    return included === undefined ? null : Buffer.from(included);
  };
  const described = (kind: string, faults: readonly Fault[]): string =>
    faults.map(({ script, line, sentence }) => `${script || name}: line ${line}: ${kind}: ${sentence}.`).join('\r\n');
  try {
    return { valid: true, text: described('warning', compile(Buffer.from(content), { limits, load, lenient: true }).warnings) };
  } catch (error) {
    if (error instanceof ScriptError) return { valid: false, text: described('error', error.faults) };
    throw error;
  }
}
