import type { EmailAddress } from '../../../lib/addresses/email-address.ts';
import { askTogether } from '../postgres/ask-together.ts';
import { int8Array } from '../postgres/binary-client.ts';
import { postmasterStatement } from '../../../lib/targets/postmaster.ts';
import type { Forwarder } from '../../../lib/targets/memory-key.ts';
import type { Database, Query } from '../postgres/database.ts';

/** Whom a failure of a forward is told. */
export interface ForwardOwner {
  address: EmailAddress;
  locale: string;
  customerId: number;
  /** since when it is paused, because it had failed for a week; null: it is not */
  pausedAt: string | null;
}

const week = `interval '7 days'`;
/** `counts`: the parameter that tells whether it says anything of the forward */
const noted = (table: string, where: string, counts: string): string => `update ${table} set
    failing_since = case when ${counts}::boolean then coalesce(failing_since, now()) else failing_since end,
    paused_at = case when ${counts}::boolean and failing_since < now() - ${week} then coalesce(paused_at, now()) else paused_at end,
    pause_reason = case when ${counts}::boolean and failing_since < now() - ${week} then coalesce(pause_reason, $2) else pause_reason end
  where ${where} returning id, paused_at::text as paused`;

const forwardFailed = {
  name: 'forward_failed',
  text: `with n as (${noted('mailbox_forward', 'id = $1', '$3')})
    select m.address, m.locale, m.customer_id, n.paused from n join mailbox_forward f on f.id = n.id join mailbox m on m.id = f.mailbox_id
    where m.status <> 'deleted'`,
};
/**
 * Set by a person with a mailbox, else told to the customer's owner. Which of several failed, a report that names none does not say: that is told, and
 * counts for none; and no mailbox ever rests for what came back from elsewhere.
 */
const isOutside = 'address_id = $1 and outside is not null';
const isMeant = `$4::boolean and ($3::text is not null or (select count(*) from address_target where ${isOutside}) = 1)`;
const addressFailed = {
  name: 'forward_address_failed',
  text: `with n as (${noted('address_target', `${isOutside} and ($3::text is null or outside = $3)`, `(${isMeant})`)})
    select p.address, p.locale, d.customer_id, case when bool_and(n.paused is not null) then max(n.paused) end
    from n join address_target t on t.id = n.id join address a on a.id = t.address_id join domain d on d.id = a.domain_id,
      lateral (select m.address, m.locale from app_user u join mailbox m on m.id = u.mailbox_id
        where u.customer_id = d.customer_id and m.status <> 'deleted' and (t.set_by = 'user:' || u.id or u.role = 'owner')
        order by t.set_by = 'user:' || u.id desc, u.id limit 1) p
    group by 1, 2, 3`,
};
const ofMailbox = (name: string, whose: string) => ({
  name,
  text: `select address, locale, customer_id, null::text from mailbox where ${whose} and status <> 'deleted'`,
});
const rulesFailed = ofMailbox('forward_rules_failed', 'id = $1');
const nobodysFailed = ofMailbox('forward_nobodys_failed', `address = (${postmasterStatement})`);
// what somebody holds is being noted as failing at this moment
const worksAgain = {
  forward: {
    name: 'forward_works',
    text: `update mailbox_forward set failing_since = null where id in (
      select id from mailbox_forward where id = any ($1) and failing_since is not null for update skip locked)`,
  },
  address: {
    name: 'forward_address_works',
    text: `update address_target set failing_since = null where id in (
      select t.id from address_target t join unnest($1::int8[], $2::text[]) a(id, outside) on t.address_id = a.id and t.outside = a.outside
      where t.failing_since is not null for update of t skip locked)`,
  },
};

/** Whose a letter is though what passed it on was taken away meanwhile: the mailbox that kept nothing; the customer of an address. */
interface Behind {
  backTo: number | null;
  customer: number | null;
}

/**
 * RFC 3463: 5.6 and 5.7, too long (5.2.3, 5.3.4). Such a refusal is about one letter and says nothing of the place it went to: a stranger needs no more
 * than two letters that nobody takes, a week apart, to stop a forward that has little to do. A host that no longer has the domain says so with a
 * 5.7 too ("5.7.1 Relay access denied"), in a word by itself: an address that is quoted there is the stranger's.
 */
const isOfTheLetter = (status: string, reply: string): boolean =>
  /^5\.(?:[67]\.|2\.3$|3\.4$)/.test(status) && !/(?:^|\s)relay(?:ing)?(?=[.,;:]?(?:\s|$))/i.test(reply);

/**
 * Notes that a letter could not be passed on, with the other side's words. Of an address nobody answers for any more whoever takes the
 * customer's mail to postmaster is told. Null where nobody is there any more. However often one failure is noted, the same is known of it.
 */
export async function noteForwardFailure(
  write: Query,
  { kind, id }: Forwarder,
  { reply, status }: { reply: string; status: string },
  target: string | null,
  { backTo, customer }: Behind,
): Promise<ForwardOwner | null> {
  const words = reply.slice(0, 500);
  const counts = !isOfTheLetter(status, reply);
  const rows =
    kind === 'rules'
      ? await write(rulesFailed, [id])
      : kind === 'forward'
        ? await write(forwardFailed, [id, words, counts])
        : await write(addressFailed, [id, words, target, counts]);
  if (rows.length === 0 && backTo !== null) rows.push(...(await write(rulesFailed, [backTo])));
  if (rows.length === 0 && kind === 'address' && customer !== null) rows.push(...(await write(nobodysFailed, [customer])));
  const [row] = rows;
  if (!row) return null;
  const [address, locale, customerId, pausedAt] = row as [EmailAddress, string, number, string | null];
  return { address, locale, customerId, pausedAt };
}

interface Success extends Forwarder {
  targets: readonly string[];
}

const noteTogether = askTogether<Success, true>(async (database, all) => {
  const forwards = all.filter(({ kind }) => kind === 'forward').map(({ id }) => id);
  const targets = all.flatMap((one) => (one.kind === 'address' ? one.targets.map((outside) => ({ id: one.id, outside })) : []));
  const pairs = [int8Array(targets.map(({ id }) => id)), targets.map(({ outside }) => outside)];
  await Promise.all([
    forwards.length > 0 ? database.note(worksAgain.forward, [int8Array(forwards)]) : [],
    targets.length > 0 ? database.note(worksAgain.address, pairs) : [],
  ]);
  return new Map(all.map((one) => [one, true]));
});

/**
 * A letter got through: the week begins anew with the next failure. Where it could not be noted, the next letter says it again, and this one's
 * end is written all the same: else it would be sent once more.
 */
export async function noteForwardSuccess(database: Database, by: Forwarder, targets: readonly string[]): Promise<void> {
  if (by.kind !== 'rules') await noteTogether(database, { ...by, targets }).catch(() => undefined);
}
