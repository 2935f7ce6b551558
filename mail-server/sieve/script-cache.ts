import { createHash } from 'node:crypto';
import { compile, type Script } from './compile.ts';
import { DEFAULT_SIEVE_LIMITS, type SieveLimits } from './limits.ts';
import { ScriptError } from './script-error.ts';

/** What a mailbox has: the script that letters go through, and all by name for what it includes. */
export interface ScriptSet {
  active: string;
  contents: ReadonlyMap<string, string>;
}

/**
 * Compiled scripts by their content, the least recently used one forgotten first: thousands of letters go through the same rules, and many
 * mailboxes have the same. A script that is not valid is remembered as such.
 */
export class ScriptCache {
  private readonly limits: SieveLimits;
  private readonly mostBytes: number;
  private readonly known = new Map<string, { result: Script | ScriptError; bytes: number }>();
  private bytes = 0;

  constructor(limits: SieveLimits = DEFAULT_SIEVE_LIMITS, mostBytes = 8 * 1024 * 1024) {
    this.limits = limits;
    this.mostBytes = mostBytes;
  }

  get({ active, contents }: ScriptSet): Script | ScriptError {
    const source = contents.get(active) ?? '';
    // only what includes others depends on them
    const includes = mayName(source, 'include') ? [...contents].sort(([a], [b]) => (a < b ? -1 : 1)) : [];
    const key = createHash('sha256')
      .update(JSON.stringify([source, includes]))
      .digest('base64');
    const known = this.known.get(key);
    if (known !== undefined) {
      this.known.delete(key);
      this.known.set(key, known);
      return known.result;
    }
    const result = this.compiled(source, contents);
    this.remember(key, result, source.length + includes.reduce((sum, [, content]) => sum + content.length, 0));
    return result;
  }

  private compiled(source: string, contents: ReadonlyMap<string, string>): Script | ScriptError {
    try {
      const load = (location: string, name: string): Buffer | null => {
        const content = location === 'personal' ? contents.get(name) : undefined;
        return content === undefined ? null : Buffer.from(content);
      };
      return compile(Buffer.from(source), { limits: this.limits, load });
    } catch (error) {
      if (error instanceof ScriptError) return error;
      throw error;
    }
  }

  private remember(key: string, result: Script | ScriptError, bytes: number): void {
    this.known.set(key, { result, bytes });
    this.bytes += bytes;
    for (const [oldest, entry] of this.known) {
      if (this.bytes <= this.mostBytes || oldest === key) break;
      this.known.delete(oldest);
      this.bytes -= entry.bytes;
    }
  }
}

/** Larger scripts are compiled beside the event loop; those with regular expressions take longer. */
const quickBytes = 32 * 1024;
const quickRegexBytes = 4 * 1024;

/** Whether a script is compiled so soon that nobody else has to wait for it. */
export function isQuick({ active, contents }: ScriptSet): boolean {
  const source = contents.get(active) ?? '';
  const all = mayName(source, 'include') ? [...contents.values()] : [source];
  const bytes = all.reduce((sum, content) => sum + content.length, 0);
  return bytes <= (all.some((content) => mayName(content, 'regex')) ? quickRegexBytes : quickBytes);
}

/** Whether a script may require an extension; a string may have backslashes in it that mean nothing (RFC 5228 section 2.4.2). */
const mayName = (source: string, extension: string): boolean => source.replaceAll('\\', '').includes(extension);
