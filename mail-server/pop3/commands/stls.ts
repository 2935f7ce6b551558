import { err, ok } from '../reply.ts';
import type { Command } from './command.ts';

/** RFC 2595 section 4. What was said in clear text, before and behind the command, counts for nothing afterwards. */
export const stls: Command = {
  states: ['authorization'],
  async run(session, argument) {
    const { connection, services } = session;
    if (connection.secure) return connection.write(err('TLS is on already'));
    if (argument.trim() !== '') return connection.write(err('STLS takes no argument'));
    await connection.write(ok('Begin TLS'));
    session.userName = null;
    await connection.startTls(services, 'pop3');
  },
};
