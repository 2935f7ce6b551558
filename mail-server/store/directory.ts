import { accountId, customerId } from '../../lib/db/ids.ts';
import { domainOf, type EmailAddress } from '../../lib/addresses/email-address.ts';
import { SenderAddresses } from '../../lib/addresses/subaddress.ts';
import { type AddressEntry, lookupAddresses, lookupStatement } from '../../lib/targets/lookup-addresses.ts';
import { isResponsible } from '../../lib/targets/postmaster.ts';
import { askTogether } from './postgres/ask-together.ts';
import { int8Array } from './postgres/binary-client.ts';
import type { Database, Row } from './postgres/database.ts';
import { findPostmaster } from './postmaster.ts';
import { ProvedDomains } from './proved-domains.ts';
import type { Directory, MailboxLogin, Recipient, SealedKey } from './mail-directory.ts';

const login = {
  name: 'directory_login',
  text: `select m.id, m.customer_id, m.address, m.name, m.locale, m.status::text, c.status::text, m.password_hash, m.credential_version
    from mailbox m join customer c on c.id = m.customer_id where m.address = $1`,
};
const lookup = { name: 'directory_lookup', text: lookupStatement };
// what nearly every RCPT names, for a third of the price: an address that a mailbox has as it stands, which every other answer gives way to
const ofMailboxes = {
  name: 'directory_of_mailboxes',
  text: `select m.id, d.customer_id, m.locale, d.verified_at is not null, c.used_bytes >= c.quota_bytes, c.quota_bytes - c.used_bytes, m.rules_version,
      (select version from hosted_version), a.address
    from address a join domain d on d.id = a.domain_id join mailbox m on m.id = a.mailbox_id join account_counter c on c.account_id = m.id
    where a.address = any ($1) and a.kind = 'mailbox' and d.alias_of is null and m.status <> 'deleted' and (a.expires_at is null or a.expires_at > now())`,
};
// its own, on domains that stand for its own too, and what the customer let it send as; and what others have with a "+" in the same domains:
// those are not subaddresses of this mailbox
const senders = {
  name: 'directory_senders',
  text: `with own as (select a.address, a.domain_id, 'own' as way from address a
        where a.mailbox_id = $1 and (a.expires_at is null or a.expires_at > now())
      union select a.address, a.domain_id, case when s.on_behalf then 'on-behalf' else 'own' end
        from send_as s join address a on a.id = s.address_id where s.mailbox_id = $1)
    select address, way from own
    union select substr(own.address, 1, strpos(own.address, '@')) || d.name, way from own join domain d on d.alias_of = own.domain_id
    union all
    select address, 'others' from address
      where domain_id = any (array(select domain_id from own)) and mailbox_id is distinct from $1 and strpos(address, '+') > 0`,
};
const domain = {
  name: 'directory_domain',
  // only keys that the DNS shows
  text: `select d.customer_id, d.verified_at is not null, case when d.dkim_seen_at is not null then d.dkim_selector end, d.dkim_private_key,
      k.selector, k.private_key
    from domain d left join lateral (select selector, private_key from dkim_key
      where domain_id = d.id and algorithm = 'ed25519' and seen_at is not null and retired_at is null order by id desc limit 1) k on true
    where d.name = $1`,
};
// last use is noted once a minute: a phone that polls must not turn every login into a write
const appPassword = {
  name: 'directory_app_password',
  text: `with live as (select id, last_used_at, last_protocol from app_password where mailbox_id = $1 and hash = $2 and revoked_at is null),
    noted as (update app_password a set last_used_at = now(), last_protocol = $3 from live
      where a.id = live.id and (live.last_used_at is null or live.last_used_at < now() - interval '1 minute' or live.last_protocol is distinct from $3))
    select id from live`,
};
const scramSalt = { name: 'directory_scram_salt', text: "select scram_salt from mailbox where address = $1 and status <> 'deleted'" };
// the revoked ones tell a forgotten device from a guess, and of those the newest are enough
const scramKeys = {
  name: 'directory_scram_keys',
  text: `select a.hash, a.scram_keys, a.revoked_at is not null from app_password a join mailbox m on m.id = a.mailbox_id
    where m.address = $1 and a.scram_keys is not null order by a.revoked_at desc nulls first limit 100`,
};
const anyScramKeys = {
  name: 'directory_any_scram_keys',
  text: 'select exists (select 1 from app_password where revoked_at is null and scram_keys is not null)',
};
const openMailboxes = {
  name: 'directory_open_mailboxes',
  text: `select m.id, m.credential_version,
      array(select a.id from app_password a where a.mailbox_id = m.id and a.revoked_at is null),
      array(select s.id from web_session s where s.mailbox_id = m.id and s.expires_at > now())
    from mailbox m join customer c on c.id = m.customer_id
    where m.id = any($1) and m.status = 'active' and c.status = 'active'`,
};
const webSession = {
  name: 'directory_web_session',
  text: 'select 1 from web_session where id = $2 and mailbox_id = $1 and expires_at > now()',
};
const noteLogin = {
  name: 'directory_note_login',
  text: `update mailbox set last_login_at = now() where id = $1 and (last_login_at is null or last_login_at < now() - interval '1 minute')`,
};

const keyOf = (selector: string | null | undefined, privateKey: string | null | undefined): SealedKey | null =>
  selector && privateKey ? { selector, privateKey } : null;

/** What a session keeps from RCPT to the end of the data must be small. */
const fewTargets = 10;

