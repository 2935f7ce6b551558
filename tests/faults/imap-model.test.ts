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
import { setPassword, sql } from '#tests/support/passwords.ts';
import { reservePortOffset } from '#tests/support/ports.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { randomOf } from '#tests/support/random.ts';
import { testSecret } from '#tests/support/services.ts';

// Two clients in two mail-server processes change one mailbox, one command at a time, and a model says what each command must have done: which
// letters are where, with what flags and UIDs. Meanwhile the processes are killed (SIGKILL) and stopped (SIGSTOP), and connections of the
// database are cut. What a command did that was never answered is then all of it or nothing of it, and what was answered is there.

interface Letter {
  uid: number;
  mark: string;
  flags: ReadonlySet<string>;
}
interface Folder {
  uidnext: number;
  letters: readonly Letter[];
}
type World = ReadonlyMap<string, Folder>;

const seeds = (process.env['POSTAMT_MODEL_SEEDS'] ?? '1').split(',').map(Number);
const turns = Number(process.env['POSTAMT_MODEL_TURNS'] ?? 150);
const folders = ['INBOX', 'Archive', 'Eins', 'Zwei'];
const flagNames = ['\\Seen', '\\Flagged', '\\Deleted', '\\Answered', 'Wichtig', 'Later'];
const password = 'sechs Igel im Laub';
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
}, 60_000);
afterAll(async () => {
  ended = true;
  for (const { child } of places) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  await rm(directory, { recursive: true });
  await database.drop();
});

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

  async select(folder: string): Promise<boolean> {
    this.uids = [];
    this.folder = null;
    await this.connected();
    const answer = await this.say(`SELECT ${folder}`);
    if (answer?.status !== 'OK') return false;
    const found = Number(/HIGHESTMODSEQ (\d+)/.exec(answer.untagged.join('\n'))?.[1] ?? 0);
    expect(found, 'HIGHESTMODSEQ never falls').toBeGreaterThanOrEqual(this.highest.get(folder) ?? 0);
    this.highest.set(folder, found);
    this.folder = folder;
    return true;
  }
}

const ranges = (uids: readonly number[]): string => uids.join(',');
/** What the mailbox is, by its own tables' way out: asked of the server by a session of its own. */
async function readWorld(client: TestImap): Promise<World> {
  const world = new Map<string, Folder>();
  for (const name of folders) {
    const status = (await client.ok(`STATUS ${name} (MESSAGES UIDNEXT UNSEEN DELETED HIGHESTMODSEQ)`)).untagged.join('\n');
    const counted = (word: string): number => Number(new RegExp(`${word} (\\d+)`).exec(status)?.[1]);
    await client.ok(`EXAMINE ${name}`);
    const { lines } = await client.ok('UID FETCH 1:* (UID FLAGS MODSEQ BODY.PEEK[TEXT])');
    const letters = lines.flatMap(({ text, literals }): Letter[] => {
      if (!/^\* \d+ FETCH/.test(text)) return [];
      const flags =
        /FLAGS \((.*?)\)/
          .exec(text)?.[1]
          ?.split(' ')
          .filter((flag) => flag !== '' && flag !== '\\Recent') ?? [];
      expect(Number(/MODSEQ \((\d+)\)/.exec(text)?.[1])).toBeLessThanOrEqual(counted('HIGHESTMODSEQ'));
      return [
        { uid: Number(/UID (\d+)/.exec(text)?.[1]), mark: String(literals[0] ?? /"(.*?)"/.exec(text)?.[1]).trim(), flags: new Set(flags) },
      ];
    });
    letters.sort((one, other) => one.uid - other.uid);
    expect({ messages: counted('MESSAGES'), unseen: counted('UNSEEN'), deleted: counted('DELETED') }, name).toEqual({
      messages: letters.length,
      unseen: letters.filter(({ flags }) => !flags.has('\\Seen')).length,
      deleted: letters.filter(({ flags }) => flags.has('\\Deleted')).length,
    });
    world.set(name, { uidnext: counted('UIDNEXT'), letters });
  }
  return world;
}

const shown = (world: World): Record<string, unknown> =>
  Object.fromEntries(
    [...world].map(([name, { uidnext, letters }]) => [
      name,
      { uidnext, letters: letters.map(({ uid, mark, flags }) => `${uid} ${mark} ${[...flags].toSorted().join(' ')}`) },
    ]),
  );

const folderOf = (world: World, name: string): Folder => world.get(name) ?? { uidnext: 1, letters: [] };
const withFolder = (world: World, name: string, folder: Folder): World => new Map(world).set(name, folder);

function added(world: World, name: string, letters: readonly Omit<Letter, 'uid'>[]): World {
  const { uidnext, letters: before } = folderOf(world, name);
  return withFolder(world, name, {
    uidnext: uidnext + letters.length,
    letters: [...before, ...letters.map((letter, index) => ({ ...letter, uid: uidnext + index }))],
  });
}
const without = (world: World, name: string, gone: (letter: Letter) => boolean): World => {
  const { uidnext, letters } = folderOf(world, name);
  return withFolder(world, name, { uidnext, letters: letters.filter((letter) => !gone(letter)) });
};

interface Step {
  command: string;
  /** the mailbox when it was done */
  after: World;
  /** what its answer has to say */
  says?: RegExp;
}

let marks = 0;
const letter = (mark: string): string => `Subject: ${mark}\r\n\r\n${mark}`;
const literal = (text: string): string => `{${Buffer.byteLength(text)}+}\r\n${text}`;

