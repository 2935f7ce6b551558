// What a mailbox is, and what must become of it by what is done to it. Nothing here talks to a server: tests/faults/imap-model.test.ts plays it.

export interface Letter {
  uid: number;
  mark: string;
  flags: ReadonlySet<string>;
  /** null: it was delivered with fields of the way here, and nobody has looked yet */
  size: number | null;
}
export interface Folder {
  uidnext: number;
  letters: readonly Letter[];
}
export type World = ReadonlyMap<string, Folder>;
export type Random = (below: number) => number;

/** folders that come and go, beside those that stay */
const roaming = ['Eins', 'Zwei', 'Drei', 'Eins/Kind', 'Zwei/Kind'];
const flagNames = ['\\Seen', '\\Flagged', '\\Deleted', '\\Answered', 'Wichtig', 'Later'];
/** more than the fields are that a delivered letter gets */
const roomForFields = 1_000;

/** Something to do, and the mailbox when it was done. */
export type Step = { after: World } & (
  | {
      by: 'imap';
      command: string;
      /** what its answer has to say */
      says?: RegExp;
      /** the mailbox has no room for it */
      isRefused?: boolean;
      /** folders that have another name afterwards, or none */
      renamed?: (name: string) => string | null;
    }
  | { by: 'lmtp'; letter: string; mayBeRefused: boolean }
  | { by: 'pop3'; uids: readonly number[] }
);

/** As it is compared; the size of a letter that nobody has looked at is whatever it is. */
export const shown = (world: World, sizes: World = world): Record<string, unknown> =>
  Object.fromEntries(
    Array.from(world, ([name, { uidnext, letters }]) => {
      const known = new Map(sizes.get(name)?.letters.map(({ uid, size }) => [uid, size]));
      const letter = ({ uid, mark, flags, size }: Letter): string =>
        `${uid} ${mark} ${known.get(uid) === null ? '?' : size} ${[...flags].toSorted().join(' ')}`;
      return [name, { uidnext, letters: letters.map(letter) }] as const;
    }).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );

export const folderOf = (world: World, name: string): Folder => world.get(name) ?? { uidnext: 1, letters: [] };
export const usedBytes = (world: World): number =>
  [...world.values()].flatMap(({ letters }) => letters).reduce((sum, { size }) => sum + (size ?? 0), 0);
const bytesOf = (letters: readonly Omit<Letter, 'uid'>[]): number => letters.reduce((sum, { size }) => sum + (size ?? 0), 0);

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

let marks = 0;
const textOf = (mark: string): string => `Message-ID: <${mark}@model.test>\r\nSubject: ${mark}\r\n\r\n${mark}`;
const literal = (text: string): string => `{${Buffer.byteLength(text)}+}\r\n${text}`;

/** Something to do for a client in the folder that it has open, in a mailbox of `quota` bytes. */
export function nextStep(world: World, open: string, quota: number, random: Random): Step {
  const pick = <T>(of: readonly T[]): T => of[random(of.length)] as T;
  const kind = folderOf(world, open).letters.length < 3 ? random(5) : random(20);
  if (kind <= 2) return appending(world, quota, random, pick);
  if (kind <= 4) return delivering(world, quota);
  if (kind === 5) return collecting(world, random);
  if (kind <= 8) return ofFolders(world, pick, random);
  return ofLetters(world, open, quota, random, pick);
}

type Pick = <T>(of: readonly T[]) => T;

function appending(world: World, quota: number, random: Random, pick: Pick): Step {
  const name = pick([...world.keys()]);
  const news = Array.from({ length: 1 + random(4) }, () => {
    const mark = `brief-${++marks}`;
    return { mark, flags: new Set(random(2) ? [pick(flagNames)] : []), size: textOf(mark).length };
  });
  const text = news.map(({ mark, flags }) => ` (${[...flags].join(' ')}) ${literal(textOf(mark))}`).join('');
  const command = `APPEND ${name}${text}`;
  if (usedBytes(world) + bytesOf(news) > quota) return { by: 'imap', command, isRefused: true, after: world };
  const from = folderOf(world, name).uidnext;
  const uids = news.length === 1 ? `${from}` : `${from}:${from + news.length - 1}`;
  return { by: 'imap', command, after: added(world, name, news), says: new RegExp(`APPENDUID \\d+ ${uids}\\]`) };
}