function recipientFrom(address: EmailAddress, entry: AddressEntry): Recipient {
  if (entry.kind === 'foreign-domain') return entry;
  const { customerId: customer, domainVerified } = entry;
  // all it led to is deleted, paused or gone: said at the door, where the sender hears it
  if (entry.kind === 'unknown-user' || (!entry.mailbox && entry.targets.length === 0))
    return { kind: 'unknown-user', domain: domainOf(address), customerId: customer, domainVerified };
  if (!entry.mailbox)
    return { kind: 'targets', customerId: customer, address, domainVerified, entry: entry.targets.length <= fewTargets ? entry : null };
  const { accountId: account, locale, overQuota, roomBytes, rulesVersion } = entry.mailbox;
  return {
    kind: 'mailbox',
    accountId: account,
    customerId: customer,
    address,
    locale,
    domainVerified,
    overQuota,
    roomBytes,
    rulesVersion,
    hostedVersion: 0,
  };
}

function mailboxRecipient(address: EmailAddress, row: Row): Recipient {
  const [id, customer, locale, domainVerified, overQuota, room, rulesVersion, hostedVersion] = row as [
    number,
    number,
    string,
    boolean,
    boolean,
    number,
    number,
    number | null,
  ];
  return {
    kind: 'mailbox',
    accountId: accountId(id),
    customerId: customerId(customer),
    address,
    locale,
    domainVerified,
    overQuota,
    rulesVersion,
    roomBytes: room,
    hostedVersion: hostedVersion ?? 0,
  };
}

const askMailbox = askTogether<EmailAddress, Row>(async (database, addresses) => {
  const rows = await database.read(ofMailboxes, [[...new Set(addresses)]]);
  return new Map(rows.map((row) => [row[8] as EmailAddress, row]));
});

/** What the protocol server asks the provisioning tables; every answer is as new as the question. */
export function openDirectory(database: Database): Directory {
  const proved = new ProvedDomains(async (name) => (await database.read(domain, [name]))[0]?.[1] === true);
  return {
    async recipient(address) {
      const own = await askMailbox(database, address);
      if (own) return mailboxRecipient(address, own);
      const [found] = await this.recipients([address]);
      return found ?? { kind: 'foreign-domain' };
    },
    async recipients(addresses) {
      const entries = await this.lookup(addresses);
      return Promise.all(
        addresses.map(async (address, at): Promise<Recipient> => {
          const found = recipientFrom(address, entries[at] ?? { kind: 'foreign-domain' });
          if (found.kind !== 'unknown-user' || !isResponsible(address)) return found;
          const owner = await findPostmaster(database, found.customerId, null);
          return owner && owner !== address ? this.recipient(owner) : found;
        }),
      );
    },
    lookup: (addresses) => lookupAddresses((parameters) => database.read(lookup, parameters), addresses),
    async login(address) {
      const [row] = await database.read(login, [address]);
      if (!row) return null;
      const [id, customer, own, name, locale, status, customerStatus, passwordHash, credentialVersion] = row as [
        number,
        number,
        EmailAddress,
        string,
        string,
        MailboxLogin['status'],
        MailboxLogin['customerStatus'],
        string,
        number,
      ];
      return {
        accountId: accountId(id),
        customerId: customerId(customer),
        address: own,
        name,
        locale,
        status,
        customerStatus,
        passwordHash,
        credentialVersion,
      };
    },
    async senderAddresses(account) {
      const rows = (await database.read(senders, [account])) as [string, 'own' | 'on-behalf' | 'others'][];
      const addresses = (way: string) => rows.filter((row) => row[1] === way).map(([address]) => address);
      return new SenderAddresses([...addresses('own'), ...addresses('on-behalf')], addresses('others'), addresses('on-behalf'));
    },
    async domain(name) {
      const [row] = await database.read(domain, [name]);
      if (!row) return null;
      const [customer, verified, rsa, rsaKey, ed25519, ed25519Key] = row as [number, boolean, ...(string | null)[]];
      return { customerId: customerId(customer), verified, rsa: keyOf(rsa, rsaKey), ed25519: keyOf(ed25519, ed25519Key) };
    },
    isProved: (name, version) => proved.has(name, version),
    async useAppPassword(account, sha256, protocol) {
      const [row] = await database.write(appPassword, [account, sha256, protocol]);
      return row ? (row[0] as number) : null;
    },
    async scramSalt(address) {
      const [row] = await database.read(scramSalt, [address]);
      return row ? (row[0] as Buffer) : null;
    },
    async hasScramKeys() {
      const [row] = await database.read(anyScramKeys, []);
      return row?.[0] === true;
    },
    async scramKeys(address) {
      const rows = (await database.read(scramKeys, [address])) as [Buffer, Buffer, boolean][];
      return rows.map(([sha256, keys, revoked]) => ({ sha256, keys, revoked }));
    },
    async openMailboxes(accounts) {
      const rows = (await database.read(openMailboxes, [int8Array(accounts)])) as [number, number, number[], number[]][];
      return new Map(
        rows.map(([id, credentialVersion, appPasswords, webSessions]) => [accountId(id), { credentialVersion, appPasswords, webSessions }]),
      );
    },
    async hasWebSession(account, id) {
      return (await database.read(webSession, [account, id])).length > 0;
    },
    async noteLogin(account) {
      await database.note(noteLogin, [account]);
    },
  };
}
