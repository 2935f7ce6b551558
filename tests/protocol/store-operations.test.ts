import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import { openDirectory } from '#mail-server/store/directory.ts';
import { Flag, INBOX_ID } from '#mail-server/store/mail-store.ts';
import { parseDomainName } from '#lib/addresses/domain-name.ts';
import { parseEmailAddress } from '#lib/addresses/email-address.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { setOf } from '#mail-server/store/keyword-sets.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { newMessage, openTestProcess, type TestProcess } from '#tests/support/store.ts';

let database: TestDatabase;
let process: TestProcess;
let account: AccountId;
let serial = 0;
beforeAll(async () => {
  database = await createTestDatabase();
  process = openTestProcess(database.url);
});
afterAll(async () => {
  await process.close();
  await database.drop();
});
beforeEach(async () => {
  account = await createAccount(database.url, `m${++serial}@muster.at`, 100_000);
});

const letter = (subject: string, body = 'Text') => newMessage(`Subject: ${subject}\nMessage-ID: <${subject}-${serial}@test>\n\n${body}\n`);
const uids = async (folderId = INBOX_ID) => {
  const snapshot = await process.store.snapshot(account, folderId);
  return Array.from(snapshot.uids.subarray(0, snapshot.count));
};

describe('folders', () => {
  test('a new mailbox has INBOX and the folders with a special use', async () => {
    const folders = await process.store.folders(account);
    expect(folders.map((folder) => [folder.name, folder.specialUse])).toEqual([
      ['Archive', '\\Archive'],
      ['Drafts', '\\Drafts'],
      ['INBOX', null],
      ['Junk', '\\Junk'],
      ['Sent', '\\Sent'],
      ['Trash', '\\Trash'],
    ]);
    expect(folders.find((folder) => folder.name === 'INBOX')?.folderId).toBe(INBOX_ID);
  });

  test('UIDVALIDITY only grows for a name, across delete, create and a swap by rename', async () => {
    const { store } = process;
    const validity = async (name: string) => (await store.findFolder(account, name))?.uidvalidity ?? 0;
    await store.createFolder(account, 'A');
    await store.createFolder(account, 'B');
    const [a, b] = [await validity('A'), await validity('B')];
    await store.renameFolder(account, 'A', 'X');
    await store.renameFolder(account, 'B', 'A');
    await store.renameFolder(account, 'X', 'B');
    expect(await validity('A')).toBeGreaterThan(a);
    expect(await validity('B')).toBeGreaterThan(b);
    const before = await validity('A');
    await store.deleteFolder(account, 'A');
    await store.createFolder(account, 'A');
    expect(await validity('A')).toBeGreaterThan(before);
  });

  test('a rename to a name that never was keeps UIDVALIDITY, so clients keep what they fetched', async () => {
    const { uidvalidity } = await process.store.createFolder(account, 'Alt');
    await process.store.renameFolder(account, 'Alt', 'Neu');
    expect((await process.store.findFolder(account, 'Neu'))?.uidvalidity).toBe(uidvalidity);
  });

  test('a rename takes children and subscriptions along and makes missing parents real', async () => {
    await process.store.createFolder(account, 'A/B/C');
    await process.store.setSubscription(account, 'A/B', true);
    await process.store.renameFolder(account, 'A', 'Neu/A');
    const names = (await process.store.folders(account)).map((folder) => folder.name);
    expect(names).toEqual(expect.arrayContaining(['Neu', 'Neu/A', 'Neu/A/B', 'Neu/A/B/C']));
    expect(names).not.toContain('A');
    expect(await process.store.subscriptions(account)).toContain('Neu/A/B');
  });

  test('a rename by case only works', async () => {
    await process.store.createFolder(account, 'rechnungen');
    await process.store.renameFolder(account, 'rechnungen', 'Rechnungen');
    expect(await process.store.findFolder(account, 'Rechnungen')).not.toBeNull();
  });

  test('RENAME INBOX moves its messages and leaves INBOX', async () => {
    await process.store.deliver(account, letter('eins'), null);
    await process.store.renameFolder(account, 'INBOX', 'Alt');
    const old = await process.store.findFolder(account, 'Alt');
    expect(await uids(old?.folderId)).toEqual([1]);
    expect(await uids()).toEqual([]);
    expect(await process.store.findFolder(account, 'INBOX')).not.toBeNull();
  });

  test.each([
    ['INBOX', 'NotAllowed'],
    ['Nirgends', 'UnknownFolder'],
    ['Eltern', 'FolderHasChildren'],
  ])('deleting %s is refused with %s', async (name, code) => {
    await process.store.createFolder(account, 'Eltern/Kind');
    await expect(process.store.deleteFolder(account, name)).rejects.toMatchObject({ code });
  });

  test('deleting a folder frees what its messages used', async () => {
    await process.store.createFolder(account, 'Weg');
    const folder = await process.store.findFolder(account, 'Weg');
    await process.store.append(account, folder?.folderId ?? 0, [letter('eins'), letter('zwei')]);
    await process.store.deleteFolder(account, 'Weg');
    expect(await process.store.quota(account)).toMatchObject({ usedBytes: 0, usedMessages: 0 });
  });
});

