import { err, ok } from '../reply.ts';
import type { Command } from './command.ts';

/** RFC 1939 sections 4 and 6. In transaction: the update state, which deletes all that is marked or, if that fails, nothing. */
export const quit: Command = {
  states: ['authorization', 'transaction'],
  async run(session) {
    try {
      const deleted = (await session.maildrop?.commit()) ?? 0;
      await session.release();
      return await session.close(ok(deleted > 0 ? `Bye, ${deleted} messages deleted` : 'Bye'));
    } catch (error) {
      session.log.warn({ err: error }, 'QUIT could not delete');
      return session.close(err('Nothing was deleted, the mail store cannot answer now', 'SYS/TEMP'));
    }
  },
};
