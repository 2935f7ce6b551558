import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { basePorts } from '#lib/config/config.ts';
import type { AccountId } from '#lib/db/ids.ts';
import { type Certificates, ensureCertificates } from '#lib/launcher/certificates.ts';
import { indexMessage } from '#lib/mime/index-message.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { eventually } from '#tests/support/eventually.ts';
import { TestImap } from '#tests/support/imap-client.ts';
import { firstMessage, startMailProcess } from '#tests/support/mail-process.ts';
import { setPassword } from '#tests/support/passwords.ts';
import { reservePortOffset } from '#tests/support/ports.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

// Two mail-server processes of the operating system on one database. One of them is stopped (SIGSTOP) inside its writing transaction, behind
// the taking of UIDs and in front of COMMIT; through the other mail comes in and clients synchronise all the while.
//
// How the moment is met without luck: a MULTIAPPEND is BEGIN, append_message, append_message, COMMIT. A third session of the database holds the
// thread reference that the second append_message will want to insert, which it does when it has its UID. Once it waits for that, the process
// is stopped, then the lock is released: Postgres ends the second statement, and COMMIT cannot come.

let database: TestDatabase;
let directory: string;
let certificates: Certificates;
let admin: pg.Client;
const password = 'sechs Igel im Laub';

beforeAll(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(join(tmpdir(), 'postamt-paused-'));
  certificates = await ensureCertificates(directory, 'localhost');
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await rm(directory, { recursive: true });
  await database.drop();
});

/** One process with a signed-in client. */
async function startProcess(address: string) {
  const portOffset = await reservePortOffset();
  const child = startMailProcess({ databaseUrl: database.url, certificates, portOffset });
  expect(await firstMessage(child)).toMatchObject({ type: 'ready' });
  const signIn = async () => {
    const client = await TestImap.connect(basePorts.imaps + portOffset, true);
    onTestFinished(() => client.end());
    await client.ok(Buffer.from(`LOGIN ${address} "${password}"`));
    return client;
  };
  const deliver = async (subject: string) => {
    const client = await SmtpClient.open(basePorts.lmtp + portOffset, { greeting: 'LHLO test' });
    onTestFinished(() => client.close());
    return client.send('somebody@example.org', [address], letter(subject));
  };
  return { child, signIn, deliver };
}

const letter = (subject: string): string => `Message-ID: <${subject}@test>\r\nSubject: ${subject}\r\n\r\nText\r\n`;

/** Holds what the delivery of `message` inserts after it took its UID. */
async function holdThreadReference(account: AccountId, message: string) {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('begin');
  const [reference] = indexMessage(Buffer.from(message)).references;
  await client.query('insert into thread_reference (account_id, reference, thread_id) values ($1, $2, 1)', [account, reference]);
  return {
    async release() {
      await client.query('rollback');
      await client.end();
    },
  };
}

const sessionIs = (what: string, condition: string): Promise<unknown> =>
  eventually(what, async () => {
    const { rows } = await admin.query(
      `select 1 from pg_stat_activity where datname = current_database() and query like '%append_message%' and pid <> pg_backend_pid() and ${condition}`,
    );
    return rows.length > 0;
  });

/** Synchronises as clients do: asks for what is new by UID, or by MODSEQ, and never looks back. */
class Reader {
  readonly uids: number[] = [];
  readonly #client: TestImap;
  readonly #by: 'uidnext' | 'modseq';
  #known = 1;

  constructor(client: TestImap, by: 'uidnext' | 'modseq') {
    this.#client = client;
    this.#by = by;
  }

