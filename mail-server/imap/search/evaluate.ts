import type { MessageColumn, StoredMessage } from '../../store/mail-store.ts';
import type { Reader } from '../context.ts';
import { addRange, resolveSearchSet } from '../select/index-ranges.ts';
import { isRecent, type View } from '../select/view.ts';
import { filterInTurns, within, without, type Indexes } from './indexes.ts';
import { IntervalSet, type Interval } from './interval-set.ts';
import type { KeyOf, SearchKey } from './keys.ts';
import { matchFlags } from './match-flags.ts';
import { matchHeaders } from './match-header.ts';
import { matchSentDay } from './match-sent.ts';
import { simplifyKey } from './simplify-key.ts';

/** Indexes of the messages that match, ascending. */
export async function evaluateSearch(reader: Reader, view: View, key: SearchKey): Promise<number[]> {
  const all: number[] = [];
  for (let index = 0; index < view.shown.count; index++) all.push(index);
  if (key.kind === 'all') return all;
  return new Evaluation(reader, view).evaluate(simplifyKey(key), all);
}

/** Keys of one kind in one bracket: they are answered together, from one look at each message. */
interface Group {
  cost: number;
  match: (candidates: Indexes) => Promise<number[]>;
}

const headerCost = 11;
const costs: Partial<Record<SearchKey['kind'], number>> = { received: 2, size: 2, threadid: 2, sent: 3, text: 10, header: headerCost };

/**
 * Works on sets: each group of keys narrows the candidates that are left. What memory can answer (flags, UIDs, MODSEQ) comes first, then what a
 * column answers (dates, sizes), then texts, so that texts are looked at only where everything cheaper holds.
 */
class Evaluation {
  readonly #reader: Reader;
  readonly #view: View;

  constructor(reader: Reader, view: View) {
    this.#reader = reader;
    this.#view = view;
  }

  async evaluate(key: SearchKey, candidates: Indexes): Promise<number[]> {
    const any = key.kind === 'or';
    const groups = this.#groups(key.kind === 'and' || key.kind === 'or' ? key.keys : [key], any).sort((a, b) => a.cost - b.cost);
    let left: Indexes = candidates;
    for (const { match } of groups) {
      if (left.length === 0) break;
      const matching = await match(left);
      left = any ? without(left, matching) : matching;
    }
    return any ? without(candidates, left) : Array.from(left);
  }

