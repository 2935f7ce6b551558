import { createHash } from 'node:crypto';
import type { AccountId } from '../../lib/db/ids.ts';
import { int8Array } from './postgres/binary-client.ts';
import type { Database, Query } from './postgres/database.ts';

/** What a mailbox does with its letters beside its Sieve script, as it stands in the provisioning tables. */
export interface StoredRules {
  address: string;
  name: string;
  locale: string;
  /** the time zone that its user chose, or null */
  timeZone: string | null;
  /** all addresses that are its own */
  addresses: string[];
  /** the domain is confirmed: letters may be passed on to the world */
  domainVerified: boolean;
  /** the customer lets letters be passed on to addresses that are not its own */
  forwardsOutside: boolean;
  customerId: number;
  /** letters with programs wait in the customer's quarantine */
  quarantinesPrograms: boolean;
  /** confirmed by their receivers, and not paused */
  forwards: { id: number; target: string; keep: boolean }[];
  absence: {
    startsMs: number | null;
    endsMs: number | null;
    subject: string;
    text: string;
    onlyContacts: boolean;
    everyDays: number;
    updatedMs: number;
  } | null;
  senders: [sender: string, verdict: 'blocked' | 'allowed'][];
  /** Sieve scripts by name, and which is active */
  scripts: [name: string, content: string][];
  activeScript: string | null;
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::int8`;

const read = {
  name: 'rules_read',
  text: `select json_build_object(
    'address', m.address, 'name', m.name, 'locale', m.locale, 'customerId', m.customer_id,
    'quarantinesPrograms', (select c.quarantines_programs from customer c where c.id = m.customer_id), 'domainVerified', d.verified_at is not null,
    'forwardsOutside', (select c.forwards_outside from customer c where c.id = m.customer_id),
    'timeZone', (select s.time_zone from mailbox_settings s where s.mailbox_id = m.id),
    'addresses', (select coalesce(json_agg(a.address), '[]') from address a where a.mailbox_id = m.id),
    'forwards', (select coalesce(json_agg(json_build_object('id', f.id, 'target', f.target, 'keep', f.keep) order by f.id), '[]')
      from mailbox_forward f join customer c on c.id = m.customer_id
      where f.mailbox_id = m.id and f.confirmed_at is not null and f.paused_at is null
        and (c.forwards_outside or exists (select 1 from domain o where o.customer_id = m.customer_id and o.name = split_part(f.target, '@', -1)))),
    'absence', (select json_build_object('startsMs', ${ms('a.starts_at')}, 'endsMs', ${ms('a.ends_at')}, 'subject', a.subject, 'text', a.text,
        'onlyContacts', a.only_contacts, 'everyDays', a.every_days, 'updatedMs', ${ms('a.updated_at')})
      from absence a where a.mailbox_id = m.id and a.enabled),
    'senders', (select coalesce(json_agg(json_build_array(s.sender, s.verdict)), '[]') from sender_rule s where s.mailbox_id = m.id),
    'scripts', (select coalesce(json_agg(json_build_array(s.name, s.content)), '[]') from sieve_script s where s.account_id = m.id
      and exists (select 1 from sieve_script x where x.account_id = m.id and x.active)),
    'activeScript', (select s.name from sieve_script s where s.account_id = m.id and s.active))::text
    from mailbox m join domain d on d.id = m.domain_id where m.id = $1`,
};
const remember = {
  name: 'rules_remember',
  text: `insert into rule_memory (account_id, key, until) values ($1, $2, now() + make_interval(secs => $3))
    on conflict (account_id, key) do update set until = excluded.until where rule_memory.until <= now() or $4 returning 1`,
};
const remembered = { name: 'rules_remembered', text: 'select 1 from rule_memory where account_id = $1 and key = $2 and until > now()' };
const forget = {
  name: 'rules_forget',
  text: `delete from rule_memory where (account_id, key) in (select account_id, key from rule_memory where until < now() limit 5000)
    returning 1`,
};
const wholeIn = (list: string): string => `strpos(' ' || translate(${list}, E'<>,;:\t\r\n', '        ') || ' ', ' ' || $2 || ' ') > 0`;
// what a colleague wrote to others as well is not what this mailbox wrote
const correspondents = {
  name: 'rules_wrote_to',
  text: `select 1 from message_text t join message m on m.account_id = t.account_id and m.message_id = t.message_id
    where t.account_id = $1 and (m.origin = 'appended' or m.origin = 'submitted' and m.judgement->>'submittedBy' = $1::text)
      and (strpos(t.recipient, $2) > 0 and ${wholeIn('t.recipient')} or strpos(t.copied, $2) > 0 and ${wholeIn('t.copied')}) limit 1`,
};
// Who writes to a very long conversation must not have all of it read; what a program filed by itself, as in Sent, is no copy that was delivered,
// and what lies in Junk is none that anybody sees.
const twin = {
  name: 'rules_twin',
  text: `select a from unnest($1::int8[]) a where exists (select 1 from
      (select m.message_id from message m where m.account_id = a
        and m.thread_id in (select t.thread_id from thread_reference t where t.account_id = a and t.reference = any ($2))
        order by m.message_id desc limit 1000) newest
      join message m on m.account_id = a and m.message_id = newest.message_id
    where (m.envelope = $3 and m.body = $4
        or coalesce(m.judgement->'written'->>'mark', encode(sha256(m.envelope || m.body), 'hex')) = $5)
      and m.origin <> 'appended' and ($6::text is null or m.origin = $6 or m.judgement->>'verdict' = $6) and exists (select 1 from folder_message e join folder f on f.account_id = e.account_id and f.folder_id = e.folder_id
        where e.account_id = m.account_id and e.message_id = m.message_id and f.special_use is distinct from '\\Junk'))`,
};
const colleague = {
  name: 'rules_colleague',
  text: `select 1 from address a join domain d on d.id = a.domain_id join mailbox m on m.customer_id = d.customer_id
    where m.id = $1 and a.address = $2 limit 1`,
};

/** Null if there is no such mailbox. */
export async function readRules(database: Database, account: AccountId): Promise<StoredRules | null> {
  const [row] = await database.read(read, [account]);
  return row ? (JSON.parse(String(row[0])) as StoredRules) : null;
}

/** Remembers a key for so long; false if it is remembered already, and then nothing changes. `anew`: counts from now in any case. */
export async function rememberKey(query: Query, account: AccountId, key: Buffer, seconds: number, anew = false): Promise<boolean> {
  return (await query(remember, [account, key, seconds, anew])).length > 0;
}

export const isRemembered = async (database: Database, account: AccountId, key: Buffer): Promise<boolean> =>
  (await database.read(remembered, [account, key])).length > 0;

/** Remembers a key that nothing else is done with. */
export async function noteKey(database: Database, account: AccountId, key: Buffer, seconds: number): Promise<void> {
  await database.write(remember, [account, key, seconds, false]);
}

/** Housekeeping: rows that mean nothing any more. True: there may be more. */
export async function forgetOldKeys(query: Query): Promise<boolean> {
  return (await query(forget)).length > 0;
}

/** By what the copies of a letter are known as one: Message-ID, date, subject, people and parts (their kinds, lines and octets: a device may write two letters in one second). */
export const markOf = ({ envelope, body }: Pick<Copy, 'envelope' | 'body'>): string =>
  createHash('sha256').update(envelope).update(body).digest('hex');

interface Copy {
  references: readonly bigint[];
  envelope: Buffer;
  body: Buffer;
}

/**
 * Mailboxes to which the same letter was delivered and where it still is, also as a group of ours sent it on. `mark`: of the letter as it was
 * written; `standing`: that the other one must have as well, since whoever knows a letter can write another text under its header.
 */
export async function withTwin(
  database: Database,
  accounts: readonly AccountId[],
  { references, envelope, body }: Copy,
  mark: string,
  standing: 'submitted' | 'attested' | null = null,
): Promise<Set<AccountId>> {
  const rows = await database.read(twin, [int8Array(accounts), int8Array(references), envelope, body, mark, standing]);
  return new Set(rows.map(([account]) => account as AccountId));
}

/** Whether the mailbox has written to this address, or it is of the same customer. `address` in lower case. */
export async function isCorrespondent(database: Database, account: AccountId, address: string): Promise<boolean> {
  const [ours] = await database.read(colleague, [account, address]);
  return ours !== undefined || (await database.bulk(correspondents, [account, address])).length > 0;
}
