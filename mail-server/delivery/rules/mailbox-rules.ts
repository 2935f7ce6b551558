import type { MailServerSettings } from '../../settings.ts';
import { DEFAULT_SIEVE_LIMITS, type SieveLimits } from '../../sieve/limits.ts';
import { isQuick, ScriptCache, type ScriptSet } from '../../sieve/script-cache.ts';
import { ScriptError, type Fault } from '../../sieve/script-error.ts';
import type { Database } from '../../store/postgres/database.ts';
import { readRules, type StoredRules } from '../../store/rules-store.ts';
import type { AccountId } from '../../../lib/db/ids.ts';
import { BoundedMap } from '../../../lib/workers/bounded-map.ts';
import type { ReadyScript } from './run-script.ts';
import { UnprovedAnswers } from './unproved-answers.ts';

/** The rules of a mailbox, ready to be applied to any number of letters. */
export interface MailboxRules extends Omit<StoredRules, 'senders' | 'scripts'> {
  senders: ReadonlyMap<string, 'blocked' | 'allowed'>;
  script: ReadyScript | null;
  /** why the active script cannot be used any more: letters go to the inbox then, and the owner is told */
  fault: Fault | null;
}

/** What a letter's rules take longer than so long, in a worker, ends in the inbox. */
const millisecondsPerLetter = 2000;
const mostKept = 5_000;

/** One to a process: rules are compiled once for each version, whichever protocol brings the letters. */
export class RulesCache {
  readonly unprovedAnswers = new UnprovedAnswers();
  readonly #kept = new BoundedMap<AccountId, { version: number; rules: Promise<MailboxRules | null> }>(mostKept);
  readonly #database: Database;
  readonly #scripts: ScriptCache;
  readonly #limits: SieveLimits;

  constructor({ database, settings }: { database: Database; settings: Pick<MailServerSettings, 'sieve'> }) {
    this.#database = database;
    const { bytes: scriptBytes, redirects } = settings.sieve;
    this.#limits = { ...DEFAULT_SIEVE_LIMITS, milliseconds: millisecondsPerLetter, scriptBytes, redirects };
    this.#scripts = new ScriptCache(this.#limits);
  }

  /** Null where a mailbox does nothing but store (version 0), or is gone. */
  get(account: AccountId, version: number): Promise<MailboxRules | null> {
    if (version === 0) return Promise.resolve(null);
    const known = this.#kept.get(account);
    if (known?.version === version) return known.rules;
    const rules = readRules(this.#database, account).then((stored) => stored && this.#prepare(stored));
    this.#kept.set(account, { version, rules });
    rules.catch(() => this.#kept.delete(account));
    return rules;
  }

  #prepare({ senders, scripts, ...rules }: StoredRules): MailboxRules {
    const ready = { ...rules, senders: new Map(senders), script: null, fault: null };
    const contents = new Map(scripts);
    if (rules.activeScript === null || !contents.has(rules.activeScript)) return ready;
    const set: ScriptSet = { active: rules.activeScript, contents };
    if (!isQuick(set)) return { ...ready, script: { script: null, scripts: set, limits: this.#limits } };
    const script = this.#scripts.get(set);
    if (!(script instanceof ScriptError)) return { ...ready, script: { script, scripts: set, limits: this.#limits } };
    const [fault = { line: 1, sentence: 'the script is not valid', script: '' }] = script.faults;
    return { ...ready, fault };
  }
}
