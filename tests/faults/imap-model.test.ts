import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { basePorts } from '#lib/config/config.ts';
import { type Certificates, ensureCertificates } from '#lib/launcher/certificates.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { eventually } from '#tests/support/eventually.ts';
import { type Answer, TestImap } from '#tests/support/imap-client.ts';
import { LineClient } from '#tests/support/line-client.ts';
import {
  folderOf,
  type Folder,
  type Letter,
  nextStep,
  type Random,
  shown,
  type Step,
  usedBytes,
  type World,
} from '#tests/support/mailbox-model.ts';
import { setPassword, sql } from '#tests/support/passwords.ts';
import { reservePortOffset } from '#tests/support/ports.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { randomOf } from '#tests/support/random.ts';
import { testSecret } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

// Two clients in two mail-server processes change one mailbox, one command at a time, and a model says what each command must have done: which
// letters are where, with what flags and UIDs. Letters come in between by LMTP, POP3 takes some away, folders are made, renamed and deleted, and the
// mailbox is small. Meanwhile the processes are killed (SIGKILL) and stopped (SIGSTOP), and connections of the database are cut. What a
// command did that was never answered is then all of it or nothing of it, what was answered is there, and a letter that was sent again is there once.

const seeds = (process.env['POSTAMT_MODEL_SEEDS'] ?? '1').split(',').map(Number);
const turns = Number(process.env['POSTAMT_MODEL_TURNS'] ?? 150);
const password = 'sechs Igel im Laub';
const quota = 6_000;
/** they are in no model */
const leftAlone = new Set(['Drafts', 'Sent', 'Junk', 'Trash']);
/** a process begins anew after each kill, on a machine that may do other things */
const startMs = 120_000;

let database: TestDatabase;
let directory: string;
let certificates: Certificates;
let ended = false;

/** A place where a mail-server process runs; a new one where the last one died. */
class Place {
  readonly offset: number;
  child: ChildProcess;

  constructor(offset: number) {
    this.offset = offset;
    this.child = this.#start();
  }

  #start(): ChildProcess {
    const child = fork('mail-server/main.ts', {
      silent: true,
      env: {
        ...process.env,
        DATABASE_URL: database.url,
        POSTAMT_SECRET: testSecret,
        POSTAMT_TLS_CERT: certificates.cert,
        POSTAMT_TLS_KEY: certificates.key,
        POSTAMT_PORT_OFFSET: String(this.offset),
        POSTAMT_METRICS_PORT: '0',
        POSTAMT_LOG_LEVEL: 'silent',
      },
    });
    child.once('exit', () => {
      if (!ended) this.child = this.#start();
    });
    return child;
  }
}

const places: Place[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(join(tmpdir(), 'postamt-model-'));
  certificates = await ensureCertificates(directory, 'localhost');
  for (let count = 0; count < 2; count++) places.push(new Place(await reservePortOffset()));
}, 600_000);
afterAll(async () => {
  ended = true;
  for (const { child } of places) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  await rm(directory, { recursive: true });
  await database.drop();
});

const numberIn = (text: string, word: string): number => Number(new RegExp(`\\b${word} (\\d+)`).exec(text)?.[1]);
const flagsIn = (text: string): Set<string> =>
  new Set(
    /FLAGS \((.*?)\)/
      .exec(text)?.[1]
      ?.split(' ')
      .filter((flag) => flag !== '' && flag !== '\\Recent'),
  );

/** What a client believes of the folder that it has open, as the responses it got add up. */
class Client {
  readonly place: Place;
  readonly #address: string;
  readonly #enable: string;
  imap: TestImap | null = null;
  folder: string | null = null;
  uids: (number | null)[] = [];
  highest = new Map<string, number>();

  constructor(place: Place, address: string, enable: string) {
    this.place = place;
    this.#address = address;
    this.#enable = enable;
  }

