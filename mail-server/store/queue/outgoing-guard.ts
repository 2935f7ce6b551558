import type { AccountId, CustomerId } from '../../../lib/db/ids.ts';
import type { Query } from '../postgres/database.ts';

/** Where a mailbox stands that wants to send. */
export interface OutgoingState {
  held: boolean;
  /** addresses outside the customer that it never wrote to before: of this letter, in the last hour, in the last day (all since it was last released) */
  strangers: number;
  strangersOfHour: number;
  strangersOfDay: number;
  /** recipients of the last day, and those of them that came back */
  sentOfDay: number;
  bouncedOfDay: number;
}

export type HoldReason = 'strangers' | 'bounces';

// the customer is what the trace has an index of
const ofMailbox = 't.customer_id = m.customer_id and t.account_id = m.id';
// what waited until it was released may come back after that: whoever released it knew
const state = {
  name: 'outgoing_state',
  text: `select m.sending_held_at is not null,
      (select count(*) from unnest($2::text[]) a where not exists (select 1 from correspondent c where c.mailbox_id = m.id and c.address = a)
        and not exists (select 1 from domain d where d.customer_id = m.customer_id and d.name = split_part(a, '@', -1))),
      (select count(*) from correspondent c where c.mailbox_id = m.id and c.first_at > now() - interval '1 hour' and c.first_at > released),
      (select count(*) from correspondent c where c.mailbox_id = m.id and c.first_at > now() - interval '1 day' and c.first_at > released),
      (select count(*) from trace_event t where ${ofMailbox} and t.at > now() - interval '1 day' and t.at > released and t.step = 'submitted'),
      (select count(*) from trace_event t where ${ofMailbox} and t.at > now() - interval '1 day' and t.at > released and t.step = 'bounced'
        and (t.queue_id is null or released < now() - interval '7 days' or t.queue_id in (select s.queue_id from trace_event s, mailbox o where o.id = $1
          and s.customer_id = o.customer_id and s.account_id = $1 and s.at > greatest(now() - interval '7 days', o.sending_released_at) and s.step = 'submitted')))
    from mailbox m, coalesce(m.sending_released_at, '-infinity') released where m.id = $1`,
};
// colleagues are known without being written down
const wroteTo = {
  name: 'outgoing_wrote_to',
  text: `insert into correspondent (mailbox_id, address, by_hand) select m.id, a, $3 from mailbox m, unnest($2::text[]) a
      where m.id = $1 and not exists (select 1 from domain d where d.customer_id = m.customer_id and d.name = split_part(a, '@', -1)) order by a
    on conflict (mailbox_id, address) do update set last_at = now(), by_hand = correspondent.by_hand or excluded.by_hand
      where correspondent.last_at < now() - interval '1 day' or excluded.by_hand > correspondent.by_hand`,
};
const hold = {
  name: 'outgoing_hold',
  text: `with held as (update mailbox set sending_held_at = now(), sending_held_reason = $2 where id = $1 and sending_held_at is null
      returning id, address, locale),
    noted as (insert into audit_event (customer_id, actor, action, subject, details)
      select m.customer_id, 'system', 'mailbox.sending-held', m.address, jsonb_build_object('reason', $2::text) from held h join mailbox m using (id))
    select address, locale from held`,
};
// by a statement of its own: it sees what was put back while the mailbox was waited for (unlessStopped)
const stop = {
  name: 'outgoing_stop',
  text: `update queue_recipient r set next_attempt_at = until_released() from queue_message q
    where q.account_id = $1 and r.message_id = q.id and r.state = 'queued' and (r.leased_until is null or r.leased_until < now())`,
};
const told = {
  name: 'outgoing_told',
  text: `select m.address, m.locale, bool_or(found.operator) from (
      select mailbox_id as id, role = 'operator' as operator from app_user
        where role = 'operator' or (customer_id = $1 and role in ('owner', 'administrator'))
      union all select mailbox_id, true from address where address = $2) found join mailbox m using (id)
    where m.status <> 'deleted' group by 1, 2 limit 20`,
};

const lower = (addresses: readonly string[]): string[] => [...new Set(addresses.map((address) => address.toLowerCase()))].sort();

export async function readOutgoingState(query: Query, account: AccountId, recipients: readonly string[]): Promise<OutgoingState> {
  const [row] = await query(state, [account, lower(recipients)]);
  const [held, ...numbers] = row ?? [];
  const [strangers = 0, strangersOfHour = 0, strangersOfDay = 0, sentOfDay = 0, bouncedOfDay = 0] = numbers.map(Number);
  return { held: held === true, strangers, strangersOfHour, strangersOfDay, sentOfDay, bouncedOfDay };
}

const heldState = { name: 'outgoing_held', text: 'select 1 from mailbox where id = $1 and sending_held_at is not null' };

/** Whether nothing that this mailbox sends leaves at present. */
export const isSendingHeld = async (query: Query, account: AccountId): Promise<boolean> => (await query(heldState, [account])).length > 0;

/**
 * Whom a mailbox writes to is no stranger any more to those who count (readOutgoingState). Only whom somebody wrote to by hand is expected to
 * answer, and believed more: else a stranger would be known by a receipt that he asked for, or by being left.
 */
export async function noteWroteTo(query: Query, account: AccountId, recipients: readonly string[], byHand: boolean): Promise<void> {
  await query(wroteTo, [account, lower(recipients), byHand]);
}

export interface Told {
  address: string;
  locale: string;
  operator: boolean;
}

/**
 * Holds what a mailbox sends: what waits in the queue and what comes. Whom to tell: its user, the customer's people, the operator; empty if it
 * was held already.
 */
export async function holdOutgoing(
  query: Query,
  account: AccountId,
  customer: CustomerId,
  reason: HoldReason,
  postmaster: string | null,
): Promise<{ address: string; told: Told[] } | null> {
  const [row] = await query(hold, [account, reason]);
  if (!row) return null;
  await query(stop, [account]);
  const own = { address: String(row[0]), locale: String(row[1]), operator: false };
  const others = (await query(told, [customer, postmaster])).map(([address, locale, operator]) => ({
    address: String(address),
    locale: String(locale),
    operator: operator === true,
  }));
  return { address: own.address, told: [own, ...others.filter(({ address }) => address !== own.address)] };
}
