import type { Services } from '../../services.ts';
import { compile, type Script } from '../../sieve/compile.ts';
import { DEFAULT_SIEVE_LIMITS } from '../../sieve/limits.ts';
import { ScriptError, type Fault } from '../../sieve/script-error.ts';
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
  readonly #services: Pick<Services, 'database' | 'settings'>;

  constructor(services: Pick<Services, 'database' | 'settings'>) {
    this.#services = services;
  }

  /** Null where a mailbox does nothing but store (version 0), or is gone. */
  get(account: AccountId, version: number): Promise<MailboxRules | null> {
    if (version === 0) return Promise.resolve(null);
    const known = this.#kept.get(account);
    if (known?.version === version) return known.rules;
    const rules = readRules(this.#services.database, account).then((stored) => stored && this.#prepare(stored));
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
    const source = rules.activeScript === null ? undefined : contents.get(rules.activeScript);
    if (source === undefined) return ready;
    const limits = {
      ...DEFAULT_SIEVE_LIMITS,
      milliseconds: millisecondsPerLetter,
      redirects: this.#services.settings.sieve.redirects,
    };
    try {
      const load = (location: 'personal' | 'global', name: string): Buffer | null => {
        const included = location === 'personal' ? contents.get(name) : undefined;
        return included === undefined ? null : Buffer.from(included);
      };
      return { ...ready, script: compile(Buffer.from(source), { limits, load }) };
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      const [fault = { line: 1, sentence: 'the script is not valid', script: '' }] = error.faults;
      return { ...ready, fault };
    }
  }
}
