import { dropSome } from '../drop-some.ts';
import { onceFor } from '../../../lib/config/once-for.ts';
import { storableJson } from '../../../lib/mime/storable-json.ts';
import { int8Array } from '../postgres/binary-client.ts';
import type { Database, Query } from '../postgres/database.ts';

export type ReportKind = 'tls' | 'dmarc';

/** Something that happened, to be told to a domain. The facts are ASCII of our own choosing, so that equal ones are equal text. */
export interface CountedFact {
  kind: ReportKind;
  /** the organizational domain, by which the rows are bounded */
  organization: string;
  domain: string;
  success: boolean;
  facts: unknown;
}

interface Counted extends CountedFact {
  day: string;
  text: string;
  count: number;
}

// what is above the bound is left out of the report: a stranger must not be able to fill the table, nor, by what fails, hide what does not
const add = {
  name: 'report_count_add',
  text: `with given as (
      select * from unnest($1::text[]::date[], $2::text[], $3::text[], $4::text[], $5::text[]::bool[], $6::text[]::jsonb[], $7::int8[])
        as g(day, kind, organization, domain, success, facts, count)),
    room as (
      select d.*, (select count(*) from (select 1 from report_count c where c.day = d.day and c.kind = d.kind
        and c.organization = d.organization and c.success = d.success limit $8) have) as have
      from (select distinct day, kind, organization, success from given) d),
    placed as (
      select g.*, sha256(convert_to(g.facts::text, 'UTF8')) as key,
        r.have + row_number() over (partition by day, kind, organization, success order by g.count desc) as place
      from given g join room r using (day, kind, organization, success))
    insert into report_count (day, kind, organization, domain, success, key, facts, count)
      select day, kind, organization, domain, success, key, facts, count from placed p
      where place <= $8 or exists (select 1 from report_count c where c.day = p.day and c.kind = p.kind and c.organization = p.organization
        and c.domain = p.domain and c.success = p.success and c.key = p.key)
      order by day, kind, organization, domain, success, key
    on conflict (day, kind, organization, domain, success, key) do update set count = report_count.count + excluded.count`,
};
const isOver = `day < (now() at time zone 'UTC')::date - $1::int`;
const dropCounts = dropSome('report_count_drop', 'report_count', isOver);
const dropSendings = dropSome('report_sending_drop', 'report_sending', isOver);

/** rows of a day for one organization: as many of what went well, as many of what did not */
const mostRows = 1_000;
/** different facts in memory, of some kilobytes each; so many are only there while the database is away */
const mostFacts = 5_000;
const flushAfterMs = 5_000;
const rowsPerStatement = 1_000;

/**
 * Counts for the reports of the day, in memory and added to the database now and then: a letter costs an entry in a map. What is in it is
 * lost when the process is killed, some seconds of statistics.
 */
class ReportCounts {
  readonly #database: Database;
  #facts = new Map<string, Counted>();
  #organizations = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> = Promise.resolve();

  constructor(database: Database) {
    this.#database = database;
  }

  add(fact: CountedFact): void {
    this.#put({ ...fact, day: new Date().toISOString().slice(0, 10), text: storableJson(fact.facts), count: 1 });
  }

  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#write());
    return this.#flushing;
  }

  #put(counted: Counted): void {
    const key = [counted.day, counted.kind, counted.domain, counted.success, counted.text].join(' ');
    const known = this.#facts.get(key);
    if (known) {
      known.count += counted.count;
      return;
    }
    const organization = `${counted.kind} ${counted.success} ${counted.organization}`;
    const have = this.#organizations.get(organization) ?? 0;
    if (this.#facts.size >= mostFacts || have >= mostRows) return;
    this.#organizations.set(organization, have + 1);
    this.#facts.set(key, counted);
    if (this.#facts.size === rowsPerStatement) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), flushAfterMs).unref();
  }

  async #write(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const all = [...this.#facts.values()];
    this.#facts = new Map();
    this.#organizations = new Map();
    for (let from = 0; from < all.length; from += rowsPerStatement) {
      const rows = all.slice(from, from + rowsPerStatement);
      // while the database is away they wait with what comes, within the same bounds
      await addCounts(this.#database.write, rows).catch(() => {
        for (const row of rows) this.#put(row);
      });
    }
  }
}

function addCounts(query: Query, rows: readonly Counted[]): Promise<unknown> {
  const column = (of: (row: Counted) => string): string[] => rows.map(of);
  return query(add, [
    column(({ day }) => day),
    column(({ kind }) => kind),
    column(({ organization }) => organization),
    column(({ domain }) => domain),
    column(({ success }) => String(success)),
    column(({ text }) => text),
    int8Array(rows.map(({ count }) => count)),
    mostRows,
  ]);
}

/** The counts that all parts of a process with this database share. */
export const countsOf = onceFor((database: Database) => new ReportCounts(database));

/** Counts of days that were reported, or never will be. True: there is more. */
export const dropReportCounts = async (query: Query, keepDays: number): Promise<boolean> =>
  (await dropCounts(query, keepDays)) || (await dropSendings(query, keepDays));
