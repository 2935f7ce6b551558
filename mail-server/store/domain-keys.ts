import type { DkimAlgorithm, PublishedKey } from '../../lib/dkim/key-record.ts';
import { cnameSelectors } from '../../lib/dkim/plan-keys.ts';
import type { Query } from './postgres/database.ts';

export interface TendedDomain {
  id: number;
  name: string;
  rsa: { selector: string; publicKey: string; seen: boolean; madeAt: number };
  others: readonly { selector: string; algorithm: DkimAlgorithm; publicKey: string; seen: boolean; retired: boolean }[];
}

/** While letters that are signed with a key may be on their way (POSTAMT_QUEUE_DAYS, and as much at other hosts). */
const keptDays = 7;

// What is not seen yet, and what waits to take over, soon and often; what signs, now and then; what nobody sets, seldom.
const isDue = (waits: string, made: string, checked: string): string =>
  `${checked} < now() - case when not (${waits}) or ${made} < now() - interval '30 days' then interval '6 hours'
    when ${made} > now() - interval '1 day' then interval '5 minutes' else interval '1 hour' end`;
// After POSTAMT_DKIM_ZONE was set or taken away, and after an upgrade, keys are made within minutes and not at the next look.
const slots = cnameSelectors.map((selector) => `'${selector}'`).join(', ');
const lacksKeys = `case when $1
    then (select count(*) from (select d.dkim_selector as selector union all select k.selector from dkim_key k where k.domain_id = d.id) s
      where s.selector in (${slots})) < ${cnameSelectors.length}
    else not exists (select 1 from dkim_key k where k.domain_id = d.id and k.algorithm = 'ed25519' and k.retired_at is null
      and k.selector not in (${slots})) end`;
const keyIsDue = isDue("k.seen_at is null or k.algorithm = 'rsa'", 'k.made_at', 'k.checked_at');
// the one in use is looked at together with the one that waits to take over from it
const rsaIsDue = `(${isDue('d.dkim_seen_at is null', 'd.dkim_made_at', 'd.dkim_checked_at')} or exists (
  select 1 from dkim_key k where k.domain_id = d.id and k.algorithm = 'rsa' and k.retired_at is null and ${keyIsDue}))`;
const statements = {
  // marked first, so that a domain without an answer does not come again at once
  take: {
    name: 'domain_keys_take',
    text: `with due as (select d.id, ${rsaIsDue} as rsa from domain d where d.verified_at is not null and d.displaced_from is null
        and (${rsaIsDue} or ${lacksKeys}
          or exists (select 1 from dkim_key k where k.domain_id = d.id and k.retired_at is null and ${keyIsDue}))
        order by d.dkim_checked_at limit 1 for update skip locked),
      looked as (update dkim_key k set checked_at = now() from due
        where k.domain_id = due.id and k.retired_at is null and ${keyIsDue} returning k.selector),
      looked_rsa as (update domain d set dkim_checked_at = now() from due where d.id = due.id and due.rsa returning d.dkim_selector)
      select id, coalesce((select string_agg(selector, ' ') from looked), '') || ' ' || coalesce((select dkim_selector from looked_rsa), '') from due`,
  },
  read: {
    name: 'domain_keys_read',
    text: `select name, dkim_selector, dkim_public_key, dkim_seen_at is not null, (extract(epoch from dkim_made_at) * 1000)::int8
      from domain where id = $1`,
  },
  others: {
    name: 'domain_keys_others',
    text: `select selector, algorithm::text, public_key, seen_at is not null, retired_at is not null from dkim_key where domain_id = $1 order by id`,
  },
  seen: { name: 'domain_keys_seen', text: "select coalesce(dkim_key_seen($1, $2, $3, $4)::text, '')" },
  add: {
    name: 'domain_keys_add',
    text: `insert into dkim_key (domain_id, selector, algorithm, private_key, public_key)
      values ($1, $2, $3::dkim_algorithm, $4, $5) on conflict do nothing`,
  },
  lock: { name: 'domain_keys_lock', text: 'select id from domain where id = $1 for update' },
  drop: { name: 'domain_keys_drop', text: 'delete from dkim_key where domain_id = $1 and selector = any($2::text[])' },
  dropRetired: {
    name: 'domain_keys_drop_retired',
    text: 'delete from dkim_key where domain_id = $1 and retired_at < now() - make_interval(days => $2)',
  },
};

export async function readDomainKeys(query: Query, id: number): Promise<TendedDomain | null> {
  const [domain] = (await query(statements.read, [id])) as [string, string, string, boolean, number][];
  if (!domain) return null;
  const [name, selector, publicKey, seen, madeAt] = domain;
  const others = (await query(statements.others, [id])) as [string, DkimAlgorithm, string, boolean, boolean][];
  return {
    id,
    name,
    rsa: { selector, publicKey, seen, madeAt: Number(madeAt) },
    others: others.map((key) => ({ selector: key[0], algorithm: key[1], publicKey: key[2], seen: key[3], retired: key[4] })),
  };
}

/**
 * A domain with keys to be looked at (`due`: their selectors), which are marked as looked at, or that lacks one. `byCname`: the installation
 * publishes. Null: there is none.
 */
export async function takeDomainToTend(query: Query, byCname: boolean): Promise<(TendedDomain & { due: readonly string[] }) | null> {
  const [row] = (await query(statements.take, [byCname])) as [number, string][];
  const domain = row && (await readDomainKeys(query, row[0]));
  return domain ? { ...domain, due: row[1].split(' ') } : null;
}

export async function noteKeySeen(
  query: Query,
  domain: number,
  key: Pick<PublishedKey, 'selector' | 'publicKey'>,
  seen: boolean,
): Promise<void> {
  await query(statements.seen, [domain, key.selector, key.publicKey, seen]);
}

/** In the order of dkim_key_seen: the domain's row first. False: it is gone. */
export const lockDomain = async (query: Query, domain: number): Promise<boolean> => (await query(statements.lock, [domain])).length > 0;

export async function addDomainKey(query: Query, domain: number, key: PublishedKey & { privateKey: string }): Promise<void> {
  await query(statements.add, [domain, key.selector, key.algorithm, key.privateKey, key.publicKey]);
}

export async function dropDomainKeys(query: Query, domain: number, selectors: readonly string[]): Promise<void> {
  await query(statements.drop, [domain, `{${selectors.join(',')}}`]);
}

export async function dropRetiredKeys(query: Query, domain: number): Promise<void> {
  await query(statements.dropRetired, [domain, keptDays]);
}
