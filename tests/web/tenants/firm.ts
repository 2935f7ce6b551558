import type pg from 'pg';
import { sql } from '#tests/support/passwords.ts';
import { type Caller, form } from './caller.ts';

/** A customer with everything that another one could reach for. */
export interface Firm {
  domain: string;
  customerId: number;
  mailboxes: { chef: number; verw: number; nutzer: number; weg: number };
  /** app passwords of chef and nutzer */
  appPasswords: number[];
  /** a forward, a group and a catch-all */
  addresses: number[];
  users: number[];
  /** numbers of sign-ins of its people */
  sessions: number[];
  upload: string;
  /** a letter to the group that waits for chef, and one in quarantine */
  withheld: number[];
  /** of nutzer */
  forwards: number[];
  /** to be answered by it */
  requests: number[];
  owner: Caller;
  administrator: Caller;
  user: Caller;
}

export const password = 'Laerchenladen im Tal 7';
const locals = ['chef', 'verw', 'nutzer', 'weg'] as const;

export async function createFirm(newCaller: () => Caller, databaseUrl: string, domain: string): Promise<Firm> {
  const owner = newCaller();
  const ask = (text: string, values: readonly unknown[]) => sql(databaseUrl, text, values);
  await owner.act('signUpAction', null, form({ customer: domain, address: `chef@${domain}`, password }));
  await owner.act('addDomainAction', null, form({ name: domain }));
  for (const local of locals) {
    const kind = local === 'chef' ? 'made' : 'own';
    const fields = { localPart: local, domain, quota: 2 ** 30, passwordKind: kind, password: `${password} ${local}` };
    await owner.act('createMailboxAction', null, form(fields));
  }
  const rows = await ask('select id::int, local_part from mailbox where address like $1', [`%@${domain}`]);
  const id = (local: string): number => Number(rows.find((row) => row['local_part'] === local)?.['id']);
  const mailboxes = { chef: id('chef'), verw: id('verw'), nutzer: id('nutzer'), weg: id('weg') };
  await owner.act('setRoleAction', mailboxes.verw, null, form({ role: 'administrator' }));
  await owner.act('addAliasAction', mailboxes.nutzer, null, form({ localPart: 'info', domain }));
  const leading = (kind: string, localPart: string) =>
    owner.act('saveAddressAction', null, form({ kind, localPart, domain, targets: `nutzer@${domain}`, name: 'Das Team' }));
  await leading('forward', 'office');
  await leading('group', 'team');
  await leading('catch_all', '');
  await owner.act('setSendAsAction', `office@${domain}`, null, form({ mailbox: mailboxes.nutzer, way: 'as' }));
  await owner.act('createAppPasswordAction', mailboxes.nutzer, null, form({ label: 'Telefon', current: password }));
  await owner.act('createAppPasswordAction', mailboxes.chef, null, form({ label: 'Telefon', current: password }));
  await owner.act('changeMailboxAction', mailboxes.weg, 'delete');
  await owner.act('addMailboxForwardAction', mailboxes.nutzer, null, form({ target: `chef@${domain}`, keep: 'on' }));
  await owner.act('saveMailboxAbsenceAction', mailboxes.nutzer, null, form({ enabled: '', everyDays: 7, text: 'Bin weg.' }));
  const administrator = await newCaller().signIn(`verw@${domain}`, `${password} verw`);
  const user = await newCaller().signIn(`nutzer@${domain}`, `${password} nutzer`);
  const headers = { 'x-postamt-mailbox': encodeURIComponent(`nutzer@${domain}`) };
  const upload = await user.request('/api/mail/uploads?name=a.txt&type=text/plain', { method: 'POST', body: 'geheim', headers });
  await ask(
    `with r as (insert into received_report (domain_id, kind, reporter, report_id, organization, from_at, until_at, policy)
        select id, 'dmarc', $2, '1', 'Melder', now(), now(), '{}' from domain where name = $1 returning id)
      insert into received_report_row select id, 0, '192.0.2.9', 7, true, 'none', '{}' from r`,
    [domain, `melder.${domain}`],
  );
  const [customer] = await ask('select customer_id::int as id from domain where name = $1', [domain]);
  const all = Object.values(mailboxes);
  await ask(`insert into group_moderator select a.id, $1 from address a where a.address = $2`, [mailboxes.chef, `team@${domain}`]);
  await ask(
    `insert into withheld_letter (customer_id, group_id, mailbox_id, expires_at, cause, recipient, subject, shown_author, preview, sender, content, size)
      select d.customer_id, case when n = 1 then a.id end, case when n = 2 then $1::int8 end, now() + interval '1 day',
        (array['not_allowed', 'virus'])[n]::withheld_cause, $2, 'geheim', 'geheim', 'geheim', 'x@extern.example', 'geheim', 6
      from address a join domain d on d.id = a.domain_id, generate_series(1, 2) n where a.address = $2`,
    [mailboxes.nutzer, `team@${domain}`],
  );
  // told of it already: no summary comes while what they have is compared
  await ask(`update customer c set quarantine_told_at = now() from domain d where d.customer_id = c.id and d.name = $1`, [domain]);
  const numbers = async (text: string, value: unknown) => (await ask(text, [value])).map((row) => Number(row['id']));
  const customerId = Number(customer?.['id']);
  await ask(
    `insert into domain_request (customer_id, name, owner_id, parent, asked_by) select id, 'anfrage.' || $2, id, $2, '' from customer where id = $1`,
    [customerId, domain],
  );
  return {
    domain,
    customerId,
    mailboxes,
    appPasswords: await numbers('select id::int from app_password where mailbox_id = any($1) order by id', all),
    addresses: await numbers(
      `select a.id::int from address a join domain d on d.id = a.domain_id where d.customer_id = $1 and a.kind <> 'mailbox' order by 1`,
      customerId,
    ),
    users: await numbers('select id::int from app_user where customer_id = $1 order by id', customerId),
    forwards: await numbers('select id::int from mailbox_forward where mailbox_id = any($1) order by id', all),
    requests: await numbers('select id::int from domain_request where owner_id = $1 order by id', customerId),
    sessions: await numbers('select id::int from web_session where mailbox_id = any($1) order by id', all),
    withheld: await numbers('select id::int from withheld_letter where customer_id = $1 order by id', customerId),
    upload: String((JSON.parse(upload.text) as { id?: string }).id),
    owner,
    administrator,
    user,
  };
}

