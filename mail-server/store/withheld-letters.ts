import type { AccountId, CustomerId } from '../../lib/db/ids.ts';
import { provenanceColumns, type Provenance } from '../../lib/mime/judgement.ts';
import { int8Array } from './postgres/binary-client.ts';
import type { Database, Query } from './postgres/database.ts';
import { storable } from '../../lib/mime/decode-charset.ts';

export type WithheldCause = 'virus' | 'program' | 'not_allowed' | 'moderated';

/** A letter that waits for somebody's word: of its mailbox's customer (quarantine), or of a group's moderators. */
export interface NewWithheld {
  for: { account: AccountId } | { group: number; customerId: CustomerId };
  cause: WithheldCause;
  detail: string;
  suspicious: boolean;
  told: boolean;
  recipient: string;
  subject: string;
  shownAuthor: string;
  preview: string;
  sender: string;
  locale: string;
  content: Buffer;
  smtputf8: boolean;
  requireTls: boolean;
  reports: boolean;
  deliveredTo: readonly number[];
  provenance: Provenance;
  /** until it is deleted */
  days: number;
}

const insert = {
  name: 'withheld_insert',
  text: `insert into withheld_letter (customer_id, group_id, mailbox_id, expires_at, cause, detail, suspicious, told, recipient, subject, shown_author,
      preview, sender, locale, content, size, smtputf8, require_tls, reports, delivered_to, origin, author, judgement)
    values (coalesce($1, (select customer_id from mailbox where id = $3)), $2, $3, now() + make_interval(days => $4), $5::withheld_cause, $6, $7, $8, $9,
      $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`,
};
const roomOfCustomers = {
  name: 'withheld_room',
  text: `select c.id, c.quarantines_viruses, $2 - coalesce((select sum(w.size) from withheld_letter w where w.customer_id = c.id), 0)::int8
    from customer c where c.id = any ($1)`,
};
const moderators = {
  name: 'withheld_moderators',
  text: `with named as (select m.address, m.locale from group_moderator g join mailbox m on m.id = g.mailbox_id
      where g.address_id = $1 and m.status = 'active')
    select address, locale, true from named
    union all (select m.address, m.locale, false from app_user u join mailbox m on m.id = u.mailbox_id
      where u.customer_id = $2 and u.role in ('owner', 'administrator') and m.status = 'active' and not exists (select 1 from named) limit 20)`,
};
const waiting = {
  name: 'withheld_waiting',
  text: `select count(*), count(*) filter (where told and created_at > now() - interval '1 hour') from withheld_letter where group_id = $1`,
};
const isModerator = {
  name: 'withheld_is_moderator',
  text: `select g.address_id from group_moderator g join address a on a.mailbox_id = g.mailbox_id
    where g.address_id = any ($1) and a.address = $2 and a.kind = 'mailbox'`,
};

/** Lists show a line of each. */
const line = (text: string, most: number): string =>
  storable(text)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, most);

export async function withhold(query: Query, letter: NewWithheld): Promise<void> {
  const [customer, group, account] =
    'account' in letter.for ? [null, null, letter.for.account] : [letter.for.customerId, letter.for.group, null];
  const { days, cause, detail, suspicious, told, recipient, subject, shownAuthor, preview, sender, locale, content } = letter;
  const shown = [line(recipient, 320), line(subject, 300), line(shownAuthor, 300), line(preview, 300)];
  await query(insert, [
    customer,
    group,
    account,
    days,
    cause,
    line(detail, 200),
    suspicious,
    told,
    ...shown,
    sender,
    locale,
    content,
    content.length,
    letter.smtputf8,
    letter.requireTls,
    letter.reports,
    int8Array(letter.deliveredTo),
    ...provenanceColumns(letter.provenance),
  ]);
}

export interface QuarantineState {
  /** letters with malware are kept instead of being refused */
  viruses: boolean;
  /** bytes until its letters that wait take all that they may */
  room: number;
}

/** By customer. The room is looked at before a letter is taken, so several at once may take a little more. */
export async function readQuarantines(
  database: Pick<Database, 'read'>,
  customers: readonly CustomerId[],
  bytes: number,
): Promise<Map<CustomerId, QuarantineState>> {
  const rows = await database.read(roomOfCustomers, [int8Array([...new Set(customers)]), bytes]);
  return new Map(rows.map(([id, viruses, room]) => [Number(id) as CustomerId, { viruses: viruses === true, room: Number(room) }]));
}

interface Moderator {
  address: string;
  locale: string;
  /** as the group's moderator; else one of the customer's people, who decide where it has none */
  isNamed: boolean;
}

/** Who is told of a letter to a group that waits: its moderators, and where there are none, the customer's people. */
export async function readModerators(query: Query, group: number, customer: CustomerId): Promise<Moderator[]> {
  const rows = await query(moderators, [group, customer]);
  return rows.map(([address, locale, isNamed]) => ({ address: String(address), locale: String(locale), isNamed: isNamed === true }));
}

