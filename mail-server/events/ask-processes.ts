import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type Answer, answerChannel, formatQuestion, parseAnswer, type Question, questionChannel } from './operator-questions.ts';

const connectTimeoutMs = 5_000;
const answersWithinMs = 3_000;

export interface Answers {
  answers: Answer[];
  /** mail-server processes that did not answer in time */
  silent: number;
}

/** Asks all mail-server processes on the database of `client`, wherever they run. Throws what pg throws. */
export async function askProcesses(client: pg.Client, asked: Omit<Question, 'id'>): Promise<Answers> {
  const id = randomBytes(8).toString('hex');
  const answers: Answer[] = [];
  let heard = (): void => undefined;
  client.on('notification', ({ payload }) => {
    const answer = parseAnswer(payload ?? '');
    if (answer) answers.push(answer);
    heard();
  });
  await client.query(`LISTEN ${answerChannel(id)}`);
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity where application_name = 'postamt-bus' and datname = current_database()`,
  );
  const processes = rows[0]?.count ?? 0;
  const isDone = (): boolean => complete(answers) >= processes;
  const all = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, answersWithinMs);
    heard = () => {
      if (!isDone()) return;
      clearTimeout(timer);
      resolve();
    };
    heard();
  });
  await client.query('select pg_notify($1, $2)', [questionChannel, formatQuestion({ ...asked, id })]);
  await all;
  return { answers, silent: Math.max(0, processes - complete(answers)) };
}

/** How many processes have said all they have to say. */
function complete(answers: readonly Answer[]): number {
  const left = new Map<string, number>();
  for (const { process, parts } of answers) left.set(process, (left.get(process) ?? parts) - 1);
  return [...left.values()].filter((missing) => missing === 0).length;
}

/** A connection for `askProcesses`; end it. */
export async function connectToAsk(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: connectTimeoutMs, application_name: 'postamt-command' });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
