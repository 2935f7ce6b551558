import type { Command } from './commands/command.ts';
import type { Maildrop } from './maildrop.ts';
import type { MaildropMessage } from './maildrop-message.ts';
import { parseNumber, splitArguments } from './parse-command.ts';
import { err } from './reply.ts';
import type { Pop3Context } from './context.ts';

/** A command of the transaction state, given the maildrop that this state always has. */
export const inMaildrop = (run: (session: Pop3Context, maildrop: Maildrop, argument: string) => Promise<void>): Command => ({
  states: ['transaction'],
  async run(session, argument) {
    if (session.maildrop) return run(session, session.maildrop, argument);
  },
});

/** A command of the transaction state whose first argument is a message number; `rest`: the other arguments, each a number. */
export const onMessage = (
  counts: number,
  run: (session: Pop3Context, maildrop: Maildrop, message: { number: number; message: MaildropMessage; rest: number[] }) => Promise<void>,
): Command =>
  inMaildrop(async (session, maildrop, argument) => {
    const numbers = splitArguments(argument).map(parseNumber);
    const [number, ...rest] = numbers.filter((each) => each !== null);
    if (number === undefined || numbers.length !== counts || rest.length !== counts - 1)
      return session.connection.write(err('Wrong arguments'));
    const message = maildrop.message(number);
    if (!message) return session.connection.write(err('No such message'));
    return run(session, maildrop, { number, message, rest });
  });
