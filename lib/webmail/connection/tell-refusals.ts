import type { ImapFlow } from 'imapflow';
import { MailError } from './mail-error.ts';

/** imapflow answers these with `false`, which reads like "nothing found" or is not read at all; why, it tells its log alone. */
const silent = new Set(['STORE', 'COPY', 'MOVE', 'EXPUNGE', 'SEARCH']);

interface Runner {
  run(command: string, ...rest: unknown[]): Promise<unknown>;
}

/** From here on a change or a search that the server refuses, or that its connection does not outlive, is an error as any other. */
export function tellRefusals(client: ImapFlow): void {
  let why: unknown = null;
  client.log.warn = ({ err }: { err?: unknown }) => {
    why = err ?? why;
  };
  const runner = client as unknown as Runner;
  const run = runner.run.bind(client);
  runner.run = async (command, ...rest) => {
    why = null;
    const answer = await run(command, ...rest);
    if (answer === false && silent.has(command)) throw why ?? new MailError('Refused');
    return answer;
  };
}