/** How many letters to a group wait, and of how many the moderators were told in the last hour. */
export async function countWaiting(database: Pick<Database, 'read'>, group: number): Promise<{ waiting: number; toldOfHour: number }> {
  const [row] = await database.read(waiting, [group]);
  return { waiting: Number(row?.[0] ?? 0), toldOfHour: Number(row?.[1] ?? 0) };
}

/** Which of the groups an address moderates. */
export async function moderatedBy(database: Pick<Database, 'read'>, groups: readonly number[], address: string): Promise<Set<number>> {
  return new Set((await database.read(isModerator, [int8Array(groups), address])).map(([id]) => Number(id)));
}

const expired = {
  name: 'withheld_expire',
  text: `delete from withheld_letter where id in (
      select id from withheld_letter where expires_at < now() order by expires_at, id limit 200 for update skip locked)
    returning group_id, customer_id, shown_author, subject, suspicious`,
};
const groupNamed = {
  name: 'withheld_group',
  text: 'select g.name, a.address from mail_group g join address a on a.id = g.address_id where a.id = $1',
};
const dueSummary = {
  name: 'withheld_summary_due',
  text: `with due as (select c.id, coalesce(c.quarantine_told_at, '-infinity') as told from customer c
      where (c.quarantine_told_at is null or c.quarantine_told_at < now() - interval '1 day') and exists (select 1 from withheld_letter w
        where w.customer_id = c.id and w.mailbox_id is not null and w.created_at > coalesce(c.quarantine_told_at, '-infinity'))
      order by c.id limit 1 for update skip locked),
    noted as (update customer c set quarantine_told_at = now() from due where c.id = due.id)
    select id, told::text from due`,
};
const newInQuarantine = {
  name: 'withheld_summary_letters',
  text: `select cause::text, detail, shown_author, subject, recipient, count(*) over (), $3 - coalesce((select sum(size) from withheld_letter
      where customer_id = $1), 0)::int8 from withheld_letter
    where customer_id = $1 and mailbox_id is not null and created_at > $2::text::timestamptz order by id desc limit 50`,
};
const customersPeople = {
  name: 'withheld_people',
  text: `select m.address, m.locale from app_user u join mailbox m on m.id = u.mailbox_id
    where u.customer_id = $1 and u.role in ('owner', 'administrator') and m.status = 'active' order by m.id limit 20`,
};

export interface ExpiredLetter {
  from: string;
  subject: string;
}

export interface ExpiredOfGroup {
  group: number;
  customerId: CustomerId;
  name: string;
  address: string;
  letters: ExpiredLetter[];
}

/** Deletes letters whose time is over. Those of groups come back, by group, so that moderators can be told in the same transaction. */
export async function expireWithheld(query: Query): Promise<{ more: boolean; groups: ExpiredOfGroup[] }> {
  const rows = await query(expired);
  const groups = new Map<number, ExpiredOfGroup>();
  for (const [group, customer, from, subject, suspicious] of rows) {
    if (group === null || suspicious === true) continue;
    const id = Number(group);
    const known = groups.get(id);
    if (known) known.letters.push({ from: String(from), subject: String(subject) });
    else {
      const [named] = await query(groupNamed, [id]);
      groups.set(id, {
        group: id,
        customerId: Number(customer) as CustomerId,
        name: String(named?.[0] ?? ''),
        address: String(named?.[1] ?? ''),
        letters: [{ from: String(from), subject: String(subject) }],
      });
    }
  }
  return { more: rows.length === 200, groups: [...groups.values()] };
}

export interface QuarantineSummary {
  customerId: CustomerId;
  /** all that are new */
  count: number;
  /** the newest of them */
  letters: { cause: string; detail: string; from: string; subject: string; recipient: string }[];
  isFull: boolean;
  people: { address: string; locale: string }[];
}

/** The next customer in whose quarantine is something new, marked as told with this transaction: once a day. Null: there is none. */
export async function takeQuarantineSummary(query: Query, bytes: number): Promise<QuarantineSummary | null> {
  const [due] = await query(dueSummary);
  if (!due) return null;
  const customer = Number(due[0]) as CustomerId;
  const rows = await query(newInQuarantine, [customer, String(due[1]), bytes]);
  const people = await query(customersPeople, [customer]);
  return {
    customerId: customer,
    count: Number(rows[0]?.[5] ?? 0),
    // the next letter may not find room
    isFull: Number(rows[0]?.[6] ?? bytes) < bytes / 10,
    letters: rows.map(([cause, detail, from, subject, recipient]) => ({
      cause: String(cause),
      detail: String(detail),
      from: String(from),
      subject: String(subject),
      recipient: String(recipient),
    })),
    people: people.map(([address, locale]) => ({ address: String(address), locale: String(locale) })),
  };
}
