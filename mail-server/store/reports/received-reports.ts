import { dropSome } from '../drop-some.ts';
import { storableJson } from '../../../lib/mime/storable-json.ts';
import type { ReceivedReport } from '../../reports/received-report.ts';
import { int8Array } from '../postgres/binary-client.ts';
import type { Query } from '../postgres/database.ts';

/** kept: also when it was there already · foreign: nobody here has that domain · many: its domain got too many lately */
export type Kept = 'kept' | 'foreign' | 'many';

const mostPerDay = 500;
const mostPerReporter = 50;

const keep = {
  name: 'received_report_keep',
  text: `with d as (select id from domain where name = $1 and verified_at is not null),
    lately as (select count(*) >= $15 or count(*) filter (where r.reporter = $3) >= $16 as many
      from received_report r join d on r.domain_id = d.id where r.received_at > now() - interval '1 day'),
    r as (
      insert into received_report (domain_id, kind, reporter, report_id, organization, from_at, until_at, policy)
        select d.id, $2, $3, $4, $5, to_timestamp($6::int8), to_timestamp($7::int8), $8::text::jsonb from d, lately
        where not lately.many
      on conflict (domain_id, kind, reporter, report_id) do nothing returning id),
    rows as (
      insert into received_report_row (received_report_id, line, source, count, success, result, facts)
        select r.id, line, source, count, success, result, facts
        from r, unnest($9::int4[], $10::text[], $11::int8[], $12::text[]::bool[], $13::text[], $14::text[]::jsonb[])
          as each(line, source, count, success, result, facts) returning 1)
    select (select count(*) from d), (select many from lately), (select count(*) from rows)`,
};

/** Keeps a report about a domain that is hosted here, once. `reporter`: the domain that was proved to have sent it. */
export async function keepReport(query: Query, reporter: string, report: ReceivedReport): Promise<Kept> {
  const { rows } = report;
  const [counts] = await query(keep, [
    report.domain,
    report.kind,
    reporter,
    report.reportId,
    report.organization,
    report.from,
    report.until,
    storableJson(report.policy),
    rows.map((_, index) => index),
    rows.map(({ source }) => source),
    int8Array(rows.map(({ count }) => count)),
    rows.map(({ success }) => String(success)),
    rows.map(({ result }) => result),
    rows.map(({ facts }) => storableJson(facts)),
    mostPerDay,
    mostPerReporter,
  ]);
  const [domains, many] = (counts ?? [0, false]) as [number, boolean];
  if (domains === 0) return 'foreign';
  return many ? 'many' : 'kept';
}

/** Reports of so many days ago, which nobody looks at any more. True: there is more. */
export const dropReceivedReports = dropSome(
  'received_report_drop',
  'received_report',
  'received_at < now() - make_interval(days => $1) order by received_at',
  500,
);
