import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventBus } from '../events/event-bus.ts';
import { AccountQueue } from './account-queue.ts';
import { appendMessage, appendParameters } from './append-messages.ts';
import type { Database, Row, Statement } from './postgres/database.ts';
import { isCollision } from './postgres/database-errors.ts';
import { decidedDelivery } from './deliver-decided.ts';
import { DeliveryBatcher, plainDelivery } from './delivery-batcher.ts';
import { DeliveryKeys } from './delivery-keys.ts';
import { countStatements, findFolder, folderStatements, listFolders, listSubscriptions, readStatus, readStatuses } from './folders.ts';
import { KeyedDeliveries } from './keyed-deliveries.ts';
import { KeywordCache } from './keywords.ts';
import { matchText, readSortKeys } from './match-text.ts';
import { readContent, readMessages } from './read-messages.ts';
import { SnapshotCache } from './snapshot-cache.ts';
import { StoreError } from './store-error.ts';
import { SYSTEM_FLAGS, type ChangeListener, type MailStore, type StoredFlags } from './mail-store.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import { parseMultirange, rangeParameters } from './uid-ranges.ts';

const statements = {
  quota: { name: 'quota', text: 'select used_bytes, quota_bytes, used_messages from account_counter where account_id = $1' },
  storeFlags: {
    name: 'store_flags',
    text: `select o_modseq, o_changed, o_modified, o_found, o_old_sets, o_new_sets
      from store_flags($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
  },
  copy: { name: 'copy_messages', text: 'select o_modseq, o_uidvalidity, o_source, o_target from copy_messages($1, $2, $3, $4, $5, $6)' },
  expunge: { name: 'expunge_messages', text: 'select o_modseq, o_vanished from expunge_messages($1, $2, $3, $4, $5)' },
};

export interface OpenStore {
  store: MailStore;
  /** Sends what waits in the background. Close the bus and the database after it. */
  close(): Promise<void>;
}

export interface StoreOptions {
  database: Database;
  bus: EventBus;
  /** POSTAMT_FOLDERS */
  mostFolders: number;
  /** POSTAMT_PICTURE_BYTES */
  pictureBytes?: number;
}

/** The mail store on Postgres. Writes are serialised per account in this process and by the account's row between processes. */
export function openPostgresStore({ database, bus, mostFolders, pictureBytes = 256 * 1024 * 1024 }: StoreOptions): OpenStore {
  const queue = new AccountQueue();
  const keywords = new KeywordCache(database);
  const snapshots = new SnapshotCache(database, pictureBytes);
  const keys = new DeliveryKeys(database);
  const keyed = new KeyedDeliveries();
  const listeners = new Map<AccountId, Set<ChangeListener>>();
  const batcher = new DeliveryBatcher(database, queue, (account) => bus.publish(account));

  const endHints = bus.subscribe((hint) => {
    const account = hint === 'everything' ? null : hint;
    snapshots.hint(account);
    if (account !== null) for (const listener of listeners.get(account) ?? []) listener(account);
    else for (const [each, heard] of listeners) for (const listener of heard) listener(each);
  });
  bus.watch(() => Array.from(listeners.keys(), (account) => [account, 0] as const));

  /** One writing statement of an account; the hint goes out when it has committed. */
  const write = (account: AccountId, statement: Statement, values: readonly unknown[]): Promise<Row> =>
    queue.run(account, async () => {
      const [row] = await database.write(statement, [account, ...values]);
      bus.publish(account);
      return row ?? [];
    });

  /** As `write`, undone where there are too many of what `counted` counts afterwards. Where the limit was lowered what is there stays usable. */
  const writeCounted = (account: AccountId, counted: Statement, statement: Statement, values: readonly unknown[]): Promise<Row> =>
    queue.run(account, async () => {
      const row = await database.transaction(async (query) => {
        const [before, made, after] = await Promise.all([
          query(counted, [account]),
          query(statement, [account, ...values]),
          query(counted, [account]),
        ]);
        const [was, is] = [Number(before[0]?.[0]), Number(after[0]?.[0])];
        if (is > was && is > mostFolders) throw new StoreError('TooManyFolders');
        return made[0] ?? [];
      });
      bus.publish(account);
      return row;
    });

  const store: MailStore = {
    folders: (account) => listFolders(database, account),
    findFolder: (account, name) => findFolder(database, account, name),
    async createFolder(account, name, specialUse = null) {
      const [folderId, uidvalidity] = (await writeCounted(account, countStatements.folders, folderStatements.create, [
        name,
        specialUse,
      ])) as [number, number];
      return { folderId, name, uidvalidity, specialUse };
    },
    async deleteFolder(account, name) {
      await write(account, folderStatements.delete, [name]);
    },
    async renameFolder(account, from, to) {
      await writeCounted(account, countStatements.folders, folderStatements.rename, [from, to]);
    },
    subscriptions: (account) => listSubscriptions(database, account),
    async setSubscription(account, name, subscribed) {
      if (subscribed) await writeCounted(account, countStatements.subscriptions, folderStatements.subscribe, [name]);
      else await write(account, folderStatements.unsubscribe, [name]);
    },
    async status(account, folderId, counts = {}) {
      const status = await readStatus(database, account, folderId, counts);
      if (!status) throw new StoreError('UnknownFolder');
      return status;
    },
    statuses: (account, counts = {}) => readStatuses(database, account, counts),
    async quota(account) {
      const [row] = await database.read(statements.quota, [account]);
      if (!row) throw new StoreError('UnknownAccount');
      const [usedBytes, quotaBytes, usedMessages] = row as [number, number, number];
      return { usedBytes, quotaBytes, usedMessages };
    },
    keywordSets: (account, needed) => keywords.sets(account, needed),
    snapshot: (account, folderId) => snapshots.fresh(account, folderId),
    cachedSnapshot: (account, folderId) => snapshots.cached(account, folderId),
    async claimRecent(account, folderId) {
      // while another process holds the folder there is nothing to be had: told with the next look
      const rows = await database.note(folderStatements.claimRecent, [account, folderId]).catch((error: unknown) => {
        if (isCollision(error)) return [];
        throw error;
      });
      const [row] = rows;
      if (!row) return null;
      const [from, until] = row as [number, number];
      return [from, until - 1];
    },
    async append(account, folderId, messages) {
      const all: unknown[][] = [];
      for (const message of messages) {
        if (all.length > 0) await nextTurn(); // compressing hundreds of messages would keep everybody else waiting
        all.push(appendParameters(account, folderId, message, null));
      }
      return queue.run(account, async () => {
        const [only] = all;
        const appended =
          all.length === 1 && only
            ? [await appendMessage(database.write, only)]
            : await database.transaction((query) => Promise.all(all.map((parameters) => appendMessage(query, parameters))));
        bus.publish(account);
        return appended;
      });
    },
    async deliver(account, message, key, folderId) {
      const store = () => batcher.deliver(account, plainDelivery(account, folderId ?? null, message, key));
      const done = await (key ? keyed.run(account, key, store) : store());
      return done?.appended[0] ?? null;
    },
    deliverDecided: (decided) =>
      keyed.run(decided.account, decided.key, () => batcher.deliver(decided.account, decidedDelivery(decided, mostFolders))),
    acknowledge(account, key) {
      keyed.forget(account, key);
      keys.acknowledge(account, key);
    },
    async storeFlags(account, folderId, ranges, { set = 0n, clear = 0n, keywords, unchangedSince = null }) {
      const names = [keywords?.add ?? null, keywords?.remove ?? null, keywords?.replace ?? false];
      const values = [folderId, ...rangeParameters(ranges), set & SYSTEM_FLAGS, clear & SYSTEM_FLAGS, unchangedSince, ...names];
      return storedFlags(await write(account, statements.storeFlags, values));
    },
    async copy(account, from, to, ranges, move) {
      const row = await write(account, statements.copy, [from, to, ...rangeParameters(ranges), move]);
      const [modseq, uidvalidity, source, target] = row as [number, number, number[], number[]];
      return { modseq, uidvalidity, source, target };
    },
    async expunge(account, folderId, ranges, any = false) {
      const row = await write(account, statements.expunge, [folderId, ...rangeParameters(ranges), any]);
      const [modseq, vanished] = row as [number, string | null];
      return { modseq, vanished: parseMultirange(vanished) };
    },
    readMessages: (account, messageIds, columns, signal) => readMessages(database, account, messageIds, columns, signal),
    readContent: (account, messageId, offset, length, signal) => readContent(database, account, { messageId, offset, length }, signal),
    matchText: (account, messageIds, criteria, options) => matchText(database, account, messageIds, criteria, options),
    sortKeys: (account, messageIds, signal) => readSortKeys(database, account, messageIds, signal),
    onChange(account, listener) {
      const heard = listeners.get(account) ?? new Set();
      listeners.set(account, heard.add(listener));
      return () => {
        heard.delete(listener);
        if (heard.size === 0 && listeners.get(account) === heard) listeners.delete(account);
      };
    },
  };

  return {
    store,
    async close() {
      endHints();
      snapshots.close();
      await keys.close();
    },
  };
}

function storedFlags(row: Row): StoredFlags {
  const [modseq, changed, modified, found, older, newer] = row as [
    number,
    string | null,
    string | null,
    number,
    number[] | null,
    number[] | null,
  ];
  const sets = older && newer ? new Map(older.map((set, index) => [set, newer[index] ?? 0])) : null;
  return { modseq, changed: parseMultirange(changed), modified: parseMultirange(modified), found, sets };
}
