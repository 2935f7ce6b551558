import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { parseEmailAddress } from '#lib/addresses/email-address.ts';
import { database } from '#lib/db/prisma.ts';
import { ensureCertificates } from '#lib/launcher/certificates.ts';
import { inFolder, type ImapWork, withImap } from '#lib/webmail/connection/imap-pool.ts';
import type { MailError } from '#lib/webmail/connection/mail-error.ts';
import type { MailboxIdentity } from '#lib/webmail/connection/mailbox-identity.ts';
import { currentIndex, indexedMessages } from '#lib/webmail/reading/folder-index.ts';
import { applyFilter, undoFilter } from '#lib/webmail/filters/apply-filter.ts';
import type { Filter, FilterAction } from '#lib/webmail/filters/filter.ts';
import { tryFilter, type Tried } from '#lib/webmail/filters/try-filter.ts';
import { readFilters, saveFilters } from '#lib/webmail/filters/mailbox-filters.ts';
import { createFolder } from '#lib/webmail/folders/create-folder.ts';
import { deleteFolder } from '#lib/webmail/folders/delete-folder.ts';
import { foldersOf } from '#lib/webmail/folders/list-folders.ts';
import { renameFolder } from '#lib/webmail/folders/rename-folder.ts';
import { scheduledFolder } from '#lib/webmail/sending/scheduled-folder.ts';
import { keepSettling } from '#lib/webmail/sending/settle-released.ts';
import { messageIdOf } from '#lib/webmail/writing/build-letter.ts';
import { emptyLetter } from '#lib/webmail/writing/empty-letter.ts';
import { deleteForGood, moveMessages } from '#lib/webmail/reading/move-messages.ts';
import { setFlag } from '#lib/webmail/reading/set-flags.ts';
import { searchFolder } from '#lib/webmail/reading/search-messages.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { firstMessage, startMailProcess } from '#tests/support/mail-process.ts';
import { reservePortOffset } from '#tests/support/ports.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { testSecret } from '#tests/support/services.ts';

let testing: TestDatabase;
let directory: string;
let certificates: Awaited<ReturnType<typeof ensureCertificates>>;
let portOffset: number;
beforeAll(async () => {
  testing = await createTestDatabase();
  directory = await mkdtemp(join(tmpdir(), 'postamt-folder-index-'));
  [certificates, portOffset] = [await ensureCertificates(directory, 'localhost'), await reservePortOffset()];
  Object.assign(process.env, {
    DATABASE_URL: testing.url,
    POSTAMT_SECRET: testSecret,
    POSTAMT_PORT_OFFSET: String(portOffset),
    POSTAMT_HOST: 'localhost',
    POSTAMT_TLS_CA: certificates.ca,
  });
});
beforeEach(async ({ task }) => {
  expect(await firstMessage(startMailProcess({ databaseUrl: testing.url, certificates, portOffset }))).toMatchObject({ type: 'ready' });
  const address = parseEmailAddress(`test-${task.id.replace(/\W/g, '-')}@muster.at`);
  if (!address) throw new Error('no address');
  const mailboxId = await createAccount(testing.url, address);
  mailbox = { mailboxId, address, name: 'Max Muster', locale: 'de', credentialVersion: 1, sessionId: null };
});
afterAll(async () => {
  await database().$disconnect();
  await rm(directory, { recursive: true });
  await testing.drop();
});

let mailbox: MailboxIdentity;
const inInbox = <T>(work: (imap: ImapWork) => Promise<T>): Promise<T> =>
  withImap(mailbox, (imap) => inFolder(imap, 'INBOX', () => work(imap)), { retry: false });

