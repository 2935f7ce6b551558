import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseEmailAddress } from '#lib/addresses/email-address.ts';
import { database } from '#lib/db/prisma.ts';
import { ensureCertificates } from '#lib/launcher/certificates.ts';
import { emptyLetter } from '#lib/webmail/writing/empty-letter.ts';
import { inFolder, withImap } from '#lib/webmail/connection/imap-pool.ts';
import type { MailboxIdentity } from '#lib/webmail/connection/mailbox-identity.ts';
import { saveDraft } from '#lib/webmail/writing/save-draft.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { eventually } from '#tests/support/eventually.ts';
import { firstMessage, startMailProcess } from '#tests/support/mail-process.ts';
import { sql } from '#tests/support/passwords.ts';
import { reservePortOffset } from '#tests/support/ports.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { testSecret } from '#tests/support/services.ts';

let testing: TestDatabase;
let directory: string;
let admin: pg.Client;
/** one for all: what the web knows of its mail server it reads once */
let portOffset: number;
beforeAll(async () => {
  portOffset = await reservePortOffset();
  testing = await createTestDatabase();
  directory = await mkdtemp(join(tmpdir(), 'postamt-late-draft-'));
  admin = new pg.Client({ connectionString: testing.url });
  await admin.connect();
});
afterAll(async () => {
  await database().$disconnect();
  await admin.end();
  await rm(directory, { recursive: true });
  await testing.drop();
});

/** A mailbox of an installation whose mail process this file runs, as the web has it. */
async function openMailbox(localPart: string): Promise<MailboxIdentity> {
  const certificates = await ensureCertificates(directory, 'localhost');
  Object.assign(process.env, {
    DATABASE_URL: testing.url,
    POSTAMT_SECRET: testSecret,
    POSTAMT_PORT_OFFSET: String(portOffset),
    POSTAMT_HOST: 'localhost',
    POSTAMT_TLS_CA: certificates.ca,
  });
  expect(await firstMessage(startMailProcess({ databaseUrl: testing.url, certificates, portOffset }))).toMatchObject({ type: 'ready' });
  const address = parseEmailAddress(`${localPart}@muster.at`);
  if (!address) throw new Error('no address');
  const mailboxId = await createAccount(testing.url, address);
  return { mailboxId, address, name: 'Max Muster', locale: 'de', credentialVersion: 1, sessionId: null };
}

const lie = (mailbox: MailboxIdentity, folder: string) =>
  withImap(mailbox, (imap) => inFolder(imap, folder, async () => (await imap.client.search({ deleted: false }, { uid: true })) || []), {
    retry: false,
  });

test('a save that comes late leaves the draft alone that its letter became when it was taken back, whenever that is found out', async () => {
  const mailbox = await openMailbox('max');
  const letter = { ...emptyLetter(), subject: 'Spät', writer: randomUUID() };
  const given = { ...letter, givenAt: 2000 };
  const { draft } = await saveDraft(mailbox, given);

  // One that was let in before its letter was sent: it waits in the mail server until all is over.
  await admin.query('begin');
  await admin.query('select from account_counter where account_id = $1 for update', [mailbox.mailboxId]);
  const late = saveDraft(mailbox, { ...letter, givenAt: 1000 }).catch((error: unknown) => error);
  const waiting = `select count(*) > 0 as waits from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  await eventually('the save to wait', async () => (await sql(testing.url, waiting))[0]?.['waits'] === true);
  await sql(
    testing.url,
    `insert into outgoing_letter (mailbox_id, letter_id, state, attempt, release_at, letter) values ($1, $2, 'withdrawn', 'a', now(), $3)`,
    [mailbox.mailboxId, letter.id, given],
  );
  await admin.query('commit');
  expect(await late).toMatchObject({ code: 'AlreadySent' });
  expect(await lie(mailbox, draft.folder)).toEqual([draft.uid]);

  await expect(saveDraft(mailbox, { ...letter, givenAt: 1500 })).rejects.toMatchObject({ code: 'AlreadySent' });
  expect(await lie(mailbox, draft.folder)).toEqual([draft.uid]);
  const next = await saveDraft(mailbox, { ...letter, givenAt: 3000, draft });
  expect(await lie(mailbox, draft.folder)).toEqual([next.draft.uid]);
});

test('nor does it take the place of one that its window gave later', async () => {
  const mailbox = await openMailbox('erika');
  const letter = { ...emptyLetter(), subject: 'Überholt', writer: randomUUID() };
  const { draft: first } = await saveDraft(mailbox, { ...letter, givenAt: 1000 });
  const { draft: newest } = await saveDraft(mailbox, { ...letter, givenAt: 3000, draft: first });
  const before = await lie(mailbox, newest.folder);
  for (const draft of [first, null, newest]) {
    expect(await saveDraft(mailbox, { ...letter, givenAt: 2000, draft })).toMatchObject({ id: letter.id, draft: newest, conflict: false });
    expect(await lie(mailbox, newest.folder)).toEqual(before);
  }
  expect(await saveDraft(mailbox, { ...letter, givenAt: 2000, draft: first })).toMatchObject({ overtaken: true });
  // the same once more is none that was overtaken: it may be what its browser has, which is opened
  expect(await saveDraft(mailbox, { ...letter, givenAt: 3000, draft: first })).not.toHaveProperty('overtaken');
  expect(await lie(mailbox, newest.folder)).toEqual(before);
  const { draft: next } = await saveDraft(mailbox, { ...letter, givenAt: 4000, draft: first });
  expect(await lie(mailbox, newest.folder)).toEqual(before.map((uid) => (uid === newest.uid ? next.uid : uid)));
});

test('nor of one that another window wrote on top, which is what a reloaded page does', async () => {
  const mailbox = await openMailbox('eva');
  const letter = { ...emptyLetter(), subject: 'Neu geladen', writer: randomUUID() };
  const late = { ...letter, givenAt: 1000 };
  const { draft: home } = await saveDraft(mailbox, { ...letter, givenAt: 2000 });
  const { draft: newest } = await saveDraft(mailbox, { ...letter, writer: randomUUID(), givenAt: 3000, draft: home });
  const saved = await saveDraft(mailbox, late);
  expect(saved).toMatchObject({ conflict: true });
  expect(await lie(mailbox, newest.folder)).toEqual(expect.arrayContaining([newest.uid, saved.draft.uid]));
});
