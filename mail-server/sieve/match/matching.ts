import type { Call } from '../compile/call.ts';
import type { TextList } from '../compile/program.ts';
import type { TagSpecification } from '../compile/syntax-of-call.ts';
import type { Run } from '../run/run.ts';
import { type Comparator, findComparator } from './comparator.ts';
import { compileKey, type Key, type MatchType } from './key.ts';

/** Tags of every test that compares strings (RFC 5228 sections 2.7.1 and 2.7.3, RFC 5231, the regex draft). */
export const MATCHING: Record<string, TagSpecification> = {
  is: { group: 'match type' },
  contains: { group: 'match type' },
  matches: { group: 'match type' },
  regex: { group: 'match type', extension: 'regex' },
  count: { group: 'match type', extension: 'relational', argument: 'string' },
  value: { group: 'match type', extension: 'relational', argument: 'string' },
  comparator: { argument: 'string' },
};

const RELATIONS = ['gt', 'ge', 'lt', 'le', 'eq', 'ne'] as const;
type Relation = (typeof RELATIONS)[number];

/** How the values of a test are compared with its keys. */
export interface Matching {
  type: MatchType;
  check(run: Run, values: Iterable<string>, line: number): boolean;
}

/** Reads match type and comparator of a call; null, and a fault told, if they do not go together. */
export function compileMatching(call: Call, keys: TextList): Matching | null {
  const type: MatchType = call.oneOf('contains', 'matches', 'regex', 'count', 'value') ?? 'is';
  const comparator = readComparator(call);
  const relation = type === 'count' || type === 'value' ? readRelation(call, type) : 'eq';
  if (comparator === null || relation === null) return null;
  if ((type === 'contains' || type === 'matches' || type === 'regex') && !comparator.substrings) {
    call.fault(`the comparator ${comparator.name} does not work with :${type}`);
    return null;
  }
  if (type === 'count') {
    const matches = (run: Run, count: string): boolean => keys.read(run).some((key) => holds(relation, comparator.compare(count, key)));
    return { type, check: (run, values) => matches(run, String([...values].length)) };
  }
  const readKeys = compileKeys(call, keys, type, comparator, relation);
  if (readKeys === null) return null;
  return {
    type,
    check(run, values) {
      const all = readKeys(run);
      for (const value of values) {
        for (const key of all) {
          run.spend(key.cost(value.length));
          const found = key.match(value);
          if (found === null) continue;
          if (found !== true) run.setMatchValues(found);
          return true;
        }
      }
      return false;
    },
  };
}

/** Keys that hold no variable are prepared once. */
function compileKeys(
  call: Call,
  keys: TextList,
  type: MatchType,
  comparator: Comparator,
  relation: Relation,
): ((run: Run) => readonly Key[]) | null {
  const { limits } = call.compiler;
  const keep = call.compiler.uses('variables');
  const decide = (difference: number): boolean => holds(relation, difference);
  const prepare = (key: string, charge: (size: number) => void): Key | { sentence: string } =>
    compileKey(key, type, comparator, { limits, keep, decide, charge });
  if (keys.constant === null) {
    // a pattern made of variables that turns out to be none matches nothing
    return (run) =>
      keys.read(run).flatMap((key) => {
        run.spend(1 + (key.length >> 3));
        const prepared = prepare(key, (size) => run.spend(size));
        return 'match' in prepared ? [prepared] : [];
      });
  }
  const prepared: Key[] = [];
  for (const [at, key] of keys.constant.entries()) {
    const one = prepare(key, (size) => call.compiler.chargeRegex(size));
    if (call.compiler.project.regexSize > limits.regexTotal) {
      call.fault('the regular expressions of the script are too complex together', keys.line);
      return null;
    }
    if ('match' in one) prepared.push(one);
    else {
      call.fault(one.sentence, keys.lines[at]);
      return null;
    }
  }
  return () => prepared;
}

function readComparator(call: Call): Comparator | null {
  const name = call.tagText('comparator');
  const line = name?.line ?? call.line;
  if (name !== null && name.constant === null) {
    call.fault('the name of a comparator must not hold variables', line);
    return null;
  }
  const known = name?.constant?.toLowerCase() ?? 'i;ascii-casemap';
  const comparator = findComparator(known);
  const needsRequire = comparator !== undefined && !ALWAYS_THERE.has(known) && !call.compiler.uses(`comparator-${known}`);
  if (comparator === undefined || needsRequire) {
    call.fault(`unknown comparator '${known.slice(0, 100)}'${needsRequire ? `; it needs require "comparator-${known}"` : ''}`, line);
    return null;
  }
  return comparator;
}

const ALWAYS_THERE = new Set(['i;octet', 'i;ascii-casemap']);

function readRelation(call: Call, tag: string): Relation | null {
  const given = call.tagText(tag);
  const relation = RELATIONS.find((one) => one === given?.constant?.toLowerCase());
  if (relation !== undefined) return relation;
  call.fault(`:${tag} must be followed by one of ${RELATIONS.join(', ')}`, given?.line);
  return null;
}

function holds(relation: Relation, difference: number): boolean {
  if (difference === 0) return relation === 'eq' || relation === 'ge' || relation === 'le';
  if (relation === 'ne') return true;
  return difference > 0 ? relation === 'gt' || relation === 'ge' : relation === 'lt' || relation === 'le';
}