describe('messages', () => {
  test('a message comes out byte for byte, small and large', async () => {
    for (const size of [0, 10, 5_000, 70_000]) {
      const message = letter(`g${size}`, 'ä€ \u0001 '.repeat(size / 10));
      if (size === 70_000) account = await createAccount(database.url, `gross${serial}@muster.at`, 10_000_000);
      const stored = await process.store.deliver(account, message, null);
      for await (const [row] of process.store.readMessages(account, [stored?.messageId ?? 0], ['header', 'content']))
        expect(Buffer.concat([row?.header ?? Buffer.alloc(0), row?.content ?? Buffer.alloc(0)]).equals(message.raw)).toBe(true);
      const content = message.raw.subarray(message.index.headerLength);
      expect((await process.store.readContent(account, stored?.messageId ?? 0, 3, 9)).equals(content.subarray(3, 12))).toBe(true);
    }
  });

  test('a full mailbox refuses, keeps its counters and takes mail again once there is room', async () => {
    const big = letter('gross', 'x'.repeat(60_000));
    await process.store.deliver(account, big, null);
    await expect(process.store.deliver(account, big, null)).rejects.toMatchObject({ code: 'OverQuota' });
    await expect(process.store.copy(account, INBOX_ID, 2, [[1, 1]], false)).rejects.toMatchObject({ code: 'OverQuota' });
    expect(await process.store.quota(account)).toMatchObject({ usedBytes: big.raw.length, usedMessages: 1 });
    await process.store.expunge(account, INBOX_ID, [[1, 1]], true);
    expect((await process.store.deliver(account, big, null))?.uid).toBe(2);
  });

  test('when one of many deliveries at once does not fit, only that one is refused', async () => {
    const results = await Promise.allSettled(
      ['a', 'x'.repeat(101_000), 'b', 'c'].map((body, index) => process.store.deliver(account, letter(`d${index}`, body), null)),
    );
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(await uids()).toHaveLength(3);
  });

  test('an append of several is all or none', async () => {
    await expect(process.store.append(account, INBOX_ID, [letter('a'), letter('b', 'x'.repeat(120_000))])).rejects.toMatchObject({
      code: 'OverQuota',
    });
    expect(await uids()).toEqual([]);
  });

  test('a delivery that is repeated before its answer is stored once; after the answer it is a new letter', async () => {
    const key = Buffer.from('schlüssel');
    expect((await process.store.deliver(account, letter('eins'), key))?.uid).toBe(1);
    expect((await process.store.deliver(account, letter('eins'), key))?.uid).toBe(1);
    const other = openTestProcess(database.url);
    expect(await other.store.deliver(account, letter('eins'), key)).toBeNull();
    await other.close();
    process.store.acknowledge(account, key);
    await expect.poll(async () => (await process.store.deliver(account, letter('eins'), key))?.uid).toBe(2);
    expect(await uids()).toEqual([1, 2]);
  });

  test('keys of several mailboxes are forgotten together, and one that somebody holds keeps none of the others', async () => {
    const other = await createAccount(database.url, `n${serial}@muster.at`, 100_000);
    const mailboxes: [AccountId, Buffer][] = [account, other].flatMap((each) => ['eins', 'zwei'].map((key) => [each, Buffer.from(key)]));
    for (const [each, key] of mailboxes) await process.store.deliver(each, letter('eins'), key);
    const kept = async () =>
      (await sql(database.url, 'select account_id, key from delivery_key where account_id = any($1)', [[account, other]])).length;
    await process.database.transaction(async (query) => {
      await query({ name: 'hold', text: 'select 1 from delivery_key where account_id = $1 and key = $2 for update' }, mailboxes[0]);
      for (const [each, key] of mailboxes) process.store.acknowledge(each, key);
      await expect.poll(kept).toBe(1);
    });
  });

  test('a key that could not be forgotten at once is forgotten later: what a device sends each hour is no letter that comes again', async () => {
    await process.store.deliver(account, letter('eins'), Buffer.from('stündlich'));
    const isTried = async () =>
      (await sql(database.url, `select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%join delivery_key%'`))
        .length > 0;
    await process.database.transaction(async (query) => {
      await query({ name: 'hold_all', text: 'lock table delivery_key in access exclusive mode' });
      process.store.acknowledge(account, Buffer.from('stündlich'));
      await expect.poll(isTried, { interval: 5 }).toBe(true);
      await expect.poll(isTried, { interval: 5 }).toBe(false);
    });
    const keys = async () => (await sql(database.url, 'select 1 from delivery_key where account_id = $1', [account])).length;
    await expect.poll(keys).toBe(0);
  });

  test('replies join the thread of what they answer', async () => {
    const first = await process.store.deliver(account, newMessage('Message-ID: <a@t>\nSubject: A\n\nx'), null);
    const reply = await process.store.deliver(account, newMessage('Message-ID: <b@t>\nIn-Reply-To: <a@t>\nSubject: Re: A\n\nx'), null);
    const other = await process.store.deliver(account, newMessage('Message-ID: <c@t>\nSubject: A\n\nx'), null);
    expect(reply?.threadId).toBe(first?.threadId);
    expect(other?.threadId).not.toBe(first?.threadId);
  });
});