/** Something to do for a client in the folder that it has open. */
function next(world: World, open: string, random: (below: number) => number): Step {
  const here = folderOf(world, open);
  const some = (): Letter[] => {
    const share = 1 + random(4);
    return here.letters.filter(() => random(5) < share);
  };
  const pick = <T>(of: readonly T[]): T => of[random(of.length)] as T;
  const kind = here.letters.length < 3 ? 0 : random(12);
  if (kind <= 2) {
    const name = pick(folders);
    const news = Array.from({ length: 1 + random(4) }, () => ({
      mark: `brief-${++marks}`,
      flags: new Set(random(2) ? [pick(flagNames)] : []),
    }));
    const text = news.map(({ mark, flags }) => ` (${[...flags].join(' ')}) ${literal(letter(mark))}`).join('');
    const from = folderOf(world, name).uidnext;
    const uids = news.length === 1 ? `${from}` : `${from}:${from + news.length - 1}`;
    return { command: `APPEND ${name}${text}`, after: added(world, name, news), says: new RegExp(`APPENDUID \\d+ ${uids}\\]`) };
  }
  const chosen = some();
  if (chosen.length === 0) return { command: 'NOOP', after: world };
  const named = ranges(chosen.map(({ uid }) => uid));
  const isChosen = ({ uid }: Letter): boolean => chosen.some((each) => each.uid === uid);
  if (kind <= 5) {
    const flags = [...new Set([pick(flagNames), pick(flagNames)])];
    const sign = pick(['+', '-', '']);
    const changed = (before: ReadonlySet<string>): Set<string> => {
      if (sign === '+') return new Set([...before, ...flags]);
      if (sign === '-') return new Set([...before].filter((flag) => !flags.includes(flag)));
      return new Set(flags);
    };
    const letters = here.letters.map((each) => (isChosen(each) ? { ...each, flags: changed(each.flags) } : each));
    return { command: `UID STORE ${named} ${sign}FLAGS (${flags.join(' ')})`, after: withFolder(world, open, { ...here, letters }) };
  }
  if (kind <= 9) {
    const [to, moves] = [pick(folders), kind > 6];
    const start = folderOf(world, to).uidnext;
    const copied = added(world, to, chosen);
    const target = chosen.length === 1 ? `${start}` : `${start}:${start + chosen.length - 1}`;
    return {
      command: `UID ${moves ? 'MOVE' : 'COPY'} ${named} ${to}`,
      after: moves ? without(copied, open, isChosen) : copied,
      says: new RegExp(`COPYUID \\d+ [\\d,:]+ ${target}\\]`),
    };
  }
  const isDeleted = ({ flags }: Letter): boolean => flags.has('\\Deleted');
  if (kind === 10) return { command: `UID EXPUNGE ${named}`, after: without(world, open, (each) => isChosen(each) && isDeleted(each)) };
  return { command: 'EXPUNGE', after: without(world, open, isDeleted) };
}

/** Something breaks while a command is on its way, or in the middle of it. */
async function disturb(place: Place, random: (below: number) => number): Promise<void> {
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
    await setPassword(database.url, await createAccount(database.url, address, 1e12), password);
    const random = randomOf(seed);
    const [first, second] = places as [Place, Place];
    const clients = [new Client(first, address, ''), new Client(second, address, 'IMAP4rev2')];
    const observer = new Client(first, address, '');
    const look = () =>
      eventually('a look at the mailbox', async () =>
        readWorld(await observer.connected()).catch((error: unknown) => {
          if (error instanceof Error && error.name === 'AssertionError') throw error;
          observer.lost();
          return null;
        }),
      );
    for (const name of ['Eins', 'Zwei']) await (await observer.connected()).ok(`CREATE ${name}`);
    let world = await look();
    let [answered, unanswered, taken] = [0, 0, 0];
    for (let turn = 0; turn < turns; turn++) {
      const client = clients[random(2)] as Client;
      if (client.folder === null || random(15) === 0)
        await eventually('a folder', () => client.select(folders[random(folders.length)] as string));
      // UIDs that a session was not told of yet are none to it
      await eventually('the news', async () => {
        if (client.folder === null) await client.select(folders[random(folders.length)] as string);
        const answer = await client.say('NOOP');
        return answer && client.folder !== null && client.uids.length === folderOf(world, client.folder).letters.length;
      });
      const step = next(world, client.folder ?? 'INBOX', random);
      const disturbance = random(12) === 0 ? disturb(client.place, random) : Promise.resolve();
      const answer = await client.say(step.command);
      await disturbance;
      if (answer?.status === 'OK') {
        answered++;
        if (step.says) expect(`${answer.untagged.join('\n')}\n${answer.text}`, step.command).toMatch(step.says);
        world = step.after;
        if (turn % 25 === 0) expect(shown(await look()), `after ${step.command}`).toEqual(shown(world));
      } else {
        unanswered++;
        const found = shown(await look());
        const [before, after] = [shown(world), shown(step.after)];
        const isDone = JSON.stringify(found) === JSON.stringify(after);
        if (!isDone) expect(found, `none or all of ${step.command}: ${answer?.text}`).toEqual(before);
        if (isDone) {
          taken++;
          world = step.after;
        }
      }
    }
    expect(shown(await look())).toEqual(shown(world));
    // each picture that a client has added up is the folder
    for (const client of clients) {
      const { folder } = client;
      if (folder === null || (await client.say('NOOP')) === null) continue;
      await client.say('FETCH 1:* (UID)');
      expect(client.uids).toEqual(folderOf(world, folder).letters.map(({ uid }) => uid));
      client.lost();
    }
    observer.lost();
    // what the run was worth
    process.stderr.write(`${JSON.stringify({ seed, answered, unanswered, taken })}\n`);
  },
  1_200_000,
);
