import type { Database } from '../postgres/database.ts';

/** What of a step there was with one host or for one reason: recipients; of deferred ones, attempts. */
export interface Tally {
  /** what it is told under */
  kind: 'totals' | 'refused' | 'deferred' | 'bounced';
  what: string;
  count: number;
  /** what was said most often */
  reply: string | null;
}

// each of them is about one recipient, so replies differ by his address: that is left out
const tallies = {
  name: 'queue_summary_tallies',
  text: `with seen as (select case when step = 'stored' and queue_id is null then 'came and stored'
          when step = 'stored' then 'stored from the queue' when step = 'received' then 'came for the queue' else step end as total,
        step, status, regexp_replace(regexp_replace(coalesce(detail, ''), '<[^>]*>', '<…>', 'g'), '\\s+', ' ', 'g') as reply,
        coalesce(nullif(remote, ''), '@' || split_part(recipient, '@', -1)) as host
      from trace_event where at >= coalesce($1::date::timestamp at time zone 'UTC', now() - interval '1 day')
        and ($1::date is null or at < ($1::date + 1)::timestamp at time zone 'UTC')),
    reasons as (select step, case when step = 'deferred' then host when status is null or starts_with(reply, status) or strpos(reply, ' ' || status) > 0
          then reply else status || ' ' || reply end as what, reply
      from seen where step in ('refused', 'deferred', 'bounced')),
    counted as (select step, what, count(*) as count, mode() within group (order by reply) as reply,
        row_number() over (partition by step order by count(*) desc, what) as place from reasons group by step, what)
    (select 'totals', total, count(*), null from seen group by total order by total)
    union all (select step, left(what, 200), count, case when step = 'deferred' then left(reply, 200) end from counted where place <= $2
      order by step, place)`,
};

/** What happened in the last 24 hours, or on one day (in UTC); of reasons and hosts the most frequent ones. */
export async function readTallies(database: Database, day: string | null, limit: number): Promise<Tally[]> {
  return (await database.bulk(tallies, [day, limit])).map(([kind, what, count, reply]) => ({
    kind: kind as Tally['kind'],
    what: String(what),
    count: Number(count),
    reply: typeof reply === 'string' ? reply : null,
  }));
}