describe('flags', () => {
  beforeEach(async () => {
    await process.store.append(
      account,
      INBOX_ID,
      ['a', 'b', 'c', 'd'].map((subject) => letter(subject)),
    );
  });

  test('only messages that really change get a new MODSEQ', async () => {
    const first = await process.store.storeFlags(account, INBOX_ID, [[1, 2]], { set: Flag.Seen });
    const second = await process.store.storeFlags(account, INBOX_ID, [[1, 3]], { set: Flag.Seen });
    expect(first.changed).toEqual([[1, 2]]);
    expect(second.changed).toEqual([[3, 3]]);
    const snapshot = await process.store.snapshot(account, INBOX_ID);
    expect(Array.from(snapshot.modseqs.subarray(0, 3))).toEqual([first.modseq, first.modseq, second.modseq]);
  });

  test('with UNCHANGEDSINCE what was changed later is reported and left alone', async () => {
    const { highestmodseq } = await process.store.snapshot(account, INBOX_ID);
    await process.store.storeFlags(account, INBOX_ID, [[2, 2]], { set: Flag.Flagged });
    const result = await process.store.storeFlags(account, INBOX_ID, [[1, 4]], { set: Flag.Seen, unchangedSince: highestmodseq });
    expect(result).toMatchObject({
      modified: [[2, 2]],
      changed: [
        [1, 1],
        [3, 4],
      ],
    });
  });

  test('counters of unseen and deleted follow the flags', async () => {
    await process.store.storeFlags(account, INBOX_ID, [[1, 3]], { set: Flag.Seen | Flag.Deleted });
    expect(await process.store.status(account, INBOX_ID)).toMatchObject({ messages: 4, unseen: 1, deleted: 3 });
    await process.store.expunge(account, INBOX_ID, [[2, 4]]);
    expect(await process.store.status(account, INBOX_ID)).toMatchObject({ messages: 2, unseen: 1, deleted: 1 });
    expect(await uids()).toEqual([1, 4]);
  });

  test('a keyword keeps its first spelling, an account has any number of them, and none is lost by another', async () => {
    const named = async (uid: number): Promise<readonly string[]> => {
      const { uids, flags, count } = await process.store.snapshot(account, INBOX_ID);
      const set = setOf(flags[uids.subarray(0, count).indexOf(uid)] ?? 0n);
      return (await process.store.keywordSets(account, [set])).get(set) ?? [];
    };
    const change = (add: string[], remove: string[] = [], replace = false) =>
      process.store.storeFlags(account, INBOX_ID, [[2, 2]], { keywords: { add, remove, replace } });
    await change(['$Forwarded']);
    for (let index = 1; index < 70; index++) await change([`k${index}`]);
    await change(['$FORWARDED']);
    expect(await named(2)).toEqual(['$Forwarded', ...Array.from({ length: 69 }, (_, index) => `k${index + 1}`)]);
    await change([], ['K1', '$forwarded', 'never']);
    expect((await named(2)).slice(0, 2)).toEqual(['k2', 'k3']);
    await process.store.storeFlags(account, INBOX_ID, [[2, 2]], { set: Flag.Seen });
    expect(await named(2)).toHaveLength(68);
    await change(['only'], [], true);
    expect(await named(2)).toEqual(['only']);
    await change([], [], true);
    expect(await named(2)).toEqual([]);
  });

  test('COPY keeps flags and tells which UID became which; MOVE leaves nothing behind', async () => {
    await process.store.storeFlags(account, INBOX_ID, [[2, 2]], { set: Flag.Seen });
    expect(await process.store.copy(account, INBOX_ID, 2, [[2, 3]], false)).toMatchObject({ source: [2, 3], target: [1, 2] });
    expect(await process.store.copy(account, INBOX_ID, 2, [[1, 2]], true)).toMatchObject({ source: [1, 2], target: [3, 4] });
    expect(await uids()).toEqual([3, 4]);
    const copies = await process.store.snapshot(account, 2);
    expect(Array.from(copies.flags.subarray(0, 4))).toEqual([Flag.Seen, 0n, 0n, Flag.Seen]);
  });

  test('what another process changes is seen in a fresh snapshot', async () => {
    const other = openTestProcess(database.url);
    await process.store.snapshot(account, INBOX_ID);
    await other.store.storeFlags(account, INBOX_ID, [[4, 4]], { set: Flag.Flagged });
    await other.store.expunge(account, INBOX_ID, [[1, 1]], true);
    await other.store.deliver(account, letter('neu'), null);
    const snapshot = await process.store.snapshot(account, INBOX_ID);
    expect(Array.from(snapshot.uids.subarray(0, snapshot.count))).toEqual([2, 3, 4, 5]);
    expect(snapshot.flags[2]).toBe(Flag.Flagged);
    await other.close();
  });
});