  async connected(): Promise<TestImap> {
    if (this.imap && !this.imap.ended) return this.imap;
    this.lost();
    this.imap = await eventually(
      'a process that serves',
      async () => {
        try {
          const imap = await TestImap.connect(basePorts.imaps + this.place.offset, true);
          await imap.ok(`LOGIN ${this.#address} "${password}"`);
          if (this.#enable) await imap.ok(`ENABLE ${this.#enable}`);
          return imap;
        } catch {
          await pause(50);
          return null;
        }
      },
      startMs,
    );
    return this.imap;
  }

  lost(): void {
    this.imap?.end();
    this.imap = null;
    this.folder = null;
    this.uids = [];
  }

  /** Null: no answer came, or one that says that the database is away. */
  async say(command: string): Promise<Answer | null> {
    const answer = (await this.imap?.command(command).catch(() => null)) ?? null;
    if (!answer) {
      this.lost();
      return null;
    }
    for (const line of answer.untagged) this.#hear(line, command);
    expect(answer.status, `${command}: ${answer.text}`).not.toBe('BAD');
    return answer;
  }

  #hear(line: string, command: string): void {
    const [, digits = '', what = ''] = /^(\d+) (EXISTS|EXPUNGE|FETCH)/.exec(line) ?? [];
    const number = Number(digits);
    if (what === 'EXISTS') {
      expect(number, `${command}: EXISTS never takes away`).toBeGreaterThanOrEqual(this.uids.length);
      while (this.uids.length < number) this.uids.push(null);
    } else if (what === 'EXPUNGE') {
      expect(number, `${command}: EXPUNGE of what is there`).toBeLessThanOrEqual(this.uids.length);
      this.uids.splice(number - 1, 1);
    } else if (what === 'FETCH') {
      const uid = Number(/UID (\d+)/.exec(line)?.[1] ?? 0);
      if (uid > 0) {
        expect([null, uid], `${command}: a number keeps its UID`).toContain(this.uids[number - 1] ?? null);
        this.uids[number - 1] = uid;
      }
    }
  }

  /** Sessions keep a folder that gets another name; of one that is gone they are thrown out. */
  isRenamed(step: Step, world: World): void {
    if (step.by !== 'imap' || !step.renamed || this.folder === null) return;
    const name = step.renamed(this.folder);
    if (name === this.folder || (name !== null && !world.has(name))) return;
    if (name === null && world.has(this.folder)) return;
    if (name === null) this.lost();
    else this.folder = name;
  }

  async select(folder: string): Promise<boolean> {
    this.uids = [];
    this.folder = null;
    await this.connected();
    const answer = await this.say(`SELECT ${folder}`);
    if (answer?.status !== 'OK') return false;
    const said = answer.untagged.join('\n');
    const found = numberIn(said, 'HIGHESTMODSEQ');
    const same = `${folder} ${numberIn(said, 'UIDVALIDITY')}`;
    expect(found, 'HIGHESTMODSEQ never falls').toBeGreaterThanOrEqual(this.highest.get(same) ?? 0);
    this.highest.set(same, found);
    this.folder = folder;
    return true;
  }
}

/** Under one name and UIDVALIDITY a UID is one letter for ever (RFC 9051 section 2.3.1.1). */
let identities = new Map<string, string>();

/** What the mailbox is, by its own tables' way out: asked of the server by a session of its own. */
async function readWorld(client: TestImap): Promise<World> {
  const world = new Map<string, Folder>();
  const listed = (await client.ok('LIST "" "*"')).untagged.flatMap((line) => /^LIST \(.*?\) "\/" "?(.*?)"?$/.exec(line)?.[1] ?? []);
  for (const name of listed) {
    if (leftAlone.has(name)) continue;
    const status = (await client.ok(`STATUS ${name} (MESSAGES UIDNEXT UIDVALIDITY UNSEEN DELETED HIGHESTMODSEQ SIZE)`)).untagged.join('\n');
    await client.ok(`EXAMINE ${name}`);
    const { lines } = await client.ok('UID FETCH 1:* (UID FLAGS MODSEQ RFC822.SIZE BODY.PEEK[TEXT])');
    const letters = lines.flatMap(({ text, literals }): Letter[] => {
      if (!/^\* \d+ FETCH/.test(text)) return [];
      expect(Number(/MODSEQ \((\d+)\)/.exec(text)?.[1])).toBeLessThanOrEqual(numberIn(status, 'HIGHESTMODSEQ'));
      const mark = String(literals[0] ?? /"(.*?)"/.exec(text)?.[1]).trim();
      return [{ uid: numberIn(text, 'UID'), mark, flags: flagsIn(text), size: numberIn(text, 'RFC822.SIZE') }];
    });
    letters.sort((one, other) => one.uid - other.uid);
    for (const { uid, mark } of letters) {
      const place = `${name} ${numberIn(status, 'UIDVALIDITY')} ${uid}`;
      expect(identities.get(place) ?? mark, `UID ${uid} of ${name} is one letter for ever`).toBe(mark);
      identities.set(place, mark);
    }
    expect(
      ['MESSAGES', 'UNSEEN', 'DELETED', 'SIZE'].map((word) => numberIn(status, word)),
      name,
    ).toEqual([
      letters.length,
      letters.filter(({ flags }) => !flags.has('\\Seen')).length,
      letters.filter(({ flags }) => flags.has('\\Deleted')).length,
      letters.reduce((sum, { size }) => sum + (size ?? 0), 0),
    ]);
    world.set(name, { uidnext: numberIn(status, 'UIDNEXT'), letters });
  }
  return world;
}

