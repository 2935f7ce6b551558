import { dropSome } from './drop-some.ts';
import type { Database, Query } from './postgres/database.ts';

const keepDays = 60;
const known = {
  name: 'known_host',
  text: `select 1 from known_host where network = $1 and last_at > now() - interval '${keepDays} days'`,
};
const note = {
  name: 'known_host_note',
  text: `insert into known_host (network) values ($1)
    on conflict (network) do update set letters = known_host.letters + 1, last_at = now() where known_host.last_at < now() - interval '1 hour'`,
};
const wait = {
  name: 'greylist_wait',
  text: `with came as (insert into greylist (key) values ($1) on conflict (key) do nothing returning first_at)
    select extract(epoch from now() - first_at)::int8 from came
    union all select extract(epoch from now() - first_at)::int8 from greylist where key = $1 limit 1`,
};
const correspondent = {
  name: 'greylist_correspondent',
  text: `select 1 from correspondent where address = $1 and mailbox_id = any ($2::int8[]) and by_hand limit 1`,
};
const dropTries = dropSome('greylist_drop', 'greylist', `first_at < now() - interval '3 days'`);
const dropHosts = dropSome('known_host_drop', 'known_host', `last_at < now() - interval '${keepDays} days'`);

/** Whether a host of this network delivered lately what did not go to Junk. */
export const isKnownHost = async (database: Pick<Database, 'read'>, network: string): Promise<boolean> =>
  (await database.read(known, [network])).length > 0;

/** May be lost in a crash. */
export const noteKnownHost = async (database: Pick<Database, 'note'>, network: string): Promise<void> => {
  await database.note(note, [network]);
};

/** Seconds since this key came first; 0: now. */
export const secondsSinceFirst = async (database: Pick<Database, 'write'>, key: Buffer): Promise<number> =>
  Number((await database.write(wait, [key]))[0]?.[0] ?? 0);

/** Whether one of the mailboxes wrote to this address (lower case). */
export const isAnyCorrespondent = async (database: Pick<Database, 'read'>, address: string, accounts: Buffer): Promise<boolean> =>
  (await database.read(correspondent, [address, accounts])).length > 0;

/** Housekeeping. True: there is more. */
export const forgetGreylist = async (query: Query): Promise<boolean> => (await dropTries(query)) || (await dropHosts(query));