  async synchronise(): Promise<void> {
    const opened = (await this.#client.ok('SELECT INBOX (CONDSTORE)')).untagged.join('\n');
    const numberBehind = (word: string) => Number(new RegExp(`${word} (\\d+)`).exec(opened)?.[1]);
    const fetched = await this.#client.ok(
      this.#by === 'uidnext' ? `UID FETCH ${this.#known}:* (UID)` : `UID FETCH 1:* (UID) (CHANGEDSINCE ${this.#known})`,
    );
    const uids = fetched.untagged.map((line) => Number(/UID (\d+)/.exec(line)?.[1]));
    // "n:*" is the last message at least (RFC 9051 section 9)
    this.uids.push(...uids.filter((uid) => this.#by === 'modseq' || uid >= this.#known));
    this.#known = numberBehind(this.#by === 'uidnext' ? 'UIDNEXT' : 'HIGHESTMODSEQ');
  }
}

/** The whole story; `meanwhile` runs while the writing process is stopped. */
async function story(address: string, meanwhile: (delivery: Promise<string | null>, readers: Reader[]) => Promise<void>) {
  const account = await createAccount(database.url, address);
  await setPassword(database.url, account, password);
  const [writing, other] = await Promise.all([startProcess(address), startProcess(address)]);
  const readers = [new Reader(await other.signIn(), 'uidnext'), new Reader(await other.signIn(), 'modseq')];
  const synchronise = () => Promise.all(readers.map((reader) => reader.synchronise()));
  expect(await other.deliver('one')).toMatch(/^250 /);
  await synchronise();

  const writer = await writing.signIn();
  const [two, three] = [letter('two'), letter('three')];
  const lock = await holdThreadReference(account, three);
  writer.send(`w APPEND INBOX {${two.length}+}\r\n${two} {${three.length}+}\r\n${three}\r\n`);
  await sessionIs('the second append to wait', `wait_event_type = 'Lock'`);
  writing.child.kill('SIGSTOP');
  await lock.release();
  await sessionIs('the transaction to stand open', `state = 'idle in transaction'`);

  const delivery = other.deliver('four');
  await meanwhile(delivery, readers);
  writing.child.kill('SIGCONT');
  expect((await writer.answer('w')).status).toBe('OK');
  expect(await delivery).toMatch(/^250 /);
  await synchronise();
  return readers.map((reader) => reader.uids.toSorted((left, right) => left - right));
}

describe('while a process is stopped inside its transaction', () => {
  let tries = 0;
  test('mail through the other waits its turn, and no client misses any', async () => {
    // tried again, it is a mailbox that has nothing
    const seen = await story(`max${++tries}@muster.at`, async (delivery, readers) => {
      let answered = false;
      delivery.then(
        () => {
          answered = true;
        },
        () => undefined,
      );
      await sessionIs('the delivery to wait', `wait_event_type = 'Lock'`);
      for (const reader of readers) await reader.synchronise();
      expect(readers.map(({ uids }) => uids)).toEqual([[1], [1]]);
      expect(answered).toBe(false);
    });
    expect(seen).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
  });

  test('the check has teeth: with counters outside the transaction mail is missed', async () => {
    const { rows } = await admin.query<{ source: string }>(`select pg_get_functiondef('append_message'::regproc) as source`);
    const source = rows[0]?.source ?? '';
    await admin.query('create sequence wrong_uid; create sequence wrong_modseq start 2');
    // numbers from sequences; the folder's row is written by deliveries alone, so that the stopped process holds no lock on it
    const wrong = source
      .replace(
        /UPDATE account_counter SET[\s\S]*?INTO o_modseq, o_message_id, v_used, v_quota;/,
        () => `SELECT nextval('wrong_modseq'), currval('wrong_modseq'), 0, 1 INTO o_modseq, o_message_id, v_used, v_quota;`,
      )
      .replace(
        /UPDATE folder_counter SET uidnext[\s\S]*?INTO o_uid;/,
        () => `o_uid := nextval('wrong_uid');
          IF p_key IS NOT NULL THEN UPDATE folder_counter SET uidnext = o_uid + 1, messages = messages + 1, highestmodseq = o_modseq
            WHERE account_id = p_account AND folder_id = o_folder_id; END IF;
          PERFORM 1;`,
      );
    await admin.query(wrong);
    try {
      const seen = await story('erika@muster.at', async (delivery, readers) => {
        expect(await delivery).toMatch(/^250 /);
        for (const reader of readers) await reader.synchronise();
      });
      expect(seen).toEqual([
        [1, 4],
        [1, 4],
      ]);
    } finally {
      await admin.query(source);
    }
  });
});