describe('search', () => {
  test('finds substrings in any case, in words and across them, and takes % and _ for what they are', async () => {
    const bodies = ['Zwetschgenkuchen zum Kaffee', 'ÜBERWEISUNGSTRÄGER fehlt', '100%_sicher'];
    const stored = await process.store.append(
      account,
      INBOX_ID,
      bodies.map((body, index) => newMessage(`Subject: s${index}\nContent-Type: text/plain; charset=utf-8\n\n${body}`)),
    );
    const ids = stored.map((message) => message.messageId);
    const find = async (pattern: string, field: 'body' | 'text' | 'subject' = 'body') =>
      [...(await process.store.matchText(account, ids, [{ field, pattern }]))].map((id) => ids.indexOf(id));
    expect(await find('schgenku')).toEqual([0]);
    expect(await find('kuchen zum kaf')).toEqual([0]);
    expect(await find('überweisungsträger')).toEqual([1]);
    expect(await find('%_')).toEqual([2]);
    expect(await find('s2', 'subject')).toEqual([2]);
    expect(await find('s2')).toEqual([]);
    expect(await find('s2', 'text')).toEqual([2]);
  });
});

describe('the directory', () => {
  const address = (text: string) => parseEmailAddress(text) ?? expect.fail(`${text} is no address`);

  test('tells mailboxes, unknown users and foreign domains apart', async () => {
    const directory = openDirectory(process.database);
    expect(await directory.recipient(address(`m${serial}@muster.at`))).toMatchObject({
      kind: 'mailbox',
      accountId: account,
      overQuota: false,
    });
    expect(await directory.recipient(address('niemand@muster.at'))).toMatchObject({ kind: 'unknown-user' });
    expect(await directory.recipient(address('max@extern.example'))).toEqual({ kind: 'foreign-domain' });
  });

  test('whether a name is proved is known to whoever found a recipient since, though it was remembered', async () => {
    const directory = openDirectory(process.database);
    const name = parseDomainName(`bewiesen${serial}.example`) ?? expect.fail('no name');
    const isProved = async () => {
      const found = await directory.recipient(address(`m${serial}@muster.at`));
      return directory.isProved(name, found.kind === 'mailbox' ? found.hostedVersion : expect.fail('no mailbox'));
    };
    expect([await isProved(), await isProved()]).toEqual([false, false]);
    await createAccount(database.url, `wer@bewiesen${serial}.example`, 1000);
    expect([await isProved(), await isProved()]).toEqual([true, true]);
    await sql(database.url, `update domain set verified_at = null where name = $1`, [name]);
    expect(await isProved()).toBe(false);
    await sql(database.url, `update domain set verified_at = now() where name = $1`, [name]);
    expect(await isProved()).toBe(true);
    await sql(database.url, `update domain set name = 'anders' || name where name = $1`, [name]);
    expect(await isProved()).toBe(false);
  });
});
