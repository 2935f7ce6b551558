// The operator's commands for the outgoing queue: `npm run queue -- list`, or with DATABASE_URL set this file itself.
import { headerEnd } from '../../lib/mime/read-header.ts';
import { openDatabase, type Database } from '../store/postgres/database.ts';
import {
  dropQueued,
  holdQueued,
  listQueue,
  measureQueue,
  readQueuedBeginning,
  readTrace,
  retryQueued,
  type WaitingMessage,
} from '../store/queue/queue-operations.ts';
import { StoreError } from '../store/store-error.ts';

const usage = `Usage: npm run queue -- COMMAND
  list                 what waits, oldest first
  show ID              one message: its recipients, the last reply of their hosts, its header
  trace ABOUT          what happened to a message in the last 30 days: ABOUT is its ID, its Message-ID or an address
  retry ID | all       tries it at once, also what is held
  hold ID | all        does not try it until it is retried
  drop ID              deletes it; nobody is told`;
const mostListed = 500;
const mostTraced = 200;

type Command = (database: Database, argument: string) => Promise<string | null>;

/** Each answers with what is to be printed, or with null if the argument is not one for it. */
const commands: Record<string, Command> = {
  async list(database) {
    const messages = await listQueue(database, null, mostListed);
    const { recipients, oldestSeconds } = await measureQueue(database);
    if (messages.length === 0) return 'Nothing waits.';
    const more = messages.length === mostListed ? ` (the oldest ${mostListed} messages are shown)` : '';
    return [
      ...messages.map(described),
      `${recipients} ${recipients === 1 ? 'recipient waits' : 'recipients wait'}, the oldest for ${age(oldestSeconds)}${more}`,
    ].join('\n');
  },
  async show(database, argument) {
    const id = number(argument);
    if (id === null) return null;
    const [message] = await listQueue(database, id, 1);
    const beginning = await readQueuedBeginning(database, id);
    if (!message || !beginning) return missing(id);
    return `${described(message)}\n\n${beginning.toString('utf8', 0, headerEnd(beginning))}`;
  },
  async trace(database, argument) {
    if (argument === '') return null;
    const lines = await readTrace(database, argument, mostTraced);
    if (lines.length === 0) return `Nothing is known of ${argument} in the last 30 days.`;
    return lines
      .reverse()
      .map(({ at, step, queueId, sender, recipient, status, detail, remote }) =>
        [at.toISOString(), queueId ?? '-', step, `<${sender}> to <${recipient}>`, status ?? '', remote ?? '', oneLine(detail ?? '')]
          .filter((part) => part !== '')
          .join(' '),
      )
      .join('\n');
  },
  async retry(database, argument) {
    const which = idOrAll(argument);
    return which === undefined ? null : changed(await retryQueued(database.write, which), 'due now', which);
  },
  async hold(database, argument) {
    const which = idOrAll(argument);
    return which === undefined ? null : changed(await holdQueued(database.write, which), 'held', which);
  },
  async drop(database, argument) {
    const id = number(argument);
    if (id === null) return null;
    return (await dropQueued(database.write, id)) ? `Message ${id} is deleted.` : missing(id);
  },
};

const missing = (id: number): string => `No message ${id} waits in the queue; "trace ${id}" tells what became of it.`;
const changed = (count: number, state: string, id: number | null): string =>
  count === 0 ? (id === null ? 'Nothing waits.' : missing(id)) : `${count} ${count === 1 ? 'recipient is' : 'recipients are'} ${state}.`;
const number = (argument: string): number | null => (/^[1-9]\d{0,15}$/.test(argument) ? Number(argument) : null);
const idOrAll = (argument: string): number | null | undefined => (argument === 'all' ? null : (number(argument) ?? undefined));
const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ');
/** What a stranger wrote must not command the operator's terminal, nor turn his text around (bidirectional controls). */
const printable = (text: string): string =>
  text
    .replace(/\r\n/g, '\n')
    .replace(/(?!\n|\t)[\p{Cc}\p{Cf}\u2028\u2029]/gu, (control) => `\\u{${(control.codePointAt(0) ?? 0).toString(16)}}`);

function age(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

function described({ id, createdAt, sender, size, releaseAt, recipients }: WaitingMessage): string {
  const since = age((Date.now() - createdAt.getTime()) / 1000);
  const until = releaseAt ? `  held by its sender until ${releaseAt.toISOString()}` : '';
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

async function main([name = 'help', argument = '', ...more]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const url = process.env['DATABASE_URL'];
  if (!command || more.length > 0) {
    process.stderr.write(`${usage}\n`);
    return name === 'help' ? 0 : 2;
  }
  if (!url) {
    process.stderr.write('DATABASE_URL is not set; `npm run queue` sets it.\n');
    return 1;
  }
  const database = openDatabase({ connectionString: url, readLanes: 1, writeLanes: 1, bulkLanes: 1, transactionLanes: 1 });
  try {
    const answer = await command(database, argument);
    if (answer === null) {
      process.stderr.write(`${usage}\n`);
      return 2;
    }
    process.stdout.write(`${printable(answer)}\n`);
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
