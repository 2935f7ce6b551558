import type { Session } from '../session.ts';
import { bitOf } from '../select/resolve-flags.ts';
import { flagWords } from '../select/flags-text.ts';
import { countIndexes, eachIndex, resolveSearchSet } from '../select/index-ranges.ts';
import { isRecent, type View } from '../select/view.ts';
import type { MessageColumn, StoredMessage, TextCriterion } from '../../store/types.ts';
import { matchesHeader } from './match-header.ts';
import { matchesSentDay } from './match-sent.ts';
import { everything, type SearchKey } from './keys.ts';

/** Indexes of the messages that match, ascending. */
export async function evaluateSearch(session: Session, view: View, key: SearchKey): Promise<number[]> {
  const all = Array.from({ length: view.shown.count }, (_, index) => index);
  return key === everything ? all : evaluate({ session, view }, key, all);
}

interface Context {
  session: Session;
  view: View;
}

/**
 * Works on sets: each key narrows the candidates that are left. What memory can answer (flags, UIDs, MODSEQ) comes first, then what a
 * column answers (dates, sizes), then texts, so that texts are looked at only where everything cheaper holds.
 */
async function evaluate(context: Context, key: SearchKey, candidates: number[]): Promise<number[]> {
  if (candidates.length === 0) return candidates;
  switch (key.kind) {
    case 'and':
      return evaluateAnd(context, key.keys, candidates);
    case 'or':
      return evaluateOr(context, key.keys, candidates);
    case 'not': {
      const matching = new Set(await evaluate(context, key.key, candidates));
      return candidates.filter((index) => !matching.has(index));
    }
    case 'text':
      return matchTexts(context, [key.criterion], candidates);
    case 'received':
      return byColumn(context, ['received'], candidates, ({ receivedMs = 0 }) => receivedMs >= key.from && receivedMs < key.to);
    case 'size':
      return byColumn(context, ['size'], candidates, ({ size = 0 }) => size > key.more && size < key.less);
    case 'threadid':
      return byColumn(context, ['thread'], candidates, ({ threadId }) => threadId === key.threadId);
    case 'header':
      return byColumn(context, ['header'], candidates, ({ header }) => matchesHeader(header, key.name, key.pattern));
    case 'sent':
      return matchesSentDay(context.session, context.view.shown, candidates, key.from, key.to);
    default:
      return inMemory(context, key, candidates);
  }
}

async function evaluateAnd(context: Context, keys: readonly SearchKey[], candidates: number[]): Promise<number[]> {
  const texts: TextCriterion[] = [];
  const rest: SearchKey[] = [];
  for (const key of keys) {
    if (key.kind === 'text') texts.push(key.criterion);
    else rest.push(key);
  }
  rest.sort((a, b) => cost(a) - cost(b));
  let left = candidates;
  for (const key of rest.filter((each) => cost(each) < textCost)) left = await evaluate(context, key, left);
  // one statement for all texts that must occur together
  if (texts.length > 0) left = await matchTexts(context, texts, left);
  for (const key of rest.filter((each) => cost(each) >= textCost)) left = await evaluate(context, key, left);
  return left;
}

async function evaluateOr(context: Context, keys: readonly SearchKey[], candidates: number[]): Promise<number[]> {
  const matching = new Set<number>();
  let left = candidates;
  for (const key of [...keys].sort((a, b) => cost(a) - cost(b))) {
    for (const index of await evaluate(context, key, left)) matching.add(index);
    left = left.filter((index) => !matching.has(index));
  }
  return candidates.filter((index) => matching.has(index));
}

const textCost = 10;

function cost(key: SearchKey): number {
  switch (key.kind) {
    case 'received':
    case 'size':
    case 'threadid':
      return 2;
    case 'sent':
      return 3;
    case 'text':
      return textCost;
    case 'header':
      return textCost + 1;
    case 'not':
      return cost(key.key);
    case 'and':
    case 'or':
      return Math.max(...key.keys.map(cost));
    default:
      return 1;
  }
}

async function matchTexts({ session, view }: Context, criteria: TextCriterion[], candidates: number[]): Promise<number[]> {
  if (candidates.length === 0) return candidates;
  const ids = candidates.map((index) => view.shown.messageIds[index] ?? 0);
  const matching = await session.store.matchText(session.account, ids, criteria);
  return candidates.filter((index) => matching.has(view.shown.messageIds[index] ?? 0));
}

async function byColumn(
  { session, view }: Context,
  columns: MessageColumn[],
  candidates: number[],
  keep: (message: StoredMessage) => boolean,
): Promise<number[]> {
  const ids = candidates.map((index) => view.shown.messageIds[index] ?? 0);
  const kept = new Set<number>();
  for await (const chunk of session.store.readMessages(session.account, ids, columns)) {
    for (const message of chunk) if (keep(message)) kept.add(message.messageId);
  }
  return candidates.filter((index) => kept.has(view.shown.messageIds[index] ?? 0));
}

function inMemory({ view }: Context, key: SearchKey, candidates: number[]): number[] {
  const { shown } = view;
  switch (key.kind) {
    case 'all':
      return candidates;
    case 'system':
      return byFlag(view, key.bit, key.present, candidates);
    case 'keyword': {
      const bit = bitOf(view.keywords, key.name);
      if (bit === null) return key.present ? [] : candidates;
      return byFlag(view, 1n << BigInt(bit), key.present, candidates);
    }
    case 'recent':
      return candidates.filter((index) => isRecent(view, shown.uids[index] ?? 0));
    case 'modseq':
      return candidates.filter((index) => (shown.modseqs[index] ?? 0) >= key.from);
    case 'emailid':
      return candidates.filter((index) => shown.messageIds[index] === key.messageId);
    case 'set': {
      const ranges = resolveSearchSet(key.set, shown, key.byUid, view.saved);
      if (candidates.length === shown.count && countIndexes(ranges) === shown.count) return candidates;
      const wanted = new Set(eachIndex(ranges));
      return candidates.filter((index) => wanted.has(index));
    }
    default:
      return [];
  }
}

function byFlag(view: View, bit: bigint, present: boolean, candidates: number[]): number[] {
  const words = flagWords(view.shown);
  const high = bit > 0xffff_ffffn ? 1 : 0;
  const mask = Number(high ? bit >> 32n : bit) | 0;
  return candidates.filter((index) => (((words[index * 2 + high] ?? 0) & mask) !== 0) === present);
}