test('the index of a very large folder holds its newest letters, whatever comes and goes, and a search finds the others', async () => {
  await inInbox(async (imap) => {
    const { client } = imap;
    const come = async (count: number) => {
      for (let at = 0; at < count; at++) await client.append('INBOX', `Subject: ${at}\r\n\r\nHallo.\r\n`);
      await client.noop();
    };
    const go = (uids: string) => client.messageDelete(uids, { uid: true });
    const all = async () => (await client.search({ all: true }, { uid: true })) || [];
    const shown = async () => [...(await currentIndex(imap, 6)).messages.keys()];
    await come(9);
    expect(await shown()).toEqual([4, 5, 6, 7, 8, 9]);
    await come(2);
    expect(await shown()).toEqual([6, 7, 8, 9, 10, 11]);
    await client.messageFlagsAdd('2,7', ['\\Flagged'], { uid: true });
    const index = await currentIndex(imap, 6);
    expect([...index.messages.keys(), index.messages.get(7)?.flagged]).toEqual([6, 7, 8, 9, 10, 11, true]);
    const found = await indexedMessages(imap, index, await all());
    expect(found.map(({ uid }) => uid).sort((a, b) => a - b)).toEqual(await all());
    expect(found.filter(({ flagged }) => flagged).map(({ uid }) => uid)).toEqual([7, 2]);

    await go('1,3,8');
    expect(await shown()).toEqual([6, 7, 9, 10, 11]);
    await come(1);
    await go('4');
    expect(await shown()).toEqual([6, 7, 9, 10, 11, 12]);
    // more than half of the newest are gone: what is older has its turn
    await go('7:11');
    expect(await shown()).toEqual([2, 5, 6, 12]);
    await go('12');
    await come(1);
    expect(await shown()).toEqual([2, 5, 6, 13]);
    await go('1:*');
    expect(await shown()).toEqual([]);
    await come(1);
    expect(await shown()).toEqual([14]);
  });
});

test('hits that are deleted while further ones are asked for hide none of those', async () => {
  await inInbox(async ({ client }) => {
    for (let at = 1; at <= 9; at++) {
      const arrived = new Date(Date.UTC(2026, 0, Math.ceil(at / 2)));
      await client.append('INBOX', `Subject: ${at}\r\nMessage-ID: <${at}@muster.at>\r\n\r\nWort und mehr.\r\n`, [], arrived);
    }
  });
  const seen: string[] = [];
  let after: string | undefined;
  for (const gone of ['8', '9,7', '1', '5', '']) {
    const hits = await searchFolder(mailbox, { folder: 'INBOX', q: 'Wort mehr', count: 2, after });
    seen.push(...hits.rows.map(({ subject }) => subject));
    if (gone !== '') await inInbox(({ client }) => client.messageDelete(gone, { uid: true }));
    if (hits.next === null) break;
    after = hits.next;
  }
  // the last of them was deleted before it was asked for
  expect([...new Set(seen)].sort()).toEqual(['2', '3', '4', '6', '8', '9', '5', '7'].sort());
});

test('a filter looks at each letter of a folder once, whatever comes and goes while it is applied', async () => {
  const come = (subject: string) => inInbox(({ client }) => client.append('INBOX', `Subject: ${subject}\r\n\r\nHallo.\r\n`));
  for (const subject of ['1', '2', '3', '4', '5', '6', '7']) await come(subject);
  const filter = { kind: 'filter', name: '', on: true, join: 'all', conditions: [], actions: [{ kind: 'star' }] } as const;
  const portion = (before?: number) =>
    tryFilter(mailbox, { filter: structuredClone(filter) as unknown as Filter, folder: 'INBOX', before, count: 2 });
  const looked = (tried: Tried) => [tried.matches.map(({ subject }) => subject).join(), tried.left];
  const first = await portion();
  expect(looked(first)).toEqual(['7,6', 5]);
  await come('8');
  const second = await portion(first.oldest ?? 0);
  expect(looked(second)).toEqual(['5,4', 3]);
  await inInbox(({ client }) => client.messageDelete('4,6', { uid: true }));
  const third = await portion(second.oldest ?? 0);
  expect(looked(third)).toEqual(['3,2', 1]);
  const last = await portion(third.oldest ?? 0);
  expect(looked(last)).toEqual(['1', 0]);
  expect(looked(await portion(last.oldest ?? 0))).toEqual(['', 0]);
});

test('the folder of letters that wait keeps its name and stays while any does, which would leave all the same; one that is merely called so is anybody’s', async () => {
  await inInbox(({ client }) => client.mailboxCreate('Geplant'));
  const letterId = randomUUID();
  const { mailboxId } = mailbox;
  const later = new Date(Date.now() + 3_600_000);
  const wait = (copyFolder: string | null) => ({ state: 'held', copyFolder, copyUid: copyFolder === null ? null : 1n });
  await database().outgoingLetter.create({
    data: { mailboxId, letterId, attempt: letterId, press: letterId, releaseAt: later, ...wait('Geplant') },
  });
  const refused = async () => {
    await expect(deleteFolder(mailbox, 'Geplant')).rejects.toMatchObject({ code: 'LettersWait' });
    await expect(renameFolder(mailbox, { path: 'Geplant', name: 'Später' })).rejects.toMatchObject({ code: 'LettersWait' });
  };
  await refused();
  await database().outgoingLetter.updateMany({ where: { letterId }, data: wait(null) });
  await refused();
  await database().outgoingLetter.updateMany({ where: { letterId }, data: { state: 'sent' } });
  expect(await renameFolder(mailbox, { path: 'Geplant', name: 'Reisen' })).toEqual({ path: 'Reisen' });
});

