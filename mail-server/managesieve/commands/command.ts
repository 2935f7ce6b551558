import type { ManageSieveContext } from '../context.ts';
import type { Argument } from '../read-command.ts';
import { no } from '../reply.ts';

export interface Command {
  states: readonly ('signed out' | 'signed in')[];
  run(session: ManageSieveContext, args: readonly Argument[]): Promise<void>;
}

export const ANYWHERE = ['signed out', 'signed in'] as const;

/** A command for somebody who is signed in, with these strings as its arguments. */
export function withStrings(
  count: number,
  run: (
    session: ManageSieveContext,
    account: NonNullable<ManageSieveContext['principal']>['accountId'],
    texts: readonly string[],
  ) => Promise<string>,
): Command {
  return {
    states: ['signed in'],
    async run(session, args) {
      const { principal, connection } = session;
      if (principal === null) return;
      const texts = args.flatMap((argument) => (argument.kind === 'string' ? [argument.value] : []));
      if (args.some(({ kind }) => kind === 'too large')) await connection.write(no('The script is too large', 'QUOTA/MAXSIZE'));
      else if (args.length !== count || texts.length !== count)
        await connection.write(no(`This command takes ${count === 1 ? 'one string' : `${count} strings`}`));
      else await connection.write(await run(session, principal.accountId, texts));
    },
  };
}