/** A program that keeps what it saw of the folders, and asks only for what changed since (RFC 7162), each time in another session. */
class Follower {
  readonly #known = new Map<string, { modseq: number; letters: Map<number, string> }>();

  async look(imap: TestImap, name: string): Promise<string[]> {
    const opened = (await imap.ok(`SELECT ${name} (CONDSTORE)`)).untagged.join('\n');
    const place = `${name} ${numberIn(opened, 'UIDVALIDITY')}`;
    const { modseq, letters } = this.#known.get(place) ?? { modseq: 1, letters: new Map<number, string>() };
    for (const line of (await imap.ok(`UID FETCH 1:* (FLAGS) (CHANGEDSINCE ${modseq})`)).untagged)
      if (/^\d+ FETCH/.test(line)) letters.set(numberIn(line, 'UID'), [...flagsIn(line)].toSorted().join(' '));
    const there = new Set(
      (await imap.ok('UID SEARCH ALL')).untagged
        .find((line) => line.startsWith('SEARCH'))
        ?.split(' ')
        .slice(1)
        .map(Number),
    );
    for (const uid of letters.keys()) if (!there.has(uid)) letters.delete(uid);
    this.#known.set(place, { modseq: numberIn(opened, 'HIGHESTMODSEQ'), letters });
    return Array.from(letters, ([uid, flags]) => `${uid} ${flags}`).toSorted();
  }
}

/** Sends a letter as other hosts do: where no answer comes, or one that says so, again. True: it was taken. */
async function deliver(random: Random, address: string, letter: string): Promise<boolean> {
  const answer = await eventually(
    'an answer to a letter',
    async () => {
      const { offset } = places[random(2)] as Place;
      const client = await SmtpClient.open(basePorts.lmtp + offset, { greeting: 'LHLO model.test' }).catch(() => null);
      const said = await client?.send('somebody@example.org', [address], letter).catch(() => null);
      client?.close();
      return said && !/^(451|421)/.test(said) ? said : null;
    },
    startMs,
  );
  expect(answer).toMatch(/^(250 |452 4\.2\.2|552 5\.2\.2)/);
  return answer.startsWith('250');
}

/** Signs in by POP3 and deletes those of these letters; null: no answer came to QUIT, or none that says that it was done. */
async function collect(place: Place, address: string, world: World, uids: readonly number[]): Promise<'OK' | null> {
  const { letters } = folderOf(world, 'INBOX');
  let client: LineClient | null = null;
  try {
    client = await LineClient.open(basePorts.pop3s + place.offset, { tls: true });
    await client.line();
    await client.ask(`USER ${address}`);
    // a session that was lost may still have the maildrop
    if (!(await client.ask(`PASS ${password}`))?.startsWith('+OK')) return null;
    const counted = await client.ask('STAT');
    if (!counted?.startsWith('+OK')) return null;
    expect(Number(counted.split(' ')[1]), 'POP3 shows what is in INBOX').toBe(letters.length);
    for (const [index, { uid }] of letters.entries()) if (uids.includes(uid)) await client.ask(`DELE ${index + 1}`);
    return (await client.ask('QUIT'))?.startsWith('+OK') === true ? 'OK' : null;
  } catch (error) {
    if (error instanceof Error && error.name === 'AssertionError') throw error;
    return null;
  } finally {
    client?.destroy();
  }
}

