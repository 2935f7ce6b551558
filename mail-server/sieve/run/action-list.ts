import { canonicalName } from '../../folder-name.ts';
import type { SieveLimits } from '../limits.ts';
import type { Action, FileInto, Keep } from './actions.ts';

/** Actions of a run, as they may stand together. */
export class ActionList {
  readonly all: Action[] = [];
  cancelsKeep = false;
  private readonly limits: SieveLimits;

  constructor(limits: SieveLimits) {
    this.limits = limits;
  }

  add(action: Action, fail: (sentence: string) => never): void {
    this.checkConflicts(action, fail);
    if (!('copy' in action && action.copy) && CANCELS_KEEP.has(action.kind)) this.cancelsKeep = true;
    const known = this.all.findIndex((other) => isSame(action, other));
    if (known >= 0) {
      this.all[known] = merged(this.all[known] ?? action, action);
      return;
    }
    if (this.all.length >= this.limits.actions) fail(`more than ${this.limits.actions} actions`);
    if (action.kind === 'redirect' && this.all.filter(({ kind }) => kind === 'redirect').length >= this.limits.redirects) {
      fail(`more than ${this.limits.redirects} redirects`);
    }
    this.all.push(action);
  }

  /** reject goes with nothing that delivers or answers, and what may be there once is there once (RFC 5429 section 2.4, RFC 5230 section 4.7). */
  private checkConflicts(action: Action, fail: (sentence: string) => never): void {
    for (const other of this.all) {
      if (ONCE.has(action.kind) && other.kind === action.kind) fail(`${action.kind} may only run once`);
      const pair = [action.kind, other.kind];
      if (pair.includes('reject') && pair.some((kind) => CONFLICTS_WITH_REJECT.has(kind))) {
        fail(`${pair.find((kind) => kind !== 'reject') ?? ''} and reject must not run together`);
      }
    }
  }
}

const CANCELS_KEEP = new Set<Action['kind']>(['keep', 'fileinto', 'redirect', 'reject', 'discard']);
const ONCE = new Set<Action['kind']>(['reject', 'vacation']);
const CONFLICTS_WITH_REJECT = new Set<Action['kind']>(['keep', 'fileinto', 'redirect', 'vacation']);

const storesIn = (action: Keep | FileInto): string => (action.kind === 'keep' ? 'INBOX' : canonicalName(action.mailbox));

function isSame(action: Action, other: Action): boolean {
  if (isStore(action) && isStore(other)) return storesIn(action) === storesIn(other);
  if (action.kind === 'redirect') return other.kind === 'redirect' && other.address === action.address;
  if (action.kind === 'track') return other.kind === 'track' && (other.handle ?? '') === (action.handle ?? '') && other.id === action.id;
  return action.kind === 'discard' && other.kind === 'discard';
}

const isStore = (action: Action): action is Keep | FileInto => action.kind === 'keep' || action.kind === 'fileinto';

/** The copy stays the one that was stored first; flags are those of the last, even none. */
function merged(first: Action, second: Action): Action {
  if (!isStore(first) || !isStore(second)) return first;
  // however the script writes it, the inbox is one
  if (first.kind === 'fileinto' && second.kind === 'keep') return { ...first, mailbox: 'INBOX', flags: second.flags };
  return { ...first, flags: second.flags };
}
