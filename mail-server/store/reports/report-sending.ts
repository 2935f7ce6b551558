import type { Query } from '../postgres/database.ts';
import type { ReportKind } from './report-counts.ts';

/** The report of one day to one domain, which nobody else works on for the next minutes. */
export interface ReportClaim {
  /** "2026-11-28", UTC */
  day: string;
  kind: ReportKind;
  organization: string;
  domain: string;
  /** this one included */
  attempts: number;
}

export interface CountedFacts<Facts> {
  facts: Facts;
  count: number;
}

// once a day; spread over four hours, so that not all hosts of the world send theirs at midnight (RFC 8460 section 4.1)
const plan = {
  name: 'report_sending_plan',
  text: `with days as (
      select d::date as day from generate_series($1::text::date - 4, $1::text::date - 1, interval '1 day') d
      where exists (select 1 from report_count c where c.day = d::date)
        and not exists (select 1 from report_sending s where s.day = d::date and s.kind = 'plan')),
    planned as (
      insert into report_sending (day, kind, organization, domain, next_at)
        select c.day, c.kind, c.organization, c.domain, (c.day + 1)::timestamp at time zone 'UTC'
          + make_interval(secs => 900 + (hashtext(c.domain || $2)::int8 & 16383) % 13500)
        from (select day, kind, organization, domain,
            row_number() over (partition by day, kind, organization order by sum(count) desc) as place
          from report_count where day in (select day from days) group by day, kind, organization, domain) c
        where c.place <= $3
      on conflict (day, kind, domain) do nothing returning 1)
    insert into report_sending (day, kind, organization, domain, done_at)
      select day, 'plan', '', '', now() from days on conflict (day, kind, domain) do nothing`,
};
/** whoever has a record for each of a thousand names gets so many reports of a day, those about most */
const mostOfOrganization = 200;
const claim = {
  name: 'report_sending_claim',
  text: `update report_sending s set attempts = s.attempts + 1,
      next_at = $1::timestamptz + make_interval(mins => 15 * (1 << least(s.attempts, 5)))
    from (select day, kind, domain from report_sending where next_at <= $1 order by next_at limit 1 for update skip locked) d
    where s.day = d.day and s.kind = d.kind and s.domain = d.domain
    returning s.day::text, s.kind, s.organization, s.domain, s.attempts`,
};
const conclude = {
  name: 'report_sending_conclude',
  text: `update report_sending set next_at = null, done_at = now(), outcome = $4
    where day = $1::text::date and kind = $2 and domain = $3 and done_at is null returning 1`,
};
const read = {
  name: 'report_count_read',
  text: `select facts::text, count from report_count
    where day = $1::text::date and kind = $2 and organization = $3 and domain = $4 order by success desc, count desc`,
};

/** Says for each day that is over, once, which reports there are to send. */
export async function planReports(query: Query, today: string, hostName: string): Promise<void> {
  await query(plan, [today, hostName, mostOfOrganization]);
}

/** The next report that is due; whoever dies over it leaves it to another, a quarter of an hour later. */
export async function claimReport(query: Query, now: Date): Promise<ReportClaim | null> {
  const [row] = await query(claim, [now.toISOString()]);
  if (!row) return null;
  const [day, kind, organization, domain, attempts] = row as [string, ReportKind, string, string, number];
  return { day, kind, organization, domain, attempts };
}

/** False: somebody has done it already. */
export const concludeReport = async (query: Query, { day, kind, domain }: ReportClaim, outcome: string): Promise<boolean> =>
  (await query(conclude, [day, kind, domain, outcome])).length > 0;

/** What was counted; the facts are ours. */
export async function readCounts<Facts>(query: Query, { day, kind, organization, domain }: ReportClaim): Promise<CountedFacts<Facts>[]> {
  const rows = await query(read, [day, kind, organization, domain]);
  return rows.map(([facts, count]) => ({ facts: JSON.parse(String(facts)) as Facts, count: Number(count) }));
}