/** Something breaks while a command is on its way, or in the middle of it. */
async function disturb(place: Place, random: Random): Promise<void> {
  await pause(random(8));
  const kind = random(5);
  if (kind === 0) place.child.kill('SIGKILL');
  else if (kind < 3) {
    const { child } = place;
    child.kill('SIGSTOP');
    await pause(random(1500));
    child.kill('SIGCONT');
  } else
    await sql(
      database.url,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and random() < 0.7`,
    ).catch(() => undefined);
}

test.each(seeds)(
  'two clients, a model, and processes that are killed in between: seed %i',
  async (seed) => {
    const address = `max${seed}@muster.at`;
    const account = await createAccount(database.url, address, quota);
    await setPassword(database.url, account, password);
    const random = randomOf(seed);
    identities = new Map();
    const [first, second] = places as [Place, Place];
    const clients = [new Client(first, address, ''), new Client(second, address, 'IMAP4rev2')];
    const [observer, following] = [new Client(first, address, ''), new Client(second, address, '')];
    const follower = new Follower();
    /** What a look says, however often it has to begin anew. */
    const seen = <Seen>(what: string, client: Client, look: (imap: TestImap) => Promise<Seen>) =>
      eventually(
        what,
        async () =>
          look(await client.connected()).catch((error: unknown) => {
            if (error instanceof Error && error.name === 'AssertionError') throw error;
            client.lost();
            return null;
          }),
        startMs,
      );
    /** What is still being written when its process was killed is waited for. */
    const look = async () => {
      await eventually('what is under way', () =>
        sql(database.url, 'select 1 from account_counter where account_id = $1 for update', [account]).catch(() => null),
      );
      return seen('a look at the mailbox', observer, readWorld);
    };
    const someFolder = (): string => [...world.keys()][random(world.size)] as string;
    const takeTurn = (client: Client, step: Step) => {
      if (step.by === 'imap') return client.say(step.command).then((answer) => answer && { answer, done: answer.status === 'OK' });
      if (step.by === 'lmtp') return deliver(random, address, step.letter).then((done) => ({ answer: null, done }));
      return collect(client.place, address, world, step.uids).then((done) => done && { answer: null, done: true });
    };
    let world = await look();
    let [answered, unanswered, taken, refused] = [0, 0, 0, 0];
    for (let turn = 0; turn < turns; turn++) {
      const client = clients[random(2)] as Client;
      if (client.folder === null || random(15) === 0) await eventually('a folder', () => client.select(someFolder()), startMs);
      // UIDs that a session was not told of yet are none to it
      await eventually(
        'the news',
        async () => {
          if (client.folder === null) await client.select(someFolder());
          const answer = await client.say('NOOP');
          return answer && client.folder !== null && client.uids.length === folderOf(world, client.folder).letters.length;
        },
        startMs,
      );
      const step = nextStep(world, client.folder ?? 'INBOX', quota, random);
      const what = JSON.stringify({ ...step, after: undefined });
      const disturbance = random(12) === 0 ? disturb(client.place, random) : Promise.resolve();
      const took = await takeTurn(client, step);
      await disturbance;
      const isRefused =
        (step.by === 'imap' && step.isRefused === true) || (step.by === 'lmtp' && step.mayBeRefused && took?.done === false);
      if (isRefused && took) {
        refused++;
        if (took.answer && !took.answer.text.includes('[UNAVAILABLE]')) expect(took.answer.text, what).toContain('[OVERQUOTA]');
        expect(shown(await look()), what).toEqual(shown(world));
      } else if (took?.done) {
        answered++;
        if (step.by === 'imap' && step.says) expect(`${took.answer?.untagged.join('\n')}\n${took.answer?.text}`, what).toMatch(step.says);
        const after = step.by === 'lmtp' || turn % 25 === 0 ? await look() : step.after;
        expect(shown(after, step.after), what).toEqual(shown(step.after));
        world = after;
      } else {
        unanswered++;
        const now = await look();
        const isDone = JSON.stringify(shown(now)) === JSON.stringify(shown(step.after));
        if (!isDone) expect(shown(now), `none or all of ${what}: ${took?.answer?.text}`).toEqual(shown(world));
        if (isDone) taken++;
        world = now;
      }
      for (const each of clients) each.isRenamed(step, world);
      if (turn % 10 === 0) {
        const name = someFolder();
        const wanted = folderOf(world, name).letters.map(({ uid, flags }) => `${uid} ${[...flags].toSorted().join(' ')}`);
        expect(await seen('what changed', following, (imap) => follower.look(imap, name)), name).toEqual(wanted.toSorted());
      }
    }
    expect(shown(await look())).toEqual(shown(world));
    const [counter] = await sql(database.url, 'select used_bytes::int, used_messages::int from account_counter where account_id = $1', [
      account,
    ]);
    const messages = [...world.values()].reduce((sum, { letters }) => sum + letters.length, 0);
    expect(counter).toEqual({ used_bytes: usedBytes(world), used_messages: messages });
    // each picture that a client has added up is the folder
    for (const client of clients) {
      const { folder } = client;
      if (folder === null || (await client.say('NOOP')) === null) continue;
      await client.say('FETCH 1:* (UID)');
      expect(client.uids).toEqual(folderOf(world, folder).letters.map(({ uid }) => uid));
      client.lost();
    }
    for (const client of [observer, following]) client.lost();
    // what the run was worth
    process.stderr.write(`${JSON.stringify({ seed, answered, unanswered, taken, refused })}\n`);
  },
  1_200_000,
);