function delivering(world: World, quota: number): Step {
  const mark = `brief-${++marks}`;
  const letter = textOf(mark);
  const mayBeRefused = usedBytes(world) + letter.length + roomForFields > quota;
  return { by: 'lmtp', letter, mayBeRefused, after: added(world, 'INBOX', [{ mark, flags: new Set(), size: null }]) };
}

/** POP3: what is there now is fetched and deleted, in part. */
function collecting(world: World, random: Random): Step {
  const uids = folderOf(world, 'INBOX')
    .letters.filter(() => random(3) === 0)
    .map(({ uid }) => uid);
  return { by: 'pop3', uids, after: without(world, 'INBOX', ({ uid }) => uids.includes(uid)) };
}

const isBelow = (name: string, parent: string): boolean => name.startsWith(`${parent}/`);

function ofFolders(world: World, pick: Pick, random: Random): Step {
  const [name, to] = [pick(roaming), pick(roaming)];
  const parent = /^(.*)\//.exec(to)?.[1];
  if (!world.has(name)) {
    const above = /^(.*)\//.exec(name)?.[1];
    const made = [...(above !== undefined && !world.has(above) ? [above] : []), name];
    return { by: 'imap', command: `CREATE ${name}`, after: made.reduce((all, each) => added(all, each, []), world) };
  }
  if (random(3) > 0 && !world.has(to) && !isBelow(to, name)) {
    const renamed = (each: string): string => (each === name || isBelow(each, name) ? `${to}${each.slice(name.length)}` : each);
    const before = parent !== undefined && !world.has(parent) ? added(world, parent, []) : world;
    const after = new Map(Array.from(before, ([each, folder]) => [renamed(each), folder]));
    return { by: 'imap', command: `RENAME ${name} ${to}`, after, renamed };
  }
  if ([...world.keys()].some((each) => isBelow(each, name))) return { by: 'imap', command: 'NOOP', after: world };
  const after = new Map([...world].filter(([each]) => each !== name));
  return { by: 'imap', command: `DELETE ${name}`, after, renamed: (each) => (each === name ? null : each) };
}

function ofLetters(world: World, open: string, quota: number, random: Random, pick: Pick): Step {
  const here = folderOf(world, open);
  const share = 1 + random(4);
  const chosen = here.letters.filter(() => random(5) < share);
  if (chosen.length === 0) return { by: 'imap', command: 'NOOP', after: world };
  const named = chosen.map(({ uid }) => uid).join(',');
  const isChosen = ({ uid }: Letter): boolean => chosen.some((each) => each.uid === uid);
  const isDeleted = ({ flags }: Letter): boolean => flags.has('\\Deleted');
  const kind = random(9);
  if (kind <= 2) {
    const flags = [...new Set([pick(flagNames), pick(flagNames)])];
    const sign = pick(['+', '-', '']);
    const changed = (before: ReadonlySet<string>): Set<string> => {
      if (sign === '+') return new Set([...before, ...flags]);
      if (sign === '-') return new Set([...before].filter((flag) => !flags.includes(flag)));
      return new Set(flags);
    };
    const letters = here.letters.map((each) => (isChosen(each) ? { ...each, flags: changed(each.flags) } : each));
    const after = withFolder(world, open, { ...here, letters });
    return { by: 'imap', command: `UID STORE ${named} ${sign}FLAGS (${flags.join(' ')})`, after };
  }
  if (kind <= 6) {
    const [to, moves] = [pick([...world.keys()]), kind > 4];
    const command = `UID ${moves ? 'MOVE' : 'COPY'} ${named} ${to}`;
    if (!moves && usedBytes(world) + bytesOf(chosen) > quota) return { by: 'imap', command, isRefused: true, after: world };
    const start = folderOf(world, to).uidnext;
    const copied = added(world, to, chosen);
    const target = chosen.length === 1 ? `${start}` : `${start}:${start + chosen.length - 1}`;
    const after = moves ? without(copied, open, isChosen) : copied;
    return { by: 'imap', command, after, says: new RegExp(`COPYUID \\d+ [\\d,:]+ ${target}\\]`) };
  }
  if (kind === 7)
    return { by: 'imap', command: `UID EXPUNGE ${named}`, after: without(world, open, (each) => isChosen(each) && isDeleted(each)) };
  return { by: 'imap', command: 'EXPUNGE', after: without(world, open, isDeleted) };
}
