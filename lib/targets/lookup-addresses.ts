import { accountId, customerId, type AccountId, type CustomerId } from '../db/ids.ts';
import { domainOf, localPartOf, type EmailAddress } from '../addresses/email-address.ts';
import { addressesBehind } from '../addresses/subaddress.ts';

/** How an address was found: as it stands, without what follows its "+" (RFC 5233), or because nobody else has it. */
export type Match = 'exact' | 'subaddress' | 'catch-all';

export interface MailboxTarget {
  accountId: AccountId;
  customerId: CustomerId;
  /** the mailbox's own address */
  address: EmailAddress;
  locale: string;
  overQuota: boolean;
  /** bytes until the quota is reached */
  roomBytes: number;
  /** 0: nothing but storing is done with its letters; else which version of its rules is */
  rulesVersion: number;
}

/** A member of a group, or where a forward or a catch-all leads. */
export interface AddressTarget {
  mailbox: MailboxTarget | null;
  /** where there is no mailbox: any other address, here or elsewhere */
  outside: EmailAddress | null;
  /** `outside` is at a domain that nobody entered here, so there is nothing to look up */
  isElsewhere: boolean;
}

export interface GroupSettings {
  addressId: number;
  address: EmailAddress;
  name: string;
  posting: 'anyone' | 'customer' | 'members';
  replyTo: 'author' | 'group';
  subjectPrefix: string;
  /** whose letters wait for a moderator: nobody's, of those who may not post, of all but the moderators */
  moderation: 'off' | 'others' | 'everybody';
}

/** What the provisioning tables say of one address. */
export type AddressEntry =
  | { kind: 'foreign-domain' }
  | { kind: 'unknown-user'; customerId: CustomerId; domainVerified: boolean }
  | {
      kind: 'mailbox' | 'forward' | 'group' | 'catch-all';
      customerId: CustomerId;
      domainVerified: boolean;
      /** the entry that took it, on the domain that it stands for */
      entry: EmailAddress;
      addressId: number;
      match: Match;
      /** its domain stands for another one */
      viaDomainAlias: boolean;
      mailbox: MailboxTarget | null;
      targets: readonly AddressTarget[];
      group: GroupSettings | null;
    };

/**
 * One question for any number of addresses. $1: an address as asked, once for each name it may stand under: $2 its domain, $3 the local
 * part, $4 the order in which these are tried. Each address comes back once, in any order. An address of a deleted mailbox stays taken and
 * leads nowhere; so does one that expired.
 */
export const lookupStatement = `
select distinct on (q.address) q.address, d.customer_id, d.verified_at is not null, d.id <> asked.id, a.address, a.id, a.kind::text, q.local_part,
  a.expires_at <= now(), m.id, m.customer_id, m.address, m.locale, c.used_bytes >= c.quota_bytes, m.rules_version, c.quota_bytes - c.used_bytes,
  g.name, g.posting::text, g.reply_to::text, g.subject_prefix, g.moderation::text,
  case when a.kind in ('forward', 'group', 'catch_all') then
    (select coalesce(json_agg(json_build_array(tm.id, tm.customer_id, tm.address, tm.locale, tc.used_bytes >= tc.quota_bytes,
        tm.rules_version, tc.quota_bytes - tc.used_bytes, t.outside,
        not exists (select 1 from domain o where o.name = substring(t.outside from '[^@]*$'))) order by t.id), '[]'::json)::text
      from address_target t
      left join mailbox tm on tm.id = t.mailbox_id and tm.status <> 'deleted'
      left join account_counter tc on tc.account_id = tm.id
      where t.address_id = a.id and t.paused_at is null and (t.outside is not null or tm.id is not null)) end
from unnest($1::text[], $2::text[], $3::text[], $4::int4[]) q(address, domain, local_part, rank)
left join domain asked on asked.name = q.domain
left join domain d on d.id = coalesce(asked.alias_of, asked.id)
left join address a on a.address = q.local_part || '@' || d.name
left join mailbox m on m.id = a.mailbox_id and m.status <> 'deleted'
left join account_counter c on c.account_id = m.id
left join mail_group g on g.address_id = a.id
order by q.address, a.id is null, q.rank`;

/** Runs `lookupStatement`; rows are arrays in the order of its columns, int8 as number or bigint. */
export type Ask = (
  parameters: [asked: string[], domains: string[], localParts: string[], ranks: number[]],
) => Promise<readonly unknown[][]>;

/** behind every name that somebody could have */
const catchAllRank = 1000;

/** What stands for each address, in the order asked. */
export async function lookupAddresses(ask: Ask, addresses: readonly EmailAddress[]): Promise<AddressEntry[]> {
  if (addresses.length === 0) return [];
  const names = addresses.flatMap((address) => [
    ...addressesBehind(address).map((behind, rank) => ({ address, local: localPartOf(behind), rank })),
    { address, local: '', rank: catchAllRank },
  ]);
  const rows = await ask([
    names.map(({ address }) => address),
    names.map(({ address }) => domainOf(address)),
    names.map(({ local }) => local),
    names.map(({ rank }) => rank),
  ]);
  const found = new Map(rows.map((row) => [String(row[0]), row]));
  return addresses.map((address) => entryFrom(address, found.get(address)));
}

const kinds = { mailbox: 'mailbox', forward: 'forward', group: 'group', catch_all: 'catch-all' } as const;

function entryFrom(asked: EmailAddress, row: readonly unknown[] | undefined): AddressEntry {
  if (!row || row[1] === null) return { kind: 'foreign-domain' };
  const [, customer, domainVerified, viaDomainAlias, entry, id, kind, local, expired] = row as [
    string,
    number | bigint,
    boolean,
    boolean,
    EmailAddress | null,
    number | bigint,
    keyof typeof kinds,
    string,
    boolean | null,
  ];
  const where = { customerId: customerId(customer), domainVerified };
  const mailbox = mailboxFrom(row.slice(9, 16));
  if (entry === null || expired || (kind === 'mailbox' && mailbox === null)) return { kind: 'unknown-user', ...where };
  const [name, posting, replyTo, subjectPrefix, moderation, targets] = row.slice(16) as [
    string | null,
    GroupSettings['posting'],
    GroupSettings['replyTo'],
    string,
    GroupSettings['moderation'],
    string | null,
  ];
  return {
    kind: kinds[kind],
    ...where,
    entry,
    addressId: Number(id),
    match: local === '' ? 'catch-all' : local === asked.slice(0, asked.lastIndexOf('@')) ? 'exact' : 'subaddress',
    viaDomainAlias,
    mailbox,
    targets: (JSON.parse(targets ?? '[]') as unknown[][]).map(targetFrom),
    group: name === null ? null : { addressId: Number(id), address: entry, name, posting, replyTo, subjectPrefix, moderation },
  };
}

function mailboxFrom(columns: readonly unknown[]): MailboxTarget | null {
  const [id, customer, address, locale, overQuota, rulesVersion, room] = columns as [
    number | null,
    number,
    EmailAddress,
    string,
    boolean | null,
    number | bigint,
    number | bigint | null,
  ];
  if (id === null) return null;
  return {
    accountId: accountId(id),
    customerId: customerId(customer),
    address,
    locale,
    overQuota: overQuota ?? false,
    rulesVersion: Number(rulesVersion),
    roomBytes: Number(room ?? 0),
  };
}

function targetFrom(columns: unknown[]): AddressTarget {
  const [outside, isElsewhere] = columns.slice(7) as [EmailAddress | null, boolean];
  return { mailbox: mailboxFrom(columns.slice(0, 7)), outside, isElsewhere };
}
