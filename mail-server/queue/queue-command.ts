// The operator's commands for the outgoing queue: `npm run queue -- list`, or with DATABASE_URL set this file itself.
import { headerEnd } from '../../lib/mime/read-header.ts';
import { openDatabase, type Database, type Query } from '../store/postgres/database.ts';
import {
  type Busy,
  dropQueued,
  holdQueued,
  listQueue,
  measureQueue,
  readBusiest,
  readQueuedBeginning,
  readTrace,
  readWaitingDomains,
  retryQueued,
  type WaitingMessage,
  type Which,
} from '../store/queue/queue-operations.ts';
import { readTallies } from '../store/queue/queue-summary.ts';
import { StoreError } from '../store/store-error.ts';

const usage = `Usage: npm run queue -- COMMAND
  list [WHICH] [--json]  what waits, oldest first; --json: all of it, an object a line
  show ID                one message: its recipients, the last reply of their hosts, its header
  trace ABOUT [DAY]      what happened to a message in the last 30 days, or on a day (2026-01-31, UTC): ABOUT is its ID, its Message-ID, an address, a domain (@example.org)
  top [DAY]              which mailboxes and which hosts had most recipients in the last 24 hours, or on a day
  summary [DAY]          what came, left, was refused, put off and came back in the last 24 hours, or on a day, with the most frequent reasons
  domains                for which domains most waits, since when, and what their hosts say most
  retry WHICH            tries it at once, also what is held
  hold WHICH             does not try it until it is retried
  drop WHICH             deletes it; nobody is told
WHICH is an ID, the address of a sender or a recipient, a domain of theirs (@example.org), "<>" (reports, which have no
sender), or all (not with drop).`;
const mostListed = 500;
const mostTraced = 200;
const mostBusy = 30;
const mostReasons = 10;

type Command = (database: Database, args: readonly string[]) => Promise<string | null>;

/** Each answers with what is to be printed, or with null if the arguments are not some for it. */
const commands: Record<string, Command> = {
  async list(database, args) {
    const json = args.includes('--json');
    const [name = 'all', ...more] = args.filter((arg) => arg !== '--json');
    const which = whichOf(name);
    if (!which || more.length > 0) return null;
    const found = await listQueue(database, which, json ? null : mostListed + 1);
    if (json) return found.map(asJson).join('\n');
    const messages = found.slice(0, mostListed);
    if (messages.length === 0) return 'Nothing waits.';
    const shown = {
      recipients: messages.flatMap((message) => message.recipients).length,
      oldestSeconds: secondsSince(messages[0]?.createdAt),
    };
    const { recipients, oldestSeconds } = name === 'all' ? await measureQueue(database) : shown;
    const isCut = found.length > mostListed;
    const least = isCut && name !== 'all' ? 'at least ' : '';
    const rest = isCut ? ` (the oldest ${mostListed} messages are shown)` : '';
    return [
      ...messages.map(described),
      `${least}${recipients} ${recipients === 1 ? 'recipient waits' : 'recipients wait'}, the oldest for ${age(oldestSeconds)}${rest}`,
    ].join('\n');
  },
  async show(database, [id = '', ...more]) {
    const which = whichOf(id);
    if (!which?.id || more.length > 0) return null;
    const [message] = await listQueue(database, which, 1);
    const beginning = await readQueuedBeginning(database, which.id);
    if (!message || !beginning) return missing(id);
    return `${described(message)}\n\n${beginning.toString('utf8', 0, headerEnd(beginning))}`;
  },
  async trace(database, [about = '', day = null, ...more]) {
    if (about === '' || more.length > 0 || (day !== null && !isDay(day))) return null;
    const lines = await readTrace(database, bare(about), day, mostTraced);
    if (lines.length === 0) return `Nothing is known of ${about} ${day ? `on ${day}` : 'in the last 30 days'}.`;
    const newest = lines.length === mostTraced ? [`(the newest ${mostTraced} lines are shown; a day shows others)`] : [];
    return [
      ...newest,
      ...lines
        .reverse()
        .map(({ at, step, queueId, sender, recipient, status, detail, remote }) =>
          [at.toISOString(), queueId ?? '-', step, `<${sender}> to <${recipient}>`, status ?? '', remote ?? '', oneLine(detail ?? '')]
            .filter((part) => part !== '')
            .join(' '),
        ),
    ].join('\n');
  },
  async top(database, [day = null, ...more]) {
    if (more.length > 0 || (day !== null && !isDay(day))) return null;
    return busiest(await readBusiest(database, day, mostBusy));
  },
  async summary(database, [day = null, ...more]) {
    if (more.length > 0 || (day !== null && !isDay(day))) return null;
    const tallies = await readTallies(database, day, mostReasons);
    const told = { totals: 'Recipients', refused: 'Refused', deferred: 'Deferred (attempts), by host', bounced: 'Bounced' } as const;
    const sections = Object.entries(told).flatMap(([kind, head]) => {
      const lines = tallies.filter((tally) => tally.kind === kind);
      if (lines.length === 0) return [];
      return [
        head,
        ...lines.flatMap(({ what, count, reply }) => {
          const line = `${String(count).padStart(10)}  ${oneLine(what)}`;
          return reply ? [line, `            ${oneLine(reply)}`] : [line];
        }),
        '',
      ];
    });
    return [...sections, 'Greatest senders', busiest(await readBusiest(database, day, mostReasons))].join('\n');
  },
  async domains(database, args) {
    if (args.length > 0) return null;
    const domains = await readWaitingDomains(database, mostBusy);
    if (domains.length === 0) return 'Nothing waits.';
    const heads = ['recipients', ' due', 'held', '  oldest'];
    return [
      heads.join('  '),
      ...domains.flatMap(({ domain, recipients, due, held, oldestSeconds, reply }) => {
        const line = [recipients, due, held, age(oldestSeconds)]
          .map((cell, column) => String(cell).padStart(heads[column]?.length ?? 0))
          .concat(domain)
          .join('  ');
        return reply ? [line, `        ${oneLine(reply)}`] : [line];
      }),
    ].join('\n');
  },
  retry: change(async (query, which) => ({ count: await retryQueued(query, which), done: 'due now.' })),
  hold: change(async (query, which) => ({ count: await holdQueued(query, which), done: 'held.' })),
  drop: change(async (query, which) => {
    const { count, sent } = await dropQueued(query, which);
    return {
      count,
      done: sent === 0 ? 'deleted.' : `deleted, ${sent} of them may have gone out: their hosts had them and had not answered yet.`,
    };
  }, 'not all'),
};

