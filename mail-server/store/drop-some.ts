import type { Query } from './postgres/statement.ts';

/**
 * For housekeeping: deletes rows of a table that mean nothing any more, so many at a time. `which` may name parameters, which the caller gives
 * along. True: there is more.
 */
export function dropSome(name: string, table: string, which: string, most = 1000) {
  const statement = {
    name,
    text: `with gone as (delete from ${table} where ctid = any (array(select ctid from ${table} where ${which} limit ${most})) returning 1)
      select count(*) = ${most} from gone`,
  };
  return async (query: Query, ...values: readonly unknown[]): Promise<boolean> => (await query(statement, values))[0]?.[0] === true;
}