test('a letter that waits has its folder, though another program deleted that meanwhile', async () => {
  await inInbox(({ client }) => client.mailboxCreate('Geplant'));
  await inInbox(async (imap) => {
    await foldersOf(imap);
    // of which this connection hears nothing
    await imap.client.mailboxDelete('Geplant');
    const path = await scheduledFolder(imap, 'de');
    expect(await imap.client.status(path, { messages: true })).toMatchObject({ messages: 0 });
  });
});

test('the copy of a letter that left comes into Sent as soon as there is room; a place that is gone keeps nothing waiting', async () => {
  const { mailboxId } = mailbox;
  const quota = (bytes: number) =>
    database().$executeRaw`update account_counter set quota_bytes = ${bytes} where account_id = ${mailboxId}`;
  const put = (letterId: string, copyFolder: string | null) =>
    database().outgoingLetter.create({
      data: {
        ...{ mailboxId, letterId, state: 'held', attempt: letterId, press: letterId, copyFolder, copyUid: copyFolder === null ? null : 1n },
        ...{ releaseAt: new Date(Date.now() - 60_000), changedAt: new Date(Date.now() - 60_000) },
        letter: {
          ...emptyLetter(),
          id: letterId,
          from: { name: '', address: mailbox.address },
          to: [{ name: '', address: 'a@muster.at' }],
        } as never,
      },
    });
  const [kept, gone] = [randomUUID(), randomUUID()];
  await inInbox(({ client }) => client.append('INBOX', 'Subject: x\r\n\r\nHallo.\r\n'));
  await inInbox(({ client }) => client.append('Drafts', `Message-ID: ${messageIdOf({ id: kept })}\r\n\r\nHallo.\r\n`, ['\\Draft']));
  const drafts = () => withImap(mailbox, ({ client }) => client.status('Drafts', { messages: true }), { retry: false });
  expect(await drafts()).toMatchObject({ messages: 1 });
  await quota(1);
  await put(kept, null);
  await put(gone, 'Geplant');
  const stateOf = async (letterId: string) => (await database().outgoingLetter.findFirstOrThrow({ where: { letterId } })).state;
  keepSettling();
  await vi.waitFor(async () => expect(await stateOf(gone)).toBe('sent'), { timeout: 30_000, interval: 500 });
  expect(await stateOf(kept)).toBe('held');
  // it has left, and no draft of it says otherwise
  expect(await drafts()).toMatchObject({ messages: 0 });
  await quota(100_000_000);
  await vi.waitFor(async () => expect(await stateOf(kept)).toBe('sent'), { timeout: 60_000, interval: 500 });
  const [copy] = await withImap(mailbox, (imap) => inFolder(imap, 'Sent', () => imap.client.search({ all: true }, { uid: true })), {
    retry: false,
  }).then((found) => found || []);
  expect(copy).toBe(1);
}, 300_000);

