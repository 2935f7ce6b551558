import { sql } from '#tests/support/passwords.ts';
import { type Caller, form } from './caller.ts';

/** A customer with everything that another one could reach for. */
export interface Firm {
  domain: string;
  customerId: number;
  mailboxes: { chef: number; verw: number; nutzer: number; weg: number };
  /** app passwords of chef and nutzer */
  appPasswords: number[];
  users: number[];
  /** numbers of sign-ins of its people */
  sessions: number[];
  upload: string;
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
  await owner.act('createAppPasswordAction', mailboxes.nutzer, null, form({ label: 'Telefon', current: password }));
  await owner.act('createAppPasswordAction', mailboxes.chef, null, form({ label: 'Telefon', current: password }));
  await owner.act('changeMailboxAction', mailboxes.weg, 'delete');
  const administrator = await newCaller().signIn(`verw@${domain}`, `${password} verw`);
  const user = await newCaller().signIn(`nutzer@${domain}`, `${password} nutzer`);
  const headers = { 'x-postamt-mailbox': encodeURIComponent(`nutzer@${domain}`) };
  const upload = await user.request('/api/mail/uploads?name=a.txt&type=text/plain', { method: 'POST', body: 'geheim', headers });
  const [customer] = await ask('select customer_id::int as id from domain where name = $1', [domain]);
  const all = Object.values(mailboxes);
  const numbers = async (text: string, value: unknown) => (await ask(text, [value])).map((row) => Number(row['id']));
  const customerId = Number(customer?.['id']);
  return {
    domain,
    customerId,
    mailboxes,
    appPasswords: await numbers('select id::int from app_password where mailbox_id = any($1) order by id', all),
    users: await numbers('select id::int from app_user where customer_id = $1 order by id', customerId),
    sessions: await numbers('select id::int from web_session where mailbox_id = any($1) order by id', all),
    upload: String((JSON.parse(upload.text) as { id?: string }).id),
    owner,
    administrator,
    user,
  };
}

const inMailboxes = 'mailbox_id in (select id from mailbox where customer_id = $1)';
const state: readonly [table: string, where: string][] = [
  ['customer', 'id = $1'],
  ['domain', 'customer_id = $1'],
  ['mailbox', 'customer_id = $1'],
  ['app_user', 'customer_id = $1'],
  ['address', inMailboxes],
  ['app_password', inMailboxes],
  ['web_session', inMailboxes],
  ['upload', inMailboxes],
  ['folder', 'account_id in (select id from mailbox where customer_id = $1)'],
  ['folder_message', 'account_id in (select id from mailbox where customer_id = $1)'],
];

/** Everything of a customer that somebody else could change, as text. */
export async function stateOf(databaseUrl: string, { customerId }: Firm): Promise<Record<string, string>> {
  const parts = state.map(
    ([table, where]) => `select '${table}' as name, coalesce(jsonb_agg(to_jsonb(t) - 'last_login_at' - 'last_used_at' - 'expires_at'
      - 'dns_report' - 'dns_checked_at' - 'proved_at' order by to_jsonb(t)::text), '[]')::text as rows from ${table} t where ${where}`,
  );
  const rows = await sql(databaseUrl, parts.join(' union all '), [customerId]);
  return Object.fromEntries(rows.map((row) => [String(row['name']), String(row['rows'])]));
}