function change(run: (query: Query, which: Which) => Promise<{ count: number; done: string }>, notAll?: 'not all'): Command {
  return async (database, [name = '', ...more]) => {
    const which = whichOf(name);
    if (!which || more.length > 0 || (notAll && which.id === null && which.about === null)) return null;
    const { count, done } = await run(database.write, which);
    if (count === 0 && (await listQueue(database, which, 1)).length > 0)
      return `What waits of ${name} is left as it is; "list ${name}" tells why.`;
    if (count === 0) return missing(name);
    return `${count === 1 ? '1 recipient is' : `${count} recipients are`} ${done}`;
  };
}

function busiest(busy: readonly Busy[]): string {
  if (busy.length === 0) return 'Nothing was sent or came.';
  const heads = ['recipients', 'relayed', 'deferred', 'bounced', 'refused'];
  const lines = busy.map(({ who, letters, relayed, deferred, bounced, refused }) =>
    [letters, relayed, deferred, bounced, refused]
      .map((count, column) => String(count).padStart(heads[column]?.length ?? 0))
      .concat(who)
      .join('  '),
  );
  return [heads.join('  '), ...lines].join('\n');
}

function whichOf(name: string): Which | null {
  if (name === 'all') return { id: null, about: null };
  if (/^[1-9]\d{0,15}$/.test(name)) return { id: Number(name), about: null };
  const address = bare(name);
  return name === '<>' || /@./.test(address) ? { id: null, about: address.toLowerCase() } : null;
}

/** Addresses are also taken as the queue shows them. */
const bare = (name: string): string => /^<([^<>]*)>$/.exec(name)?.[1] ?? name;

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && new Date(text).toJSON()?.startsWith(text) === true;
/** In ASCII: no terminal finds a command in it. */
const asJson = (message: WaitingMessage): string =>
  JSON.stringify(message).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const missing = (which: string): string =>
  which === 'all' ? 'Nothing waits.' : `Nothing of ${which} waits in the queue; "trace ${which}" tells what became of it.`;
const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ');
/** What a stranger wrote must not command the operator's terminal, nor turn his text around (bidirectional controls). */
const printable = (text: string): string =>
  text
    .replace(/\r\n/g, '\n')
    .replace(/(?!\n|\t)[\p{Cc}\p{Cf}\u2028\u2029]/gu, (control) => `\\u{${(control.codePointAt(0) ?? 0).toString(16)}}`);

const secondsSince = (when: Date | undefined): number => (Date.now() - (when?.getTime() ?? Date.now())) / 1000;

function age(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

function described({ id, createdAt, sender, size, releaseAt, mailboxHeld, recipients }: WaitingMessage): string {
  const since = age(secondsSince(createdAt));
  const until = mailboxHeld
    ? '  held until its mailbox may send again (panel)'
    : releaseAt
      ? `  held by its sender until ${releaseAt.toISOString()}`
      : '';
  return [
    `${id}  ${since}  ${size} bytes  from <${sender}>${until}`,
    ...recipients.flatMap(({ address, attempts, nextAttemptAt, inDelivery, lastReply }) => {
      const inSeconds = nextAttemptAt ? (nextAttemptAt.getTime() - Date.now()) / 1000 : 0;
      const next = inDelivery
        ? 'in delivery'
        : nextAttemptAt === null || releaseAt
          ? 'held'
          : inSeconds <= 0
            ? 'due'
            : `next in ${age(inSeconds)}`;
      const line = `    <${address}>  ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}, ${next}`;
      return lastReply ? [line, `        ${oneLine(lastReply)}`] : [line];
    }),
  ].join('\n');
}

async function main([name = 'help', ...args]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const url = process.env['DATABASE_URL'];
  if (!command) {
    process.stderr.write(`${usage}\n`);
    return name === 'help' ? 0 : 2;
  }
  if (!url) {
    process.stderr.write('DATABASE_URL is not set; `npm run queue` sets it.\n');
    return 1;
  }
  const database = openDatabase({ connectionString: url, readLanes: 1, writeLanes: 1, bulkLanes: 1, transactionLanes: 1 });
  try {
    const answer = await command(database, args);
    if (answer === null) {
      process.stderr.write(`${usage}\n`);
      return 2;
    }
    if (answer !== '') process.stdout.write(`${printable(answer)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    process.stderr.write('The database cannot be reached: is Postamt running?\n');
    return 1;
  } finally {
    await database.close();
  }
}

process.exitCode = await main(process.argv.slice(2));