test('what the mail server refuses is told: nothing counts as moved, marked, deleted or looked for that was not', async () => {
  const { mailboxId } = mailbox;
  await inInbox(({ client }) => client.append('INBOX', 'Subject: x\r\n\r\nHallo.\r\n'));
  const letter = { folder: 'INBOX', uids: [1] };
  const read: FilterAction = { kind: 'read' };
  const flags = () => inInbox(async ({ client }) => (await client.fetchOne('1', { flags: true }, { uid: true })) || { flags: null });
  await database().$executeRaw`update account_counter set quota_bytes = 1 where account_id = ${mailboxId}`;
  const copied = applyFilter(mailbox, { ...letter, actions: [read, { kind: 'copy', folder: 'Archive' }] });
  await expect(copied).rejects.toMatchObject({ code: 'QuotaExceeded' });
  // what was done before belongs to no step that could be taken back
  expect((await flags()).flags).toEqual(new Set());
  await database().$executeRawUnsafe(
    `create function refuse_change() returns trigger language plpgsql as $$ begin raise exception 'no' using errcode = 'disk_full'; end $$`,
  );
  await database().$executeRawUnsafe('create trigger refuse before insert on change for each row execute function refuse_change()');
  await database().$executeRawUnsafe('alter table message_text rename to message_text_away');
  const asked = {
    move: () => moveMessages(mailbox, { ...letter, to: 'Trash' }),
    flag: () => setFlag(mailbox, { ...letter, flag: 'seen', on: true }),
    label: () => setFlag(mailbox, { ...letter, flag: { label: 'Neu' }, on: true }),
    delete: () => deleteForGood(mailbox, letter),
    filter: () => applyFilter(mailbox, { ...letter, actions: [read] }),
    undo: () => undoFilter(mailbox, { folder: 'Archive', at: 'INBOX', uids: [1], marks: [], copies: [] }),
    search: () => searchFolder(mailbox, { folder: 'INBOX', q: 'Hallo', count: 10 }),
  };
  const told: Record<string, unknown> = {};
  for (const [what, ask] of Object.entries(asked))
    told[what] = await ask().then(
      () => 'done',
      ({ code }: MailError) => code,
    );
  await database().$executeRawUnsafe('alter table message_text_away rename to message_text');
  await database().$executeRawUnsafe('drop trigger refuse on change');
  expect(told).toEqual({ ...Object.fromEntries(Object.keys(asked).map((what) => [what, 'Unreachable'])), search: 'Refused' });
});

test('what is taken back takes no copy away whose letter is not where it was: of a move whose answer was lost nobody knows', async () => {
  await inInbox(({ client }) => client.append('INBOX', 'Subject: x\r\n\r\nHallo.\r\n'));
  const given = { folder: 'INBOX', uids: [1] };
  const copying: FilterAction[] = [{ kind: 'copy', folder: 'Archive' }];
  const copies = () => withImap(mailbox, (imap) => inFolder(imap, 'Archive', () => imap.client.search({ all: true })), { retry: false });
  await undoFilter(mailbox, await applyFilter(mailbox, { ...given, actions: copying }));
  expect(await copies()).toEqual([]);
  const applied = await applyFilter(mailbox, { ...given, actions: copying });
  await moveMessages(mailbox, { ...given, to: 'Trash' });
  await undoFilter(mailbox, applied);
  expect(await copies()).toEqual([1]);
});

test('a filter means a folder and not its name: it follows one that is renamed here or by another program, and says which is gone', async () => {
  const { path } = await createFolder(mailbox, 'Pläne & Co');
  const { version } = await readFilters(mailbox);
  const filter: Filter = { kind: 'filter', name: 'F', on: true, join: 'all', conditions: [], actions: [{ kind: 'move', folder: path }] };
  expect((await saveFilters(mailbox, { version, items: [filter], takeOver: 'ask' })).problem).toBeNull();
  const shown = async () => {
    const { items, text } = await readFilters(mailbox);
    const [item] = items;
    const [action] = item?.kind === 'filter' ? item.actions : [];
    return { folder: action && 'folder' in action ? action.folder : null, text };
  };
  const before = await shown();
  expect(before.folder).toBe('Pläne & Co');
  expect(before.text).toMatch(/^\tfileinto :mailboxid "F\d+" "Pläne & Co";$/m);
  await renameFolder(mailbox, { path, name: 'Ablage/Ü & Ö' });
  expect((await shown()).folder).toBe('Ablage/Ü & Ö');
  await withImap(mailbox, ({ client }) => client.mailboxRename('Ablage', 'Archive/2026'), { retry: false });
  const after = await shown();
  expect(after).toEqual({ folder: 'Archive/2026/Ü & Ö', text: before.text });
  // with the next change other editors read the name as it is now
  const now = await readFilters(mailbox);
  await saveFilters(mailbox, { version: now.version, items: now.items, takeOver: 'ask' });
  expect((await shown()).text).toMatch(/"Archive\/2026\/Ü & Ö";$/m);
  await deleteFolder(mailbox, 'Archive/2026/Ü & Ö');
  expect((await readFilters(mailbox)).items).toEqual([{ ...filter, actions: [{ kind: 'move', folder: 'Archive/2026/Ü & Ö' }] }]);
});