  #groups(keys: readonly SearchKey[], any: boolean): Group[] {
    const sorted = new Sorted();
    const groups: Group[] = [];
    for (const key of keys) {
      const inner = key.kind === 'not' ? key.key : key;
      if (inner.kind === 'and' || inner.kind === 'or') groups.push({ cost: costOf(inner), match: (left) => this.evaluate(inner, left) });
      else sorted.add(inner, key.kind === 'not');
    }
    for (const kind of ['plain', 'not'] as const) {
      for (const [name, found] of sorted[kind]) {
        // "not a and not b" is "not (a or b)"
        const negated = kind === 'not';
        const match = this.#matcher(name, found, negated ? !any : any);
        const group = negated ? async (left: Indexes) => without(left, await match(left)) : match;
        groups.push({ cost: costs[name] ?? 1, match: group });
      }
    }
    const { flags } = sorted;
    if (flags.length > 0) groups.push({ cost: 0, match: (left) => matchFlags(this.#reader, this.#view, flags, any, left) });
    return groups;
  }

  #matcher(kind: SearchKey['kind'], keys: readonly SearchKey[], any: boolean): Group['match'] {
    const reader = this.#reader;
    const { shown } = this.#view;
    const of = <Kind extends SearchKey['kind']>(wanted: Kind): KeyOf<Kind>[] =>
      keys.filter((key): key is KeyOf<Kind> => key.kind === wanted);
    const merged = (intervals: Interval[]): IntervalSet => (any ? IntervalSet.union(intervals) : IntervalSet.intersection(intervals));
    switch (kind) {
      case 'set':
        return (left) => this.#matchSets(of('set'), any, left);
      case 'recent':
        return (left) => filterInTurns(reader, left, (index) => isRecent(this.#view, shown.uids[index] ?? 0));
      case 'modseq': {
        const wanted = merged(of('modseq').map(({ from }) => [from, Number.POSITIVE_INFINITY]));
        return (left) => filterInTurns(reader, left, (index) => wanted.has(shown.modseqs[index] ?? 0));
      }
      case 'emailid': {
        const wanted = member(
          of('emailid').map(({ messageId }) => messageId),
          any,
        );
        return (left) => filterInTurns(reader, left, (index) => wanted(shown.messageIds[index] ?? 0));
      }
      case 'received': {
        const wanted = merged(of('received').map(({ from, to }) => [from, to]));
        return (left) => this.#byColumn('received', ({ receivedMs = 0 }) => wanted.has(receivedMs), left);
      }
      case 'size': {
        const wanted = merged(of('size').map(({ more, less }) => [more + 1, less]));
        return (left) => this.#byColumn('size', ({ size = 0 }) => wanted.has(size), left);
      }
      case 'threadid': {
        const wanted = member(
          of('threadid').map(({ threadId }) => threadId),
          any,
        );
        return (left) => this.#byColumn('thread', ({ threadId = 0 }) => wanted(threadId), left);
      }
      case 'sent':
        return (left) => matchSentDay(reader, shown, merged(of('sent').map(({ from, to }) => [from, to])), left);
      case 'text':
        return (left) => this.#matchTexts(of('text'), any, left);
      case 'header':
        return (left) => matchHeaders(reader, shown, of('header'), any, left);
      default: // all
        return async (left) => Array.from(left);
    }
  }

  async #matchSets(keys: readonly KeyOf<'set'>[], any: boolean, candidates: Indexes): Promise<number[]> {
    const { shown, saved } = this.#view;
    const ranges = keys.map(({ set, byUid }) => resolveSearchSet(set, shown, byUid, saved));
    if (any) {
      const joined: Array<[number, number]> = [];
      for (const [from, to] of ranges.flat().sort((a, b) => a[0] - b[0])) addRange(joined, from, to);
      return within(candidates, joined);
    }
    let left: number[] = Array.from(candidates);
    for (const each of ranges) {
      await this.#reader.pace();
      left = within(left, each);
    }
    return left;
  }

  async #matchTexts(keys: readonly KeyOf<'text'>[], any: boolean, candidates: Indexes): Promise<number[]> {
    const { store, account, signal } = this.#reader;
    const idOf = (index: number): number => this.#view.shown.messageIds[index] ?? 0;
    const criteria = keys.map(({ criterion }) => criterion);
    const matching = await store.matchText(account, candidates.map(idOf), criteria, { any, signal });
    return filterInTurns(this.#reader, candidates, (index) => matching.has(idOf(index)));
  }

  async #byColumn(column: MessageColumn, keep: (message: StoredMessage) => boolean, candidates: Indexes): Promise<number[]> {
    const { store, account, signal } = this.#reader;
    const idOf = (index: number): number => this.#view.shown.messageIds[index] ?? 0;
    const kept = new Set<number>();
    for await (const chunk of store.readMessages(account, candidates.map(idOf), [column], signal)) {
      await this.#reader.pace();
      for (const message of chunk) if (keep(message)) kept.add(message.messageId);
    }
    return filterInTurns(this.#reader, candidates, (index) => kept.has(idOf(index)));
  }
}

/** Leaves by their kind: those that stand as they are, those behind NOT, and flags, which know both. */
class Sorted {
  readonly plain = new Map<SearchKey['kind'], SearchKey[]>();
  readonly not = new Map<SearchKey['kind'], SearchKey[]>();
  readonly flags: (KeyOf<'system'> | KeyOf<'keyword'>)[] = [];

  add(key: SearchKey, negated: boolean): void {
    if (key.kind === 'system' || key.kind === 'keyword') {
      this.flags.push(key);
      return;
    }
    const side = negated ? this.not : this.plain;
    const known = side.get(key.kind);
    if (known) known.push(key);
    else side.set(key.kind, [key]);
  }
}

/** Whether a value is one, or with `any` false all, of the ids: two different ones can never both be it. */
function member(ids: readonly (number | null)[], any: boolean): (value: number) => boolean {
  const wanted = new Set(ids);
  return any || wanted.size === 1 ? (value) => wanted.has(value) : () => false;
}

function costOf(key: SearchKey): number {
  if (key.kind === 'not') return costOf(key.key);
  if (key.kind !== 'and' && key.kind !== 'or') return costs[key.kind] ?? 1;
  return key.keys.reduce((highest, each) => Math.max(highest, costOf(each)), 0);
}
