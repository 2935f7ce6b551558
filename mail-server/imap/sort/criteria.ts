import { limits } from '../limits.ts';
import type { Cursor } from '../parser/cursor.ts';
import { ParseError } from '../parser/parse-error.ts';

export type SortField = 'ARRIVAL' | 'CC' | 'DATE' | 'FROM' | 'SIZE' | 'SUBJECT' | 'TO';
export interface SortCriterion {
  field: SortField;
  reverse: boolean;
}

const fields: readonly string[] = ['ARRIVAL', 'CC', 'DATE', 'FROM', 'SIZE', 'SUBJECT', 'TO'] satisfies SortField[];

/** "(" criteria ")" of RFC 5256 section 3. */
export function parseSortCriteria(args: Cursor): SortCriterion[] {
  const criteria: SortCriterion[] = [];
  args.list(1, () => {
    let name = args.keyword();
    const reverse = name === 'REVERSE';
    if (reverse) {
      args.space();
      name = args.keyword();
    }
    const field = fields.find((each): each is SortField => each === name);
    if (!field) throw new ParseError('Unknown sort key');
    if (criteria.length >= limits.sortKeys) throw new ParseError('Too many sort keys');
    criteria.push({ field, reverse });
  });
  return criteria;
}
