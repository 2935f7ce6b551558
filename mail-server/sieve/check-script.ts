import { compile } from './compile.ts';
import { DEFAULT_SIEVE_LIMITS } from './limits.ts';
import { type Fault, ScriptError } from './script-error.ts';

export interface ScriptCheck {
  name: string;
  content: string;
  /** what the mailbox may have */
  sieve: { bytes: number; redirects: number };
  /** scripts of the mailbox, for what this one includes */
  others: ReadonlyMap<string, string>;
}

export interface CheckedScript {
  valid: boolean;
  /** a line for each fault or warning */
  text: string;
}

/**
 * Says whether a script may be stored, and what a person should know of it: a line for each fault or warning. What it includes may be
 * stored later.
 */
export function checkScript({ name, content, sieve, others }: ScriptCheck): CheckedScript {
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
