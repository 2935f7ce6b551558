import { err, ok } from '../reply.ts';
import type { Command } from './command.ts';

/** RFC 1939 section 7. Every name is welcome here, so that nobody learns which mailboxes exist. */
export const user: Command = {
  states: ['authorization'],
  async run(session, argument) {
    if (!session.mayLogIn) return session.connection.write(err('Start TLS first'));
    const name = argument.trim();
    if (name === '') return session.connection.write(err('USER needs a name'));
    session.userName = name;
    return session.connection.write(ok('Now the password'));
  },
};
