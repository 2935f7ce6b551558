import type { MailServerSettings } from '../../settings.ts';
import type { Script } from '../../sieve/compile.ts';
import { DEFAULT_SIEVE_LIMITS } from '../../sieve/limits.ts';
import { ScriptCache } from '../../sieve/script-cache.ts';
import { ScriptError, type Fault } from '../../sieve/script-error.ts';
import type { Database } from '../../store/database.ts';
import { readRules, type StoredRules } from '../../store/rules-store.ts';
import type { AccountId } from '../../store/types.ts';

/** The rules of a mailbox, ready to be applied to any number of letters. */
export interface MailboxRules extends Omit<StoredRules, 'senders' | 'scripts'> {
  senders: ReadonlyMap<string, 'blocked' | 'allowed'>;
  script: Script | null;
  /** why the active script cannot be used any more: letters go to the inbox then, and the owner is told */
  fault: Fault | null;
}

/** A script holds the process up for so long at the most; what takes longer ends in the inbox. */
const millisecondsPerLetter = 200;
const mostKept = 5_000;

/** One to a process: rules are compiled once for each version, whichever protocol brings the letters. */
export class RulesCache {
  readonly #kept = new Map<AccountId, { version: number; rules: Promise<MailboxRules | null> }>();
  readonly #database: Database;
  readonly #scripts: ScriptCache;

  constructor({ database, settings }: { database: Database; settings: Pick<MailServerSettings, 'sieve'> }) {
    this.#database = database;
    const { bytes: scriptBytes, redirects } = settings.sieve;
    this.#scripts = new ScriptCache({ ...DEFAULT_SIEVE_LIMITS, milliseconds: millisecondsPerLetter, scriptBytes, redirects });
  }

  /** Null where a mailbox does nothing but store (version 0), or is gone. */
  get(account: AccountId, version: number): Promise<MailboxRules | null> {
    if (version === 0) return Promise.resolve(null);
    const known = this.#kept.get(account);
    if (known?.version === version) return known.rules;
    const rules = readRules(this.#database, account).then((stored) => stored && this.#prepare(stored));
    this.#kept.delete(account);
    this.#kept.set(account, { version, rules });
    rules.catch(() => this.#kept.delete(account));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) break;
      this.#kept.delete(oldest);
    }
    return rules;
  }

  #prepare({ senders, scripts, ...rules }: StoredRules): MailboxRules {
    const ready = { ...rules, senders: new Map(senders), script: null, fault: null };
    const contents = new Map(scripts);
    if (rules.activeScript === null || !contents.has(rules.activeScript)) return ready;
    const script = this.#scripts.get({ active: rules.activeScript, contents });
    if (!(script instanceof ScriptError)) return { ...ready, script };
    const [fault = { line: 1, sentence: 'the script is not valid', script: '' }] = script.faults;
    return { ...ready, fault };
  }
}
