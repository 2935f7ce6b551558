import type { Database } from './postgres/database.ts';
import { advanceSnapshot, bytesOf, unpackSnapshot } from './folder-snapshot.ts';
import { StoreError } from './store-error.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import type { FolderSnapshot } from './mail-store.ts';
import { parseMultirange } from './uid-ranges.ts';

const load = {
  name: 'snapshot_load',
  text: `select c.highestmodseq, c.uidnext,
      (select string_agg(int4send(uid) || int8send(flags) || int8send(modseq) || int8send(message_id), '' order by uid)
         from folder_message where account_id = $1 and folder_id = $2)
    from folder_counter c where c.account_id = $1 and c.folder_id = $2`,
};
const changes = {
  name: 'snapshot_changes',
  text: 'select o_modseq, o_uidnext, o_rows, o_vanished from folder_changes($1, $2, $3)',
};

/** a picture that nobody asked for so long goes */
const idleMs = 600_000;

interface Entry {
  snapshot: FolderSnapshot | null;
  /** a hint came since the last refresh began */
  stale: boolean;
  running: Promise<FolderSnapshot> | null;
  /** started when `running` ends: for callers that must see what was committed before they asked */
  next: Promise<FolderSnapshot> | null;
  usedAt: number;
}

/**
 * The newest picture of every folder that is in use, one for all sessions of the process. A picture is advanced by the change log
 * (folder_changes), never patched by what a command believes to have done. Pictures that nobody asked for in `idleMs` are dropped, and the
 * longest unused ones where all together are more than `mostBytes`.
 */
export class SnapshotCache {
  readonly #database: Database;
  readonly #entries = new Map<string, Entry>();
  readonly #byAccount = new Map<AccountId, Set<string>>();
  readonly #sweeper: NodeJS.Timeout;
  readonly #mostBytes: number;
  #bytes = 0;

  constructor(database: Database, mostBytes: number) {
    this.#database = database;
    this.#mostBytes = mostBytes;
    this.#sweeper = setInterval(() => this.#dropIdle(), idleMs / 10).unref();
  }

  /** A picture at least as new as every commit before the call. */
  fresh(account: AccountId, folderId: number): Promise<FolderSnapshot> {
    const entry = this.#entry(account, folderId);
    // not begun yet, so it will read later than now; a second one beside it might end last with an older picture
    if (entry.next) return entry.next;
    if (!entry.running) return this.#refresh(account, folderId, entry);
    // the running refresh may have read before the caller's last commit: one more behind it serves all who ask now
    entry.next = entry.running
      .catch(() => undefined)
      .then(() => {
        entry.next = null;
        return this.#refresh(account, folderId, entry);
      });
    return entry.next;
  }

  /** The picture in memory unless a hint says that it is old. */
  cached(account: AccountId, folderId: number): Promise<FolderSnapshot> {
    const entry = this.#entry(account, folderId);
    if (entry.stale) return this.fresh(account, folderId);
    // a refresh that began after the last hint is the answer to it: the picture that is still there is the one the hint called old
    return entry.running ?? (entry.snapshot ? Promise.resolve(entry.snapshot) : this.fresh(account, folderId));
  }

  /** Something of the account may have changed (null: of any account). */
  hint(account: AccountId | null): void {
    if (account === null) for (const entry of this.#entries.values()) entry.stale = true;
    else for (const key of this.#byAccount.get(account) ?? []) this.#mark(key);
  }

  close(): void {
    clearInterval(this.#sweeper);
    this.#bytes = 0;
    this.#entries.clear();
    this.#byAccount.clear();
  }

  #mark(key: string): void {
    const entry = this.#entries.get(key);
    if (entry) entry.stale = true;
  }

  #entry(account: AccountId, folderId: number): Entry {
    const key = keyOf(account, folderId);
    const now = performance.now();
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = { snapshot: null, stale: true, running: null, next: null, usedAt: 0 };
      this.#entries.set(key, entry);
      const keys = this.#byAccount.get(account) ?? new Set();
      this.#byAccount.set(account, keys.add(key));
    } else if (entry.usedAt !== now) {
      // in the order of use, the least recent first
      this.#entries.delete(key);
      this.#entries.set(key, entry);
    }
    entry.usedAt = now;
    return entry;
  }

  #refresh(account: AccountId, folderId: number, entry: Entry): Promise<FolderSnapshot> {
    entry.stale = false;
    const running = this.#read(account, folderId, entry.snapshot);
    entry.running = running;
    return running.then(
      (snapshot) => {
        // forgotten or dropped while it was read
        if (this.#entries.get(keyOf(account, folderId)) === entry) this.#bytes += bytesOf(snapshot) - bytesOf(entry.snapshot);
        entry.snapshot = snapshot;
        entry.running = null;
        this.#dropOldest(entry);
        return snapshot;
      },
      (error: unknown) => {
        entry.stale = true;
        entry.running = null;
        if (error instanceof StoreError && error.code === 'UnknownFolder') this.#forget(account, folderId);
        throw error;
      },
    );
  }

  async #read(accountId: AccountId, folderId: number, older: FolderSnapshot | null): Promise<FolderSnapshot> {
    if (!older) {
      const [row] = await this.#database.bulk(load, [accountId, folderId]);
      if (!row) throw new StoreError('UnknownFolder');
      const [highestmodseq, uidnext, rows] = row as [number, number, Buffer | null];
      return unpackSnapshot(accountId, folderId, { highestmodseq, uidnext }, rows);
    }
    const [row] = await this.#database.read(changes, [accountId, folderId, older.highestmodseq]);
    const [highestmodseq, uidnext, rows, vanished] = (row ?? []) as [number | null, number, Buffer | null, string | null];
    if (highestmodseq === null || highestmodseq === undefined) throw new StoreError('UnknownFolder');
    if (highestmodseq === older.highestmodseq && uidnext === older.uidnext) return older;
    return advanceSnapshot(older, { highestmodseq, uidnext }, rows, parseMultirange(vanished));
  }

  #forget(account: AccountId, folderId: number): void {
    const key = keyOf(account, folderId);
    this.#bytes -= bytesOf(this.#entries.get(key)?.snapshot ?? null);
    this.#entries.delete(key);
    const keys = this.#byAccount.get(account);
    keys?.delete(key);
    if (keys?.size === 0) this.#byAccount.delete(account);
  }

  #dropOldest(except: Entry): void {
    if (this.#bytes <= this.#mostBytes) return;
    for (const [key, entry] of this.#entries) {
      if (this.#bytes <= this.#mostBytes) return;
      if (entry === except || entry.running || entry.next) continue;
      const [account, folder] = key.split(':').map(Number);
      this.#forget(account as AccountId, folder ?? 0);
    }
  }

  #dropIdle(): void {
    const before = performance.now() - idleMs;
    for (const [key, entry] of this.#entries) {
      if (entry.usedAt < before && !entry.running) {
        const [account, folder] = key.split(':').map(Number);
        this.#forget(account as AccountId, folder ?? 0);
      }
    }
  }
}

const keyOf = (account: AccountId, folderId: number): string => `${account}:${folderId}`;