const inMailboxes = 'mailbox_id in (select id from mailbox where customer_id = $1)';
const inDomains = 'domain_id in (select id from domain where customer_id = $1)';
const inAddresses = `address_id in (select id from address where ${inDomains})`;
const state: readonly [table: string, where: string][] = [
  ['customer', 'id = $1'],
  ['domain', 'customer_id = $1'],
  ['dkim_key', inDomains],
  ['domain_request', 'customer_id = $1'],
  ['mailbox', 'customer_id = $1'],
  ['app_user', 'customer_id = $1'],
  ['address', inDomains],
  ['address_target', inAddresses],
  ['mail_group', inAddresses],
  ['group_moderator', inAddresses],
  ['withheld_letter', 'customer_id = $1'],
  ['send_as', inAddresses],
  ['app_password', inMailboxes],
  ['web_session', inMailboxes],
  ['upload', inMailboxes],
  ['mailbox_forward', inMailboxes],
  ['absence', inMailboxes],
  ['sender_rule', inMailboxes],
  ['sieve_script', 'account_id in (select id from mailbox where customer_id = $1)'],
  ['folder', 'account_id in (select id from mailbox where customer_id = $1)'],
  ['folder_message', 'account_id in (select id from mailbox where customer_id = $1)'],
];

const stateStatement = state
  .map(
    ([table, where]) => `select '${table}' as name, coalesce(jsonb_agg(to_jsonb(t) - 'last_login_at' - 'last_used_at' - 'expires_at'
      - 'dns_report' - 'dns_checked_at' - 'dkim_checked_at' - 'proved_at' order by to_jsonb(t)::text), '[]')::text as rows from ${table} t where ${where}`,
  )
  .join(' union all ');

/** Everything of a customer that somebody else could change, as text. `database` stays open: so many tables cost a new connection long planning. */
export async function stateOf(database: pg.Client, { customerId }: Firm): Promise<Record<string, string>> {
  const { rows } = await database.query<{ name: string; rows: string }>({ name: 'state', text: stateStatement, values: [customerId] });
  return Object.fromEntries(rows.map((row) => [row.name, row.rows]));
}
